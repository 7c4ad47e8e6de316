"""The commands as they are typed: their arguments and options, in the words of `--help`."""
