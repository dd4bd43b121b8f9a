"""What a run tells while it works: how far it is, its curves, and its log."""

import math
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

Report = Callable[..., None]
"""`report(fraction, stage, **facts)`, as the process around the library takes it."""

PHASES = (
    ("reading", 0.03),
    ("features", 0.22),
    ("oracle", 0.2),
    ("classifier", 0.25),
    ("selector", 0.2),
    ("test", 0.08),
    ("writing", 0.02),
)
NETWORK_PHASES = (("reading", 0.02), ("classifier", 0.9), ("test", 0.06), ("writing", 0.02))
"""Of a recipe that trains one network end to end."""
LOG_LINES = 60


class Progress:
    """Keeps the facts of a run and passes them on, whole, with every piece of news."""

    def __init__(self, report: Report, phases: Sequence[tuple[str, float]] = PHASES) -> None:
        self._report, self._phases = report, phases
        self._done = {name: 0.0 for name, _ in phases}
        self._phase = phases[0][0]
        self.seconds: dict[str, float] = {}
        self.notes: list[str] = []
        self._log: list[dict[str, str]] = []
        self._facts: dict[str, Any] = {
            "epoch": 0,
            "epochs": 0,
            "history": [],
            "selector": [],
            "best_epoch": None,
            "per_class": [],
            "clips_per_second": None,
        }

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Everything told inside belongs to this phase; its seconds are those of this attempt."""
        self._phase = name
        began = time.monotonic()
        self.tell(0.0, name)
        yield
        self.seconds[name] = round(time.monotonic() - began, 3)
        self.tell(1.0, name)

    def tell(self, done: float, stage: str, **facts: Any) -> None:
        """So much (0..1) of the phase is done; `facts` replace those of the same name."""
        self._facts |= facts
        self._done[self._phase] = min(max(done, 0.0), 1.0)
        phases = [{"name": name, "share": share, "done": self._done[name]} for name, share in self._phases]
        self._report(
            sum(share * self._done[name] for name, share in self._phases),
            stage,
            phase=self._phase,
            phases=phases,
            log=list(self._log),
            memory_bytes=memory_bytes(),
            **self._facts,
        )

    def log(self, text: str, level: str = "info") -> None:
        """One more line of the log, told with the next news; a warning is also a note of the report."""
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "level": level, "text": text}
        self._log = [*self._log, line][-LOG_LINES:]

    def note(self, sentence: str) -> None:
        """Something that whoever reads the result must know: a line of the log and a note of the report."""
        if sentence not in self.notes:
            self.notes.append(sentence)
            self.log(sentence, "warn")


def memory_bytes() -> int:
    """The most memory that this process has held so far."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def number(value: float, digits: int = 6) -> float | None:
    """A number as JSON may hold it: rounded, and None where it is none."""
    return round(float(value), digits) if math.isfinite(value) else None
