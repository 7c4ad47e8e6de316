"""The Anthropic engine: one call of the Messages API, and what may come of it. Importing it takes the SDK's seconds."""
