"""The plan: every spec of the default branch against what stands on its tool's branch. It reads, and spends nothing."""
