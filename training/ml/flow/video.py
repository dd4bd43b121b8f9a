"""Flow of a whole recording, in one pass over its frames."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from curation.media.decode import decode_pass
from curation.media.frames import Resizer, StreamInfo
from training.ml.arrays import Kinds, read_arrays, write_arrays
from training.ml.flow.methods import Between, Method, measure
from training.ml.flow.pictures import Grey, NoFlow
from training.ml.flow.storage import stored

_MADE = "rushes_flow"
_TYPES: Kinds = {"flow_THW2": (np.uint8, 4)}
_FACTS = {"method": str, "warp": bool, "start": int}
LARGEST = 2 << 30
"""Bytes of a file at most: it is held in memory until it is whole."""
Told = Callable[[float, int], None]
"""Told the share of the recording that is read, and the frames so far."""


@dataclass(frozen=True)
class FlowFile:
    """The flow of a recording from frame `start + t` to the next, as bytes; `restored` makes px of them."""

    flow_THW2: Grey
    method: str
    warp: bool
    start: int

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; equal flow gives equal bytes."""
        facts = {name: getattr(self, name) for name in _FACTS}
        write_arrays(path, _MADE, {"flow_THW2": self.flow_THW2}, facts)

    @classmethod
    def load(cls, path: Path) -> "FlowFile":
        """Read a file that `save` wrote. Raises BadFile, with a sentence, for anything else."""
        arrays, facts = read_arrays(path, _MADE, _TYPES, _FACTS, "flow file")
        return cls(**arrays, **facts)


def flow_of(
    path: Path,
    *,
    method: Method | str = Method.DIS,
    warp: bool = False,
    width: int = 0,
    start: int = 0,
    end: int | None = None,
    report: Told | None = None,
) -> FlowFile:
    """Flow between neighbouring frames of `start` to `end` (exclusive; None: the last one).

    `width` px narrows the frames first and flow is in px of those; 0 leaves them as they are. Raises NoFlow
    for less than two frames or more flow than LARGEST, MediaError for what is no readable video.
    """
    sink = _FlowSink(measure(method, warp=warp), width, range(start, end if end is not None else 1 << 62))
    decode_pass(path, [sink], report=report)
    if not sink.kept:
        raise NoFlow(f"{path.name} has fewer than two frames from frame {start} on: flow needs two.")
    return FlowFile(np.stack(sink.kept), str(method), warp, start)


class _FlowSink:
    """Measures flow from each frame in a range to the next."""

    def __init__(self, between: Between, width: int, ordinals: range) -> None:
        self._between, self._width, self._ordinals = between, width, ordinals
        self._resize: Resizer | None = None
        self._before: Grey | None = None
        self.kept: list[Grey] = []

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        width = min(self._width or stream.width, stream.width)
        height = max(2, round(stream.height * width / stream.width))
        self._resize = Resizer(width, height, "gray", interpolation="AREA")
        self._before, self.kept = None, []

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002
        """Measure from the frame before to this one."""
        if ordinal not in self._ordinals:
            return
        assert self._resize is not None  # noqa: S101 - opened before
        grey = np.ascontiguousarray(self._resize(frame).to_ndarray(), np.uint8)
        if self._before is not None:
            if (len(self.kept) + 1) * grey.size * 2 > LARGEST:
                raise NoFlow(
                    f"The flow takes more than {LARGEST >> 30} GB after {len(self.kept):,} frames: take "
                    "fewer at once, or make them narrower."
                )
            self.kept.append(stored(self._between(self._before, grey)))
        self._before = grey

    def close(self) -> None:
        """Nothing is left to do."""
