"""The progress of long work, for a person at a terminal and for one who reads a log."""

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from tqdm import tqdm

PORTION = "{desc}: {percentage:3.0f} % |{bar}| {elapsed}{postfix}"
COUNT = "{desc}: {n_fmt} of {total_fmt} {unit} |{bar}| {elapsed}"
LINE_SECONDS = 30.0


def progress_bar(*, total: float, title: str, unit: str = "") -> "tqdm[Any]":
    """A bar that shows how much of `total` is done: in `unit`s, or as a portion where there is no unit.

    On a terminal it is drawn in place and goes away at its end. Anywhere else (a log, a pipe) it is a line
    every half minute: a step that takes long is never silent.
    """
    terminal = sys.stderr.isatty()
    drawn = COUNT if unit else PORTION
    return tqdm(
        total=total,
        desc=title,
        unit=unit,
        leave=False,
        file=sys.stderr if terminal else Lines(sys.stderr),
        bar_format=drawn if terminal else drawn.replace("|{bar}|", "after"),
    )


class Lines:
    """Where a bar that would be drawn in place becomes a line now and then."""

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._next = clock() + LINE_SECONDS

    def write(self, text: str) -> None:
        """Write what the bar says as a line, if the last one is half a minute old."""
        said = text.strip("\r\n ")
        now = self._clock()
        if said and now >= self._next:
            self._next = now + LINE_SECONDS
            self._out.write(f"{said}\n")

    def flush(self) -> None:
        """Let what was written be read at once."""
        self._out.flush()
