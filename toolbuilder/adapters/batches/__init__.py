"""Message batches: questions of many builds go together, for half the price, and are answered within a day."""
