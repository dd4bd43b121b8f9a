"""How much of bare decoding speed is left with metrics, proxies and filmstrip on top.

`python -m tests.bench.bench_decode [FILE]` prints medians and ratios of interleaved rounds; machines
differ by the hour, so only numbers of one run compare. Never part of a test's verdict.
"""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.filmstrip import FilmstripSink, PosterSink
from curation.media.frames import FrameSink, StreamInfo, luma
from curation.media.proxies import ProxyLadder
from tests.curation.media.sources import drawn, write_video

ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "25", "-g", "15", "-keyint_min", "15"]
ENCODE += ["-sc_threshold", "0", "-bf", "0", "-pix_fmt", "yuv420p", "-an"]
ENCODE += ["-video_track_timescale", "90000", "-movflags", "+faststart"]
SCALE = "[0:v]split[a][b];[a]scale=-2:720:flags=fast_bilinear[x];[b]scale=-2:360:flags=fast_bilinear[y]"


class PlainMetrics:
    """Laplacian variance and a histogram on 480-wide luma: about what a frame's quality costs."""

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        self._size = (480, max(1, round(480 * stream.height / stream.width)))

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:
        """Measure one frame."""
        small = cv2.resize(luma(frame), self._size, interpolation=cv2.INTER_AREA)
        cv2.Laplacian(small, cv2.CV_16S).var()
        cv2.calcHist([small], [0], None, [256], [0, 256])

    def close(self) -> None:
        """Nothing is kept."""


def sample(folder: Path) -> Path:
    """Ten seconds of 1080p at 30 frames a second and about 8 Mb/s."""
    rng = np.random.default_rng(0)
    grain = rng.integers(0, 12, (1080, 1920, 3), dtype=np.uint8)
    path = folder / "sample.mp4"
    options = {"preset": "veryfast", "b": "8000000", "g": "60"}
    write_video(
        path,
        range(300),
        size=(1920, 1080),
        options=options,
        paint=lambda n: drawn(n, 1920, 1080) + np.roll(grain, n * 37, 1),
    )
    return path


def rounds(path: Path, folder: Path, count: int) -> dict[str, list[float]]:
    """Seconds of each way of working, `count` times, interleaved."""

    def pass_with(*sinks: FrameSink) -> Callable[[], object]:
        return lambda: decode_pass(path, sinks)

    ladder = ProxyLadder({720: folder / "720.mp4", 360: folder / "360.mp4"})
    pictures = (FilmstripSink(folder / "film.json"), PosterSink(folder / "poster.jpg"))
    ways: dict[str, Callable[[], object]] = {
        "decode": pass_with(),
        "decode + metrics": pass_with(PlainMetrics()),
        "decode + proxies": pass_with(ladder),
        "decode + everything": pass_with(PlainMetrics(), ladder, *pictures),
    }
    if program := shutil.which("ffmpeg"):
        outputs = [
            "-map",
            "[x]",
            *ENCODE,
            str(folder / "f7.mp4"),
            "-map",
            "[y]",
            *ENCODE,
            str(folder / "f3.mp4"),
        ]
        command = [program, "-v", "error", "-y", "-i", str(path), "-filter_complex", SCALE, *outputs]
        ways["ffmpeg, decode + two encodes"] = lambda: subprocess.run(command, check=True)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(count):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def main() -> None:
    """Print one line a way of working."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = arguments.file or sample(folder)
        frames = len(decode_pass(path).index)
        seconds = {
            way: statistics.median(times) for way, times in rounds(path, folder, arguments.rounds).items()
        }
    bare = seconds["decode"]
    for way, median in seconds.items():
        print(f"{way:32} {frames / median:7.1f} frames/s  {bare / median:5.2f} of bare decode")
    if program := seconds.get("ffmpeg, decode + two encodes"):
        print(f"proxies against the ffmpeg program: {program / seconds['decode + proxies']:.2f}")


if __name__ == "__main__":
    main()
