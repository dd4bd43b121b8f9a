"""The frames of a recording by their numbers, exactly: decoded once, kept small, and read in any order.

A source is decoded front to back by `curation.media`, so a number means here what it means in the app; of a
proxy of ours single frames are read; a folder of pictures has its frames in the order of their names.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from safetensors import SafetensorError, safe_open

from curation.media.decode import decode_pass, decoder_version
from curation.media.frames import Resizer, StreamInfo
from curation.media.stills import StillReader, frames_at
from curation.media.timebase import FrameIndex
from training.ml.arrays import Arrays, read_arrays, write_arrays
from training.ml.datasets.base import Sample, natural
from training.ml.errors import BadFile, TooLittle
from training.ml.features.pack import QUALITY, Pixels, packed, packed_whole, unpacked
from training.ml.recipes.base import sha256_of

FORMAT = 1
"""Counts the changes of the code that keeps frames."""
LARGEST = 2 << 30
"""Bytes of a recording's kept frames at most: they are held in memory until the file is whole."""
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
Ordinals = Sequence[int] | npt.NDArray[np.int64]
Seconds = npt.NDArray[np.float64]
_MADE = "rushes_frames"
_NEAR = 1e-6
"""Seconds that lists and clocks may differ by and still mean the same frame."""


class WrongRange(TooLittle):
    """A sample says frames or seconds that its recording does not have."""


@dataclass(frozen=True)
class FrameRecipe:
    """How frames are kept: upright, with square pixels."""

    short: int = 256
    """Px of their shorter side at most; 0 leaves them as large as they are."""
    coding: Literal["jpeg", "png"] = "jpeg"
    """JPEG of quality 92, or PNG, which loses nothing and takes some five times as much."""

    @property
    def fingerprint(self) -> str:
        """Names everything that decides what is kept of a recording, the decoder too."""
        return sha256_of({"format": FORMAT, "decoder": decoder_version(), "quality": QUALITY, **asdict(self)})

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height that a picture of this size is kept in."""
        scale = min(1.0, self.short / min(width, height)) if self.short else 1.0
        return max(1, round(width * scale)), max(1, round(height * scale))


class Timed(Protocol):
    """What has frames, numbered from 0 in the order in which they are shown."""

    @property
    def edges(self) -> Seconds | None:
        """When each begins and the last one ends, (N + 1,) seconds from the first; None without a clock."""

    def __len__(self) -> int:
        """How many frames there are."""


class Frames(Timed, Protocol):
    """The frames of one recording."""

    def at(self, ordinals: Ordinals) -> Pixels:
        """Frames (K, H, W, 3) RGB in the order asked for; a number may come again. Raises IndexError."""


def range_of(sample: Sample, frames: Timed) -> range:
    """The numbers of a sample's frames in its recording. Raises WrongRange where it has no such frames.

    Seconds mean every frame that is shown between them; an end beyond the recording's is its end.
    """
    if sample.seconds is None:
        found = range(sample.start or 0, len(frames) if sample.end is None else sample.end)
    elif frames.edges is None:
        raise WrongRange(f"{sample.name} says seconds, and its recording has no clock: say frames.")
    else:
        first = int(np.searchsorted(frames.edges, sample.seconds[0] + _NEAR, side="right")) - 1
        stop = int(np.searchsorted(frames.edges[:-1], sample.seconds[1] - _NEAR, side="left"))
        found = range(first, stop)
    if not len(found) or found.start < 0 or found.stop > len(frames):
        raise WrongRange(f"{sample.name} does not lie in its recording of {len(frames)} frames.")
    return found


@dataclass(frozen=True)
class HeldFrames:
    """A recording's frames in memory, each as JPEG or PNG."""

    encoded: tuple[bytes, ...]
    edges: Seconds | None

    def __len__(self) -> int:
        return len(self.encoded)

    def at(self, ordinals: Ordinals) -> Pixels:
        """See `Frames`."""
        return np.stack([unpacked(self.encoded[each], 3) for each in _inside(ordinals, len(self))])

    def save(self, path: Path) -> None:
        """Write a file that StoredFrames reads, whole or not at all; equal frames give equal bytes."""
        arrays: Arrays = {
            "stops": np.cumsum([len(each) for each in self.encoded], dtype=np.int64),
            "edges": np.zeros(0) if self.edges is None else self.edges,
            "encoded": np.frombuffer(b"".join(self.encoded), np.uint8),
        }
        write_arrays(path, _MADE, arrays, {"frames": len(self)})


