"""Trains one network on a set of paintings: the same as `multistyle train`."""

import sys

from multistyle.cli.main import run_verb

if __name__ == "__main__":
    sys.exit(run_verb("train", sys.argv[1:]))
