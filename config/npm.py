"""Run npm in `frontend/` with the Node that the set-up found: `python -m config.npm run lint`."""

import os
import subprocess
import sys

from config.bootstrap import ROOT, npm_command, npm_path


def main(arguments: list[str]) -> int:
    """Run npm; returns its exit status."""
    environment = {**os.environ, "PATH": npm_path(), "RUSHES_PYTHON": sys.executable}
    return subprocess.run(
        [*npm_command(), *arguments], cwd=ROOT / "frontend", env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