@dataclass(frozen=True)
class StoredFrames:
    """A recording's frames in a file of `HeldFrames.save`, of which only what is asked for is read."""

    path: Path
    stops: npt.NDArray[np.int64]
    edges: Seconds | None

    @classmethod
    def load(cls, path: Path) -> "StoredFrames":
        """Open a file. Raises BadFile, with a sentence, for one that is none or damaged."""
        kinds = {"stops": (np.int64, 1), "edges": (np.float64, 1)}
        arrays, facts = read_arrays(path, _MADE, kinds, {"frames": int}, "file of frames")
        stops, edges = arrays["stops"], arrays["edges"]
        if (
            len(stops) != facts["frames"]
            or len(edges) not in (0, len(stops) + 1)
            or (np.diff(stops) < 1).any()
        ):
            raise BadFile(f"The file of frames {path.name} is damaged: delete it, and it is made again.")
        return cls(path, stops, edges if len(edges) else None)

    def __len__(self) -> int:
        return len(self.stops)

    def at(self, ordinals: Ordinals) -> Pixels:
        """See `Frames`. Raises BadFile where the file is damaged."""
        wanted = _inside(ordinals, len(self))
        try:
            with safe_open(self.path, framework="numpy") as file:
                encoded = file.get_slice("encoded")
                parts = {n: encoded[self._start(n) : int(self.stops[n])].tobytes() for n in set(wanted)}
        except (OSError, SafetensorError) as error:
            raise BadFile(f"The file of frames {self.path.name} cannot be read: {error}.") from error
        shown = {n: unpacked(part, 3) for n, part in parts.items()}
        return np.stack([shown[n] for n in wanted])

    def _start(self, ordinal: int) -> int:
        return int(self.stops[ordinal - 1]) if ordinal else 0


@dataclass(frozen=True)
class ProxyFrames:
    """The frames of a proxy of ours, read from it by number; `short` px of the shorter side, 0 for all."""

    path: Path
    count: int
    size: tuple[int, int]
    edges: Seconds | None = None

    @classmethod
    def open(cls, path: Path, recipe: FrameRecipe) -> "ProxyFrames":
        """Raises ProxyMismatch for a file that is no proxy."""
        with StillReader(path) as reader:
            _, first = next(reader.frames([0]))
            return cls(path, len(reader), recipe.size(first.width, first.height))

    def __len__(self) -> int:
        return self.count

    def at(self, ordinals: Ordinals) -> Pixels:
        """See `Frames`. Raises ProxyMismatch where the proxy is damaged."""
        wanted = _inside(ordinals, len(self))
        found = frames_at(self.path, wanted, self.size)
        return np.stack([found[each] for each in wanted])


@dataclass(frozen=True)
class PassingFrames:
    """The frames of any recording, decoded anew for each call; only those asked for are scaled and held.

    They are what `HeldFrames` of the same recipe are, JPEG's losses included.
    """

    path: Path
    recipe: FrameRecipe
    edges: Seconds

    @classmethod
    def open(cls, path: Path, recipe: FrameRecipe) -> "PassingFrames":
        """Count the frames, which takes one pass. Raises MediaError for what has none."""
        return cls(path, recipe, edges_of(decode_pass(path).index))

    def __len__(self) -> int:
        return len(self.edges) - 1

    def at(self, ordinals: Ordinals) -> Pixels:
        """See `Frames`. Raises BadFile, or MediaError, where the recording is not what it was."""
        return self.picked(ordinals).at(ordinals)

    def picked(self, ordinals: Ordinals) -> "PickedFrames":
        """These frames, decoded once. Raises as `at` does."""
        wanted = frozenset(_inside(ordinals, len(self)))
        sink = _Keeper(self.path, self.recipe, wanted)
        decode_pass(self.path, [sink])
        if len(sink.kept) != len(wanted):
            raise BadFile(f"{self.path.name} was changed while it was read: start again.")
        return PickedFrames(self, dict(zip(sorted(wanted), sink.kept, strict=True)))


