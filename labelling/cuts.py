"""Where clips are cut: from frames and rejections to stretches `[start, end)`. No Django here."""

from collections.abc import Iterable

Stretch = tuple[int, int]

SHORT_SECONDS = 20.0
"""A video up to this long in which nothing is rejected stays one clip."""
CLIP_SECONDS = 10.0
LEAST_SECONDS = 4.0
"""What is left at the end of a stretch and is shorter than this goes to the clip before it."""
BLIP_SECONDS = 1.0
"""A rejection shorter than this, and than the accepted footage on either side of it, cuts nothing."""


def gaps(frames: int, taken: Iterable[Stretch]) -> list[Stretch]:
    """What of `[0, frames)` no stretch in `taken` covers, in order; they may overlap and lie beyond it."""
    free: list[Stretch] = []
    at = 0
    for start, end in sorted(taken):
        if at < min(start, frames):
            free.append((at, min(start, frames)))
        at = max(at, end)
    if at < frames:
        free.append((at, frames))
    return free


def parting(rejected: Iterable[Stretch], *, frames: int, fps: float) -> list[Stretch]:
    """The rejections of a video that part it into clips, merged and in order.

    Blips do not: the blur of a quick movement would otherwise cut the very action in pieces. Their frames lie
    in a clip and are still rejected.
    """
    accepted = gaps(frames, rejected)
    before = {end: end - start for start, end in accepted}
    after = {start: end - start for start, end in accepted}
    lasting = []
    for start, end in gaps(frames, accepted):
        beside = [length for length in (before.get(start), after.get(end)) if length is not None]
        if not beside or end - start >= min(*beside, BLIP_SECONDS * fps):
            lasting.append((start, end))
    return lasting


def cut(free: Iterable[Stretch], *, frames: int, fps: float) -> list[Stretch]:
    """Cut free stretches of a video of `frames` frames into clips that hold each of their frames once.

    A short video that is free as a whole is one clip. What lies between two rejections may be shorter than
    any limit here and is a clip all the same: no accepted frame is lost.
    """
    size = max(1, round(CLIP_SECONDS * fps))
    least = round(LEAST_SECONDS * fps)
    clips: list[Stretch] = []
    for start, end in free:
        if (start, end) == (0, frames) and frames <= SHORT_SECONDS * fps:
            clips.append((start, end))
            continue
        clips.extend(_pieces(start, end, size, least))
    return clips


def _pieces(start: int, end: int, size: int, least: int) -> Iterable[Stretch]:
    edges = list(range(start, end, size))
    if len(edges) > 1 and end - edges[-1] < least:
        edges.pop()
    return zip(edges, [*edges[1:], end], strict=True)
