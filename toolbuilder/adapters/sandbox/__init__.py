"""Sandboxes: bubblewrap, else Landlock with seccomp, each probed before it is used."""