@dataclass(frozen=True)
class PickedFrames:
    """Some frames of a recording, held as they were coded."""

    of: PassingFrames
    encoded: Mapping[int, bytes]

    @property
    def edges(self) -> Seconds:
        """Those of the recording."""
        return self.of.edges

    def __len__(self) -> int:
        return len(self.of)

    def at(self, ordinals: Ordinals) -> Pixels:
        """See `Frames`; of frames that are held. Raises IndexError for others."""
        wanted = _inside(ordinals, len(self))
        if lost := sorted(set(wanted) - set(self.encoded)):
            raise IndexError(f"frames {lost[:3]} are not held")
        shown = {n: unpacked(self.encoded[n], 3) for n in set(wanted)}
        return np.stack([shown[n] for n in wanted])


def decoded_once(frames: Frames, ordinals: Ordinals) -> Frames:
    """The same frames for who asks for these in several calls: what is decoded anew each time, once."""
    return frames.picked(ordinals) if isinstance(frames, PassingFrames) else frames


def read_video(path: Path, recipe: FrameRecipe) -> HeldFrames:
    """All frames of a recording, decoded once. Raises MediaError for what has none, BadFile for too many."""
    sink = _Keeper(path, recipe)
    result = decode_pass(path, [sink])
    return HeldFrames(tuple(sink.kept), edges_of(result.index))


def read_pictures(folder: Path, recipe: FrameRecipe) -> HeldFrames:
    """All pictures of a folder as frames, in the natural order of their names; they have no clock.

    Raises BadFile for a folder without any, or a picture that cannot be read or is of another size.
    """
    paths = sorted(
        (p for p in folder.glob("*") if p.suffix.lower() in PICTURES), key=lambda p: natural(p.name)
    )
    if not paths:
        raise BadFile(f"The folder {folder} holds no picture.")
    kept, size = [], (0, 0)
    for path in paths:
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise BadFile(f"{path} is no picture, or is damaged.")
        here = picture.shape[1], picture.shape[0]
        size = size if any(size) else here
        if here != size:
            raise BadFile(
                f"{path} is {here[0]} x {here[1]}, and the picture before it {size[0]} x {size[1]}."
            )
        small = cv2.resize(picture, recipe.size(*size), interpolation=cv2.INTER_AREA)
        kept.append(_encoded(np.asarray(small[:, :, ::-1], np.uint8), recipe))
    return HeldFrames(tuple(kept), None)


class _Keeper:
    """A FrameSink that keeps frames as the recipe says: all of them, or those of some numbers."""

    def __init__(self, path: Path, recipe: FrameRecipe, wanted: Container[int] | None = None) -> None:
        self._path, self._recipe, self._wanted = path, recipe, wanted
        self.kept: list[bytes] = []

    def open(self, stream: StreamInfo) -> None:
        """Begin, or start over."""
        width, height = self._recipe.size(stream.display_width, stream.display_height)
        # Pictures are scaled as they lie in the file, and turned upright afterwards.
        lying = (height, width) if stream.rotation in (90, 270) else (width, height)
        self._resize = Resizer(*lying, "rgb24", interpolation="AREA")
        self._turns = -stream.rotation // 90
        self.kept, self._bytes = [], 0

    def take(self, ordinal: int, pts: int, frame: VideoFrame) -> None:  # noqa: ARG002 - FrameSink
        """Keep one frame, if it is wanted."""
        if self._wanted is not None and ordinal not in self._wanted:
            return
        picture = np.rot90(self._resize(frame).to_ndarray(), self._turns)
        self.kept.append(_encoded(np.ascontiguousarray(picture, np.uint8), self._recipe))
        self._bytes += len(self.kept[-1])
        if self._bytes > LARGEST:
            raise BadFile(
                f"The frames of {self._path.name} take more than {LARGEST >> 30} GB: cut it into shorter "
                "recordings, or keep them smaller."
            )

    def close(self) -> None:
        """Nothing is left to do."""


def _encoded(picture: Pixels, recipe: FrameRecipe) -> bytes:
    return packed(picture) if recipe.coding == "jpeg" else packed_whole(picture)


def edges_of(index: FrameIndex) -> Seconds:
    """When each frame begins and the last one ends, (N + 1,) seconds from the first."""
    ticks_N1 = np.append(index.pts, index.end) - index.pts[0]
    return np.asarray(ticks_N1 * float(index.time_base), np.float64)


def _inside(ordinals: Ordinals, there: int) -> list[int]:
    wanted = [int(each) for each in ordinals]
    if not wanted or min(wanted) < 0 or max(wanted) >= there:
        raise IndexError(f"frames {wanted[:3]}... are not all in 0..{there - 1}")
    return wanted
