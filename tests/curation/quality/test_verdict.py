"""Spans: half-open, sorted, disjoint, inside the video, with the reason and the numbers."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.quality.score import Metrics
from curation.quality.verdict import METRIC_OF, REASONS, BadThresholdsError, Thresholds, judge
from tests.curation.quality.scenes import Luma, covered, defocused, footage, lit, measured, smeared

OFF = dict.fromkeys(REASONS)
columns = st.lists(st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.9]), min_size=3, max_size=3), max_size=40)
levels = st.sampled_from([None, 0.0, 0.2, 0.5, 0.7, 1.0])
sets = st.builds(Thresholds, defocus=levels, too_dark=levels, covered=levels, bridge=st.integers(0, 5))


def metrics_of(rows: list[list[float]]) -> Metrics:
    values = np.array(rows, dtype=np.float32).reshape(-1, 3)
    found = dict(Metrics.empty(len(values)).columns)
    found.update(zip(("defocus", "dark", "cover"), values.T.copy(), strict=True))
    return Metrics(found)


def frames_of(metrics: Metrics, thresholds: Thresholds) -> set[int]:
    return {n for span in judge(metrics, thresholds, 25) for n in range(span.start, span.end)}


@given(columns, sets)
def test_spans_are_half_open_sorted_disjoint_and_inside(
    rows: list[list[float]], thresholds: Thresholds
) -> None:
    at = 0
    for span in judge(metrics_of(rows), thresholds, 25):
        assert at <= span.start < span.end <= len(rows)
        at = span.end + max(1, thresholds.bridge)


@given(columns, sets)
def test_the_same_thresholds_give_the_same_spans(rows: list[list[float]], thresholds: Thresholds) -> None:
    again = Thresholds.from_json(thresholds.to_json())
    assert judge(metrics_of(rows), thresholds, 25) == judge(metrics_of(rows), again, 25)


@given(columns, sets, st.sampled_from(["defocus", "too_dark", "covered"]))
def test_loosening_a_threshold_never_rejects_more(
    rows: list[list[float]], thresholds: Thresholds, name: str
) -> None:
    data = thresholds.to_json()
    strict = data[name]
    looser = Thresholds.from_json({**data, name: None if strict is None else strict + 0.25})
    assert frames_of(metrics_of(rows), looser) <= frames_of(metrics_of(rows), thresholds)


@given(columns, sets)
def test_every_reason_names_a_value_above_its_threshold(
    rows: list[list[float]], thresholds: Thresholds
) -> None:
    metrics = metrics_of(rows)
    for span in judge(metrics, thresholds, 25):
        assert span.reasons
        for reason in span.reasons:
            inside = metrics[reason.metric][span.start : span.end]
            assert METRIC_OF[reason.reason] == reason.metric
            assert reason.value == inside.max() > reason.threshold
            assert reason.frames == np.count_nonzero(inside > reason.threshold)
        assert [r.frames for r in span.reasons] == sorted((r.frames for r in span.reasons), reverse=True)


def test_a_single_frame_can_be_rejected() -> None:
    rows = [[0.0, 0.0, 0.0]] * 9
    rows[4] = [0.9, 0.0, 0.0]
    (span,) = judge(metrics_of(rows), Thresholds(), 25)
    assert (span.start, span.end, span.reasons[0].reason) == (4, 5, "defocus")


def test_short_gaps_are_bridged_and_longer_ones_are_not() -> None:
    rows = [[0.9, 0.0, 0.0], *[[0.0] * 3] * 2, [0.9, 0.0, 0.0], *[[0.0] * 3] * 3, [0.9, 0.0, 0.0]]
    assert [(s.start, s.end) for s in judge(metrics_of(rows), Thresholds(bridge=3), 25)] == [(0, 4), (7, 8)]


def test_freeze_is_in_seconds_whatever_the_frame_rate() -> None:
    found = dict(Metrics.empty(60).columns)
    found["freeze"] = np.full(60, 45, dtype=np.float32)
    assert judge(Metrics(found), Thresholds(freeze=2.0), fps=25) == []
    (span,) = judge(Metrics(found), Thresholds(freeze=2.0), fps=20)
    assert (span.start, span.end, span.reasons[0].threshold) == (0, 60, 40.0)


@pytest.mark.parametrize(
    "bad", [{"defocus": -1}, {"noise": "much"}, {"bridge": 1.5}, {"blurr": 1}, {"glare": float("nan")}]
)
def test_thresholds_that_make_no_sense_are_refused_with_a_sentence(bad: dict[str, float]) -> None:
    with pytest.raises(BadThresholdsError, match=r"\.$"):
        Thresholds.from_json(bad)


def test_good_footage_is_not_rejected() -> None:
    assert judge(measured(footage(60)), Thresholds(), 25) == []


@pytest.mark.parametrize("gain", [0.18, 0.25])
def test_a_night_camera_is_not_rejected_wholesale(gain: float) -> None:
    night = [lit(picture, gain) for picture in footage(40)]
    assert judge(measured(night), Thresholds(), 25) == []


def test_a_soft_camera_is_not_rejected_wholesale() -> None:
    soft = [defocused(picture, 0.7) for picture in footage(40)]
    assert judge(measured(soft), Thresholds(), 25) == []


@settings(max_examples=6)
@given(st.integers(0, 30), st.integers(10, 20), st.integers(1, 20))
def test_an_injected_fault_is_found_where_it_is(seed: int, start: int, length: int) -> None:
    faults: dict[str, Callable[[Luma], Luma]] = {
        "defocus": lambda picture: defocused(picture, 3),
        "motion_blur": lambda picture: smeared(picture, 15),
        "too_dark": lambda picture: lit(picture, 0.04),
        "overexposed": lambda picture: lit(picture, 1.6, 90),
        "covered": lambda picture: covered(picture, 1.0),
    }
    for reason, fault in faults.items():
        pictures = footage(60, seed)
        pictures[start : start + length] = [fault(picture) for picture in pictures[start : start + length]]
        spans = judge(measured(pictures), Thresholds(), 25)
        assert [(s.start, s.end) for s in spans] == [(start, start + length)], reason
        assert reason in [found.reason for found in spans[0].reasons]
