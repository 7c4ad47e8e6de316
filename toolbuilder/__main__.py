"""`python -m toolbuilder`, and the console script."""

import sys

try:
    from toolbuilder.cli import main
except KeyboardInterrupt:  # loading takes a moment, and no interrupt is to end in a traceback
    sys.stderr.write("toolbuilder: interrupted; nothing was begun\n")
    sys.exit(130)

if __name__ == "__main__":
    main()
