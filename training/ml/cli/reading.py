"""What verbs share that read videos or weights: bars, and the folder of weights."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.ml.datasets import UnknownDataset


def at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number of `least` or more."""

    def read(text: str) -> int:
        if not text.removeprefix("-").isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text} is no whole number of {least} or more")
        return int(text)

    return read


@contextmanager
def bar(what: str) -> Iterator[Callable[[float, int], None]]:
    """A bar on standard error that is told the share done and the frames so far."""
    with tqdm(total=100, desc=what, unit="%", bar_format="{l_bar}{bar}| {postfix}", leave=False) as shown:

        def told(share: float, frames: int) -> None:
            shown.set_postfix_str(f"{frames:,} frames", refresh=False)
            shown.update(max(0, round(share * 100) - shown.n))

        yield told


@contextmanager
def fetching(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is told the bytes so far and the bytes in all, 0 where nobody knows."""
    with tqdm(desc=name, unit="B", unit_scale=True, leave=False) as shown:

        def told(done: int, total: int) -> None:
            shown.total = total or None
            shown.update(done - shown.n)

        yield told


def bar_told(shown: "tqdm[Any]") -> Callable[[int, int], None]:
    """Takes how many are done, of how many, and shows it in the bar."""

    def told(done: int, of: int) -> None:
        shown.total = of
        shown.update(done - shown.n)

    return told


def add_range(parser: ArgumentParser) -> None:
    """Let the caller say which frames of a video are meant."""
    parser.add_argument(
        "--start", type=at_least(0), default=0, metavar="N", help="first frame, counted from 0"
    )
    parser.add_argument(
        "--end", type=at_least(1), metavar="N", help="frame to stop before; else the video's end"
    )


def add_options(parser: ArgumentParser) -> None:
    """Let the caller tell a reader of data sets what only it knows."""
    parser.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="of the reader, such as seconds=5"
    )


def options_of(args: Namespace) -> dict[str, Any]:
    """The options of `add_options`, numbers as numbers. Raises UnknownDataset for what is no pair."""
    return dict(map(_option, args.option))


def _option(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UnknownDataset(f"The option {text} is no KEY=VALUE.")
    try:
        return key, float(value)
    except ValueError:
        return key, value


def add_weights(parser: ArgumentParser) -> None:
    """Let the caller name the folder of pretrained weights."""
    named = os.environ.get("WEIGHTS_DIR")
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path(named) if named else None,
        metavar="FOLDER",
        help="folder of pretrained weights; else that of WEIGHTS_DIR",
    )
