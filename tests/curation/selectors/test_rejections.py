from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.models import QualitySpan, SpanState
from curation.selectors.rejections import Rejections, rejections_of
from tests.curation.factories import make_ready_video

VIDEO = UUID(int=1)
EDGES = st.lists(st.integers(0, 60), max_size=12, unique=True).map(sorted)


@given(EDGES, st.integers(0, 60), st.integers(1, 30))
def test_what_is_inside_is_what_is_rejected_of_those_frames(
    edges: list[int], start: int, frames: int
) -> None:
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    inside = Rejections({VIDEO: spans}).inside(VIDEO, start, start + frames)
    told = [ordinal for first, stop in inside for ordinal in range(first, stop)]
    out = {ordinal for first, stop in spans for ordinal in range(first, stop)}
    assert told == [ordinal for ordinal in range(start, start + frames) if ordinal in out]
    assert all(first < stop for first, stop in inside)


@pytest.mark.django_db
def test_only_rejections_that_stand_count() -> None:
    video = make_ready_video()
    for start, state in ((30, SpanState.CONFIRMED), (0, SpanState.PENDING), (10, SpanState.RESTORED)):
        QualitySpan.objects.create(
            video=video, start=start, end=start + 5, reason="freeze", state=state, profile_revision=1
        )
    found = rejections_of(videos=[video.pk, uuid4()])
    assert found.by_video == {video.pk: [(0, 5), (30, 35)]}
    assert found.inside(uuid4(), 0, 100) == ()
