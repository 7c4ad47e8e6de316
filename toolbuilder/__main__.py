"""`python -m toolbuilder`, and the console script."""

from toolbuilder.cli import main

if __name__ == "__main__":
    main()
