"""All quality metrics of every frame against bare decoding of the same file, in one run.

`python -m tests.bench.bench_quality [FILE]`: without a file a 1080p one is made. Prints the ratio and fails
on nothing: machines differ by a factor of two from hour to hour, so only numbers of one run compare.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.frames import luma
from curation.quality import blur, cover, exposure, freeze, glare, noise
from curation.quality.__main__ import LumaSink
from curation.quality.gate import READ, Footage, effect
from curation.quality.score import FrameScorer, Luma, small_copy
from curation.quality.verdict import Thresholds
from tests.curation.quality.scenes import noisy, scene

ROUNDS = 5
SECONDS = 12


def footage(path: Path) -> None:
    """A moving 1080p30 picture with some grain, 8 Mb/s, GOP 60."""
    still = scene(3, 1180, 2120)
    grain = [noisy(np.full((1080, 1920), 128, np.uint8), 3, n).astype(np.int16) - 128 for n in range(4)]
    options = {"preset": "veryfast", "b": "8M", "g": "60"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for n in range(SECONDS * 30):
            view = still[n % 100 : n % 100 + 1080, n % 200 : n % 200 + 1920]
            moved = np.clip(view + grain[n % 4], 0, 255).astype(np.uint8)
            frame = VideoFrame.from_ndarray(moved, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def timed(path: Path, *, scored: bool) -> tuple[float, float, int]:
    """Frames/s, CPU ms/frame and the number of frames of one pass."""
    sink = LumaSink()
    wall, cpu = time.perf_counter(), time.process_time()
    frames = len(decode_pass(path, [sink] if scored else []).index.pts)
    if scored:
        sink.scorer.finish()
    return frames / (time.perf_counter() - wall), (time.process_time() - cpu) / frames * 1e3, frames


def each_metric(picture: Luma) -> None:
    """Time of each part on one 1080p luma plane."""
    scorer = FrameScorer()
    scorer.open(picture.shape[1], picture.shape[0])
    work = scorer.working_copy(picture)
    small = small_copy(work)
    lines = freeze.sample(picture)
    parts: dict[str, Callable[[], object]] = {
        "working copy": lambda: scorer.working_copy(picture),
        "small copy": lambda: small_copy(work),
        "blur": lambda: blur.loss(work),
        "exposure": lambda: exposure.levels(work),
        "noise": lambda: noise.sigma(picture),
        "freeze": lambda: freeze.change(freeze.sample(picture), lines),
        "cover": lambda: cover.contrasts(small),
        "glare": lambda: glare.strength(small),
    }
    for name, part in parts.items():
        took = []
        for _ in range(60):
            start = time.perf_counter()
            part()
            took.append(time.perf_counter() - start)
        print(f"  {name:14s} {statistics.median(took) * 1e3:6.3f} ms a frame")


def main() -> None:
    """Run the pairs and print them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "made.mp4"
        if len(sys.argv) < 2:
            footage(path)
        pairs = [(timed(path, scored=False), timed(path, scored=True)) for _ in range(ROUNDS)]
        with av.open(str(path)) as container:
            first = np.ascontiguousarray(luma(next(container.decode(video=0))))
    for bare, scored in pairs:
        print(f"bare   {bare[0]:6.1f} frames/s, {bare[1]:.2f} CPU ms a frame")
        ratio = scored[0] / bare[0]
        print(f"scored {scored[0]:6.1f} frames/s, {scored[1]:.2f} CPU ms a frame: {ratio:.3f} of bare")
    ratio = statistics.median(scored[0] / bare[0] for bare, scored in pairs)
    print(f"scored / bare, median of {ROUNDS}: {ratio:.3f} (target 0.8)")
    each_metric(first)
    rng = np.random.default_rng(0)
    none = np.zeros(0, np.int64)
    million = Footage(
        columns={name: rng.random(1_000_000, dtype=np.float32) for name in READ},
        lengths=np.full(100, 10_000),
        fps=np.full(100, 25.0),
        starts=none,
        ends=none,
        confirmed=none.astype(np.bool_),
    )
    start = time.perf_counter()
    effect(million, Thresholds(), Thresholds(defocus=0.6, too_dark=0.6))
    took = (time.perf_counter() - start) * 1e3
    print(f"effect of two thresholds on 1,000,000 frames: {took:.0f} ms (target 100)")


if __name__ == "__main__":
    main()
