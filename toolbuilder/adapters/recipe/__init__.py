"""A tool that thinks, made from its recipe by rule."""
