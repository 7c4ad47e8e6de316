"""A YAML spec of a command-line tool goes in; a complete Python package comes out, one commit a stage."""

__version__ = "0.1.0"
