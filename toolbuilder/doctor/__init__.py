"""What is right and wrong about a repository, this machine and GitHub, and how each thing is mended."""
