"""Finding out what generated code really does: static rules, runs in the sandbox, installation, examples."""
