"""`python -m curation.media index FILE --json`: the frame index of one file, without a database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from curation.media.decode import DecodeResult, decode_pass
from curation.media.errors import MediaError


def index_json(result: DecodeResult) -> dict[str, Any]:
    """The line the command prints. Width and height are the decoded size before rotation; `rotation`
    says by how many degrees clockwise the picture is turned to stand upright."""
    time_base = result.index.time_base
    return {
        "frames": len(result.index),
        "runs": result.index.runs,
        "time_base": f"{time_base.numerator}/{time_base.denominator}",
        "width": result.stream.width,
        "height": result.stream.height,
        "rotation": result.stream.rotation,
        "codec": result.probe.codec,
        "damage": [damage.to_json() for damage in result.damage],
    }


def main(argv: list[str] | None = None) -> int:
    """Print one JSON object; 0 if the file has frames, 1 with `{"error": sentence}` if not."""
    parser = argparse.ArgumentParser(prog="python -m curation.media", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    index = commands.add_parser("index", help="number the frames of a file")
    index.add_argument("file", type=Path)
    index.add_argument("--json", action="store_true", help="print on one line")
    arguments = parser.parse_args(argv)
    try:
        found = index_json(decode_pass(arguments.file))
    except MediaError as error:
        found = {"error": error.sentence}
    print(json.dumps(found, indent=None if arguments.json else 2))
    return 1 if "error" in found else 0


if __name__ == "__main__":
    sys.exit(main())
