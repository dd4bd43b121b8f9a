"""The verbs of `python -m training.ml`, a module each: `add(parser)` says what it takes, `run(args)` does it.

What a verb finds goes to standard output, as text or with `--json` as one object; progress and sentences
about what went wrong go to standard error, and with `--json` to `{"error": ...}` as well.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from curation.media.errors import MediaError
from training.ml.cli.answer import Answer
from training.ml.errors import LearningError

VERBS: dict[str, str] = {
    "augment": "show what an augmentation makes of a recording, or write changed copies of a folder",
    "bench": "measure what networks cost: operations, seconds, memory",
    "data": "read a data set: its classes, sides and checks, and what is wrong with its files",
    "evaluate": "measure on a data set how good a model is that `fit` learned",
    "export": "write a learned network as an ONNX file, compared with it first",
    "fit": "learn by a recipe from a data set, and go on where a run was broken off",
    "flow": "measure the optical flow of a video, keep it or draw it",
    "models": "list the networks and their public weights, and load weights into one",
    "pose": "find the people of a video and their joints, keep them or draw them",
    "predict": "say of recordings what happens in them, by a model that `fit` learned",
    "segments": "measure what was found in time against what is true: mAP at overlaps of spans",
}
"""Every verb and what it is for. Its module is loaded when it is called: torch takes seconds to load."""
_BROKEN_OFF = 130
"""Exit status after Ctrl-C, as shells have it."""


class Verb(Protocol):
    """What a module of this package has."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Say what the verb takes."""

    def run(self, args: argparse.Namespace) -> Answer:
        """Do it. Raises LearningError with a sentence, or KeyboardInterrupt after keeping what it has."""


def main(argv: Sequence[str]) -> int:
    """Carry out one verb. Its exit status: 1 where it cannot be done, 2 for a wrong call, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m training.ml", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    called = next((each for each in argv if not each.startswith("-")), "")
    module: Verb | None = None
    for name, purpose in VERBS.items():
        verb = verbs.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.")
        if name == called:
            module = import_module(f"training.ml.cli.{name}")
            module.add(verb)
        verb.add_argument("--json", action="store_true", help="answer with one JSON object")
    args = parser.parse_args(argv)
    assert module is not None  # noqa: S101 - argparse has refused every other word
    try:
        answer = module.run(args)
    except (LearningError, MediaError) as error:
        return _refused(error.sentence, args)
    except OSError as error:
        if error.strerror is None:  # not the system's
            raise
        return _refused(f"{error.filename or 'A file'} cannot be read or written: {error.strerror}.", args)
    except KeyboardInterrupt:
        return _BROKEN_OFF
    print(json.dumps(answer.facts, ensure_ascii=False) if args.json else answer.text)
    return 0


def _refused(sentence: str, args: argparse.Namespace) -> int:
    """Say why nothing came of it."""
    print(sentence, file=sys.stderr)
    if args.json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    return 1
