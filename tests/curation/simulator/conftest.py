"""A small order of footage, filmed once for all tests of this folder."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from curation.simulator.make import make
from curation.simulator.plan import Order, Shot

Pictures = list[NDArray[np.uint8]]

ORDER = Order(
    seed=5,
    cameras=2,
    subjects=3,
    clips=1,
    hours=10 / 3600,
    rates=(Fraction(10), Fraction(12)),
    size=(320, 180),
    clip_seconds=(1.5, 2.0),
    recording_seconds=(10.0, 10.0),
)


def luma_of(path: Path) -> tuple[Pictures, list[int]]:
    """Return the luma planes and timestamps of a video in decoding order of presentation."""
    planes, stamps = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            planes.append(np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)[: frame.height])
            assert frame.pts is not None
            stamps.append(frame.pts)
    return planes, stamps


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Shot]]:
    """Return a folder of tiny footage and the plan it was filmed from."""
    folder = tmp_path_factory.mktemp("footage")
    return folder, make(ORDER, folder, jobs=2)


@pytest.fixture(scope="session")
def smaller() -> Callable[..., Order]:
    """Return a function that changes the order."""
    return lambda **changes: replace(ORDER, **changes)
