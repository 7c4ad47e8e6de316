"""Git: objects only, and refs by compare-and-swap."""
