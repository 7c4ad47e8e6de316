"""What people read on a forge: pull requests, summaries, annotations, comments. Values in, text out."""
