"""A run that is broken off where it tells of a stage."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from training.ml.run import run


class KilledError(Exception):
    """Raised in the middle of a run."""


def broken_off(params: dict[str, Any], stage: str, out: Path) -> None:
    """Begin a run, or go on with it, and break it off as soon as it tells of this stage."""
    with pytest.raises(KilledError):
        run(params, out, _kill_at(stage))


def _kill_at(stage: str) -> Callable[..., None]:
    def report(_fraction: float, told: str, **_facts: Any) -> None:
        if told.startswith(stage):
            raise KilledError

    return report
