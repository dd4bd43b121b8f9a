"""How long the data lead waits for what other thresholds would do to a million frames of one camera.

`python -m tests.bench.bench_gate [--videos N] [--frames N] [--decided N] [--rounds N]` fills a database of
its own and prints median and 95th percentile of the services that the gate panel asks, reading from the
database included. Never part of a test's verdict.
"""

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from curation.quality.score import METRICS
from curation.quality.verdict import Thresholds
from tests.bench.bench_labelling import told
from tests.bench.database import own_database

if TYPE_CHECKING:
    from curation.models import Camera

QUIET = frozenset({"motion_blur", "bright", "glare", "freeze", "flicker"})
"""Metrics that are 0 nearly everywhere in real footage."""


def fill(videos: int, frames: int, decided: int) -> "Camera":
    """A camera with so many videos, scored at random, with so many decided spans in each."""
    from curation.models import QualitySpan, SpanState
    from tests.curation.factories import make_camera, make_metrics, make_ready_video

    rng = np.random.default_rng(0)
    camera = make_camera()
    reason = {"reason": "defocus", "metric": "defocus", "value": 0.55, "threshold": 0.5, "frames": 15}
    for _ in range(videos):
        video = make_ready_video(camera, frames=frames)
        columns = {name: rng.random(frames, dtype=np.float32) * np.float32(0.503) for name in METRICS}
        for name in QUIET:
            columns[name] = np.where(columns[name] > 0.502, np.float32(0.9), np.float32(0))
        make_metrics(video, **columns)
        states = (SpanState.CONFIRMED, SpanState.RESTORED)
        step = frames // max(1, decided)
        QualitySpan.objects.bulk_create(
            QualitySpan(
                video=video,
                start=n * step,
                end=n * step + min(20, step),
                reason="defocus",
                reasons=[reason],
                state=states[n % 2],
                profile_revision=1,
            )
            for n in range(decided)
        )
    return camera


def measure(videos: int, frames: int, decided: int, rounds: int) -> None:
    """Fill, ask in turn, print."""
    from curation.selectors.gate import gate_effect, gate_of

    camera = fill(videos, frames, decided)
    print(f"{videos * frames:,} frames in {videos} videos, {videos * decided:,} decided spans")
    other = Thresholds(defocus=0.501, too_dark=0.4)
    ways: dict[str, Callable[[], object]] = {
        "effect of two thresholds": lambda: gate_effect(camera=camera, thresholds=other),
        "gate with histograms": lambda: gate_of(camera=camera),
    }
    for name, way in ways.items():
        seconds = []
        for number in range(rounds + 2):
            began = time.perf_counter()
            way()
            if number >= 2:  # the first rounds fill caches and connections
                seconds.append(time.perf_counter() - began)
        print(f"{told(name, seconds)}   best {min(seconds) * 1e3:7.1f} ms")


def main() -> None:
    """Make a database, measure in it, drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=40)
    parser.add_argument("--frames", type=int, default=25_000)
    parser.add_argument("--decided", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    with own_database():
        measure(arguments.videos, arguments.frames, arguments.decided, arguments.rounds)


if __name__ == "__main__":
    main()
