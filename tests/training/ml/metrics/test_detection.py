"""Spans found in time, against cases worked out by hand."""

import pytest

from training.ml.errors import TooLittle
from training.ml.metrics import DETECTION_IOUS, Span, detections
from training.ml.metrics.detection import WrongSpan, overlap

TRUTH = [Span("a", 0, 0, 10), Span("a", 0, 20, 30), Span("b", 1, 0, 10)]


def said(video: str, label: int, start: float, end: float, score: float) -> Span:
    return Span(video, label, start, end, score)


def test_overlap_is_what_both_hold_of_what_either_holds() -> None:
    assert overlap(Span("a", 0, 0, 10), Span("a", 0, 5, 15)) == pytest.approx(5 / 15)
    assert overlap(Span("a", 0, 0, 10), Span("a", 0, 10, 15)) == 0
    assert overlap(Span("a", 0, 3, 3), Span("a", 0, 3, 3)) == 0


def test_all_found_is_1_at_every_overlap() -> None:
    found = detections(TRUTH, [*TRUTH, said("c", 2, 0, 1, 0.9)])
    assert found.by_iou == dict.fromkeys(DETECTION_IOUS, 1.0)
    assert (found.mean, set(found.by_class)) == (1.0, {0, 1}), "what is nowhere true does not count"


def test_a_second_find_of_the_same_is_wrong() -> None:
    twice = [said("a", 0, 0, 10, 0.9), said("a", 0, 0, 9, 0.8), said("a", 0, 20, 30, 0.7)]
    assert detections(TRUTH[:2], twice, [0.5]).mean == pytest.approx((1 + 2 / 3) / 2)


def test_the_surest_finds_first_even_where_a_later_one_fits_better() -> None:
    rough, exact = said("a", 0, 0, 14, 0.9), said("a", 0, 0, 10, 0.8)
    found = detections(TRUTH[:1], [exact, rough], [0.7, 0.8])
    assert found.by_iou == {0.7: 1.0, 0.8: 0.5}


def test_it_finds_the_span_that_it_overlaps_most_of_those_still_free() -> None:
    near = [Span("a", 0, 0, 10), Span("a", 0, 4, 14)]
    both = [said("a", 0, 4, 13, 0.9), said("a", 0, 3, 13, 0.8)]
    # The first takes the second span; the other one would as well, and takes the first at 7 / 13.
    assert detections(near, both, [0.5, 0.6]).by_iou == {0.5: 1.0, 0.6: 0.5}


def test_the_same_time_in_another_video_or_class_is_wrong() -> None:
    wrong = [said("b", 0, 0, 10, 0.9), said("a", 1, 0, 10, 0.9)]
    assert detections(TRUTH, wrong).mean == 0


def test_a_class_of_which_nothing_was_said_counts_as_0() -> None:
    found = detections(TRUTH, TRUTH[:2], [0.5])
    assert found.by_class == {0: (1.0,), 1: (0.0,)}
    assert found.mean == 0.5


def test_precision_is_the_best_that_is_still_to_come() -> None:
    """Found, wrong, wrong, found: 1 and 2 of 4, interpolated as VOC does."""
    told = [
        said("a", 0, 0, 10, 0.9),
        said("b", 0, 0, 1, 0.8),
        said("b", 0, 2, 3, 0.7),
        said("a", 0, 20, 30, 0.6),
    ]
    assert detections(TRUTH[:2], told, [0.5]).mean == pytest.approx((1 + 2 / 4) / 2)
    late = [said("b", 0, 0, 1, 1.0), *told[:1], told[3]]
    assert detections(TRUTH[:2], late, [0.5]).mean == pytest.approx(2 / 3)


def test_what_cannot_be_measured_is_told() -> None:
    with pytest.raises(TooLittle, match="no true span"):
        detections([], TRUTH)
    with pytest.raises(WrongSpan, match="ends at 1, before it starts at 2"):
        Span("a", 0, 2, 1)
