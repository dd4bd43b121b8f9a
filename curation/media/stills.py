"""Single frames of a proxy, by number, exactly.

Only proxies are read at random: their GOPs are closed, 15 long and without B-frames, so packet n
is frame n. A source is read front to back only (DESIGN.md section 2).
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from curation.media.errors import ProxyMismatch
from curation.media.frames import Resizer

Picture = npt.NDArray[np.uint8]

_MANY_FRAMES = 90


class StillReader:
    """An open proxy. Not for sharing between threads; use as a context manager."""

    def __init__(self, proxy_path: Path) -> None:
        """Raises ProxyMismatch if the file is no proxy of ours."""
        self._path = proxy_path
        try:
            self._container = av.open(f"file:{proxy_path.resolve()}", "r", format="mov")
        except (av.error.FFmpegError, OSError) as error:
            raise ProxyMismatch(f"The proxy {proxy_path.name} cannot be opened.") from error
        self._video = self._container.streams.video[0]
        entries = self._video.index_entries
        # Without B-frames decoding order is presentation order: these are the frames' own times.
        self._pts = [entry.timestamp for entry in entries]
        self._keys = np.array([n for n, entry in enumerate(entries) if entry.is_keyframe], np.int64)

    def __len__(self) -> int:
        return len(self._pts)

    def __enter__(self) -> "StillReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    def frames(self, ordinals: Iterable[int]) -> Iterator[tuple[int, VideoFrame]]:
        """The frames asked for, ascending and each once. Raises IndexError outside the video."""
        wanted = sorted(set(ordinals))
        if not wanted:
            return
        if wanted[0] < 0 or wanted[-1] >= len(self._pts):
            raise IndexError(f"frames {wanted[0]}..{wanted[-1]} are outside 0..{len(self._pts) - 1}")
        context = self._video.codec_context
        if len(wanted) >= _MANY_FRAMES and not context.is_open:
            # Frame threads pay only for long stretches: each entry costs a frame a thread.
            context.thread_type = "AUTO"
        for start, part in self._stretches(wanted):
            try:
                yield from self._read(start, part)
            except av.error.FFmpegError as error:
                raise ProxyMismatch(
                    f"The proxy {self._path.name} is damaged near frame {part[0]}."
                ) from error

    def _stretches(self, wanted: Sequence[int]) -> list[tuple[int, list[int]]]:
        """Wanted frames by the key frame to start from; neighbouring GOPs are read in one go."""
        groups: list[tuple[int, list[int]]] = []
        last_gop = -2
        for n in wanted:
            gop = int(np.searchsorted(self._keys, n, side="right")) - 1
            if gop > last_gop + 1:
                groups.append((int(self._keys[gop]), []))
            groups[-1][1].append(n)
            last_gop = gop
        return groups

    def _read(self, start: int, wanted: list[int]) -> Iterator[tuple[int, VideoFrame]]:
        context = self._video.codec_context
        self._container.seek(self._pts[start], stream=self._video)
        at = start
        left = iter(wanted)
        n = next(left)
        for packet in self._container.demux(self._video):
            for frame in context.decode(packet if packet.size else None):
                if frame.pts != self._pts[at]:
                    raise ProxyMismatch(f"The proxy {self._path.name} shows another frame than {at}.")
                if at == n:
                    yield n, frame
                    following = next(left, None)
                    if following is None:
                        return
                    n = following
                at += 1
        raise ProxyMismatch(f"The proxy {self._path.name} ends before frame {n}.")


def frames_at(
    proxy_path: Path, ordinals: Iterable[int], size: tuple[int, int] | None = None
) -> dict[int, Picture]:
    """Frames of a proxy as RGB (H, W, 3) uint8 by ordinal; `size` is (width, height) in pixels.

    Raises IndexError outside the video, ProxyMismatch if the file is damaged.
    """
    with StillReader(proxy_path) as reader:
        resize: Resizer | None = None
        pictures: dict[int, Picture] = {}
        for n, frame in reader.frames(ordinals):
            if resize is None:
                width, height = size or (frame.width, frame.height)
                resize = Resizer(width, height, "rgb24", interpolation="AREA" if size else "BILINEAR")
            pictures[n] = np.asarray(resize(frame).to_ndarray(), dtype=np.uint8)
        return pictures
