"""`python -m multistyle` is the command `multistyle`."""

import sys

from multistyle.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
