"""What the commands show, as lines and as rows for JSON."""
