"""Patterns: pieces of proven code that generated tools carry."""

from toolbuilder.patterns.library import PACKAGE, Pattern, chosen, fingerprint, load_patterns

__all__ = ["PACKAGE", "Pattern", "chosen", "fingerprint", "load_patterns"]
