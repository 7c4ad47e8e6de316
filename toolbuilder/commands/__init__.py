"""What the commands do: each calls the machine, prints the result and gives the exit code."""
