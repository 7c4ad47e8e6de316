"""YAML files as this project reads and writes them: every error located, every round trip exact."""
