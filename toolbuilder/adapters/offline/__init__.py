"""The embedded engine's answers: one module a stage, plain functions from a brief and a question to an answer."""
