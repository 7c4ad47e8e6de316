"""Publishing: which pull request to open, to update, to close or to leave alone, decided from git and the forge."""
