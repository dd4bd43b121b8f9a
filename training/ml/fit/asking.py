"""Ctrl-C as a question: the step at hand is finished, and what has been learned is kept."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Asked:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        self.stop = False


@contextmanager
def asked() -> Iterator[Asked]:
    """Within, the first SIGINT or SIGTERM asks to stop after the step at hand; the second ends at once."""
    state, before = Asked(), {}

    def hear(*_: Any) -> None:
        if state.stop:
            raise KeyboardInterrupt
        state.stop = True

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, hear)
    try:
        yield state
    finally:
        for number, old in before.items():
            signal.signal(number, old)
