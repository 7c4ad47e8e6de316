"""GitHub: pull requests, comments and workflows, over its REST API."""
