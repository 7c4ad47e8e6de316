"""Setting a repository up for toolbuilder, and renewing what was set up."""
