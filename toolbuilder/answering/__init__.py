"""Commands that people write as comments on a tool's pull request."""
