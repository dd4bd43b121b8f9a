from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curation.quality.parts import reasons_within, usual_among, usual_of
from curation.quality.verdict import METRIC_OF, Thresholds, judge
from tests.curation.quality.test_verdict import columns, metrics_of, sets


@given(columns, sets)
def test_the_whole_span_has_the_reasons_it_was_rejected_for(
    rows: list[list[float]], thresholds: Thresholds
) -> None:
    metrics = metrics_of(rows)
    for span in judge(metrics, thresholds, 25):
        said = span.to_json()["reasons"]
        assert reasons_within(metrics.columns, said, span.start, span.end) == said


@given(columns, sets, st.data())
def test_parts_share_the_frames_and_keep_the_worst(
    rows: list[list[float]], thresholds: Thresholds, data: st.DataObject
) -> None:
    metrics = metrics_of(rows)
    for span in judge(metrics, thresholds, 25):
        said = span.to_json()["reasons"]
        middle = data.draw(st.integers(span.start, span.end))
        parts = [(span.start, middle), (middle, span.end)]
        found = [reasons_within(metrics.columns, said, *part) for part in parts if part[0] < part[1]]
        for reason in said:
            own = [other for part in found for other in part if other["reason"] == reason["reason"]]
            assert sum(other["frames"] for other in own) == reason["frames"]
            assert max(other["value"] for other in own) == reason["value"]


def test_a_bridged_gap_keeps_the_main_reason_and_says_its_own_number() -> None:
    column = np.array([0.9, 0.2, 0.1, 0.8], dtype=np.float32)
    reason: dict[str, Any] = {"reason": "defocus", "metric": "defocus", "value": 0.9, "threshold": 0.5}
    (gap,) = reasons_within({"defocus": column}, [{**reason, "frames": 2}], 1, 3)
    assert (gap["reason"], gap["value"], gap["frames"]) == ("defocus", float(column[1]), 0)


@given(columns.filter(bool), st.data())
def test_what_is_usual_is_the_median_of_the_accepted_frames(
    rows: list[list[float]], data: st.DataObject
) -> None:
    metrics = metrics_of(rows)
    start = data.draw(st.integers(0, len(rows)))
    left = [*rows[:start], *rows[start + 5 :]]
    usual = usual_of(metrics.columns, [(start, min(start + 5, len(rows)))])
    if not left:
        assert usual == {}
        return
    assert usual["dark"] == np.median(np.array([row[1] for row in left], np.float32))
    assert set(usual) == set(METRIC_OF.values())


def test_a_long_video_says_more_of_what_is_usual_than_a_short_one() -> None:
    videos = [({"dark": 0.1}, 10), ({"dark": 0.9}, 10), ({"dark": 0.2}, 100), ({}, 5)]
    assert usual_among(videos) == {"dark": 0.2}
    assert usual_among([]) == {}
