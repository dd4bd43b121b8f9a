"""`python -m training.ml VERB`: the learning library from a shell, without the application."""

import sys

from training.ml.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
