"""Small recordings whose every frame carries its own number, in the rhythms that trip players up."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.stream import VideoStream

from curation.simulator import code

FRAMES = 240
WIDTH, HEIGHT = 640, 360
TICKS = 90_000

Picture = npt.NDArray[np.uint8]


def make_all(folder: Path) -> dict[str, Path]:
    """Write one file of each kind."""
    rng = np.random.default_rng(7)
    uneven = np.concatenate([[0], np.cumsum(rng.integers(1_500, 9_000, FRAMES - 1))])
    even = np.arange(FRAMES) * 3_003
    kinds: dict[str, tuple[Sequence[int], dict[str, str], str]] = {
        "constant": ([int(n) for n in even], {"bf": "0", "g": "60"}, "mp4"),
        "variable": ([int(n) for n in uneven], {"bf": "0", "g": "60"}, "mp4"),
        "late": ([int(n) + 10 * TICKS for n in even], {"bf": "0", "g": "60"}, "mkv"),
        "bframes": ([int(n) for n in even], {"bf": "3", "g": "250", "b-pyramid": "normal"}, "mp4"),
    }
    made = {}
    for kind, (pts, options, suffix) in kinds.items():
        made[kind] = folder / f"{kind}.{suffix}"
        write(made[kind], pts, options)
    return made


def write(
    path: Path, pts: Sequence[int], options: dict[str, str], draw: Callable[[int], Picture] | None = None
) -> None:
    """Write a recording with frames at `pts`; `draw` paints the nth, else it is a wall with a block."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=30, options={"preset": "veryfast", "crf": "20", **options}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        draw = draw or scene()
        for n, at in enumerate(pts):
            frame = av.VideoFrame.from_ndarray(draw(n), format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, TICKS)
            _mux(container, stream, frame)
        _mux(container, stream, None)


def _mux(container: av.container.OutputContainer, stream: VideoStream, frame: av.VideoFrame | None) -> None:
    for packet in stream.encode(frame):
        container.mux(packet)


def scene() -> Callable[[int], Picture]:
    """A still, textured wall with a block walking over it: sharp enough for the gate, and it moves."""
    rng = np.random.default_rng(3)
    wall = np.kron(rng.integers(60, 200, (45, 80, 3)), np.ones((8, 8, 1))).astype(np.uint8)

    def draw(n: int) -> Picture:
        picture = wall.copy()
        left = (n * 7) % (WIDTH - 60)
        picture[120:220, left : left + 60] = (230, 120, 30)
        code.draw(picture, n)
        return picture

    return draw
