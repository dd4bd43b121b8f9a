"""Proof that a proxy holds exactly the frames of its index; without it an ingest fails."""

from pathlib import Path

import av
import av.error
import numpy as np

from curation.media.errors import ProxyMismatch
from curation.media.proxies import GOP
from curation.media.timebase import PROXY_TIME_BASE, FrameIndex


def verify_proxy(path: Path, index: FrameIndex) -> None:
    """Compare all packets of a proxy with the index: count, timestamps, durations, key frames.

    Raises ProxyMismatch with what differs first.
    """
    expected = index.for_proxy()
    try:
        with av.open(f"file:{path.resolve()}", "r", format="mov") as container:
            video = container.streams.video[0]
            packets = [packet for packet in container.demux(video) if packet.size]
            time_base = video.time_base
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise ProxyMismatch(f"The proxy {path.name} cannot be read back.") from error
    if time_base != PROXY_TIME_BASE:
        raise ProxyMismatch(f"The proxy {path.name} counts in {time_base} s instead of {PROXY_TIME_BASE} s.")
    if len(packets) != len(expected):
        raise ProxyMismatch(
            f"The proxy {path.name} has {len(packets)} frames where there are {len(expected)}."
        )
    pts = np.array([-1 if packet.pts is None else packet.pts for packet in packets], dtype=np.int64)
    wrong = np.flatnonzero(pts != expected.pts)
    if len(wrong):
        n = int(wrong[0])
        raise ProxyMismatch(
            f"The proxy {path.name} shows frame {n} at {pts[n]} instead of {expected.pts[n]}."
        )
    for n, packet in enumerate(packets):
        if packet.dts != packet.pts or packet.is_corrupt or (n % GOP == 0 and not packet.is_keyframe):
            raise ProxyMismatch(f"The proxy {path.name} cannot be entered at frame {n}.")
