import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotFound
from curation.models import FrameMetrics
from curation.quality.score import METRICS
from curation.selectors.quality import BINS, decimated, metrics_column, rejected_over_time
from tests.curation.factories import make_ready_video

Spans = list[tuple[int, int]]


@st.composite
def videos_with_spans(draw: st.DrawFn) -> tuple[int, Spans]:
    """A number of frames, and disjoint spans within it."""
    frames = draw(st.integers(1, 500))
    cuts = draw(st.sets(st.integers(0, frames), max_size=12))
    edges = sorted(cuts)[: len(cuts) // 2 * 2]
    return frames, list(zip(edges[0::2], edges[1::2], strict=True))


@given(videos_with_spans(), st.integers(1, 80))
def test_the_parts_together_hold_exactly_the_rejected_frames(video: tuple[int, Spans], bins: int) -> None:
    frames, spans = video
    shares = rejected_over_time(spans, frames, bins)
    rejected = sum(end - start for start, end in spans)
    assert len(shares) == bins
    assert all(0 <= share <= 100 for share in shares)
    assert sum(shares) / bins / 100 * frames == pytest.approx(rejected, abs=0.005 * frames + 1e-9)


def test_a_video_rejected_from_end_to_end_is_full_everywhere() -> None:
    assert rejected_over_time([(0, 10)], 10) == [100] * BINS


def test_a_rejected_half_fills_half_the_parts() -> None:
    assert rejected_over_time([(50, 100)], 100, 4) == [0, 0, 100, 100]


def test_a_video_without_frames_has_no_parts() -> None:
    assert rejected_over_time([], 0) == []


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=300), st.integers(1, 50))
def test_decimation_loses_no_extreme(values: list[float], points: int) -> None:
    column = np.array(values, dtype=np.float32)
    pairs = decimated(column, points).reshape(-1, 2)
    assert len(pairs) == min(points, len(column))
    assert pairs[:, 0].min() == column.min()
    assert pairs[:, 1].max() == column.max()
    assert bool(np.all(pairs[:, 0] <= pairs[:, 1]))


def test_as_many_points_as_frames_are_the_frames_themselves() -> None:
    column = np.arange(5, dtype=np.float32)
    assert decimated(column, 99).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_the_table_has_a_column_for_every_metric() -> None:
    columns = [field.name for field in FrameMetrics._meta.get_fields() if field.name != "video"]
    assert tuple(columns) == METRICS


@pytest.mark.django_db
def test_a_column_comes_back_as_it_was_stored() -> None:
    video = make_ready_video()
    values = np.linspace(0, 1, 50, dtype="<f4")
    FrameMetrics.objects.create(video=video, luma=values.tobytes())
    np.testing.assert_array_equal(metrics_column(video_id=video.pk, metric="luma"), values)


@pytest.mark.django_db
@pytest.mark.parametrize("metric", ["luma", "video_id", "nonsense", "video__name"])
def test_an_unknown_metric_or_an_unscored_video_is_not_found(metric: str) -> None:
    with pytest.raises(NotFound):
        metrics_column(video_id=make_ready_video().pk, metric=metric)
