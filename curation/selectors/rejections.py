"""Which frames of videos are out, for those who read the frames."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from curation.models import QualitySpan

Stretches = tuple[tuple[int, int], ...]
"""Disjoint stretches `[start, end)` of ordinals, ascending."""
AT_ONCE = 5000


@dataclass(frozen=True)
class Rejections:
    """The rejected stretches of some videos that nobody restored, in the order of their frames."""

    by_video: dict[UUID, list[tuple[int, int]]] = field(default_factory=dict)

    def inside(self, video: UUID, start: int, end: int) -> Stretches:
        """What is rejected of frames `[start, end)`, cut to them."""
        spans = self.by_video.get(video, [])
        return tuple(_cut(spans, start, end))


def rejections_of(*, videos: Collection[UUID]) -> Rejections:
    """The standing rejections of these videos."""
    found: defaultdict[UUID, list[tuple[int, int]]] = defaultdict(list)
    ids = sorted(set(videos))
    for at in range(0, len(ids), AT_ONCE):
        standing = QualitySpan.objects.standing().filter(video__in=ids[at : at + AT_ONCE])
        for video, start, end in standing.order_by("video", "start").values_list("video", "start", "end"):
            found[video].append((start, end))
    return Rejections(dict(found))


def _cut(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    first = max(0, bisect_right(spans, (start, start)) - 1)
    for low, high in spans[first:]:
        if low >= end:
            return
        if high > start:
            yield max(low, start), min(high, end)
