"""Paints pictures in blended styles: the same as `multistyle interpolate`."""

import sys

from multistyle.cli.main import run_verb

if __name__ == "__main__":
    sys.exit(run_verb("interpolate", sys.argv[1:]))
