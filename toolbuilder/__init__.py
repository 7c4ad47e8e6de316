"""A YAML spec of a command-line tool goes in; a reviewed-quality Python package comes out, one commit a stage."""

__version__ = "0.1.0"
