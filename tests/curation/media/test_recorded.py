from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.media.recorded import recorded_when


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("20261025_124159.mp4", datetime(2026, 10, 25, 12, 41, 59, tzinfo=UTC)),
        ("yard-north_2026-10-14T17-00-00.mkv", datetime(2026, 10, 14, 17, tzinfo=UTC)),
        ("NVR_ch3_20261014170005_part2.avi", datetime(2026, 10, 14, 17, 0, 5, tzinfo=UTC)),
        ("gate 2026-10-14 17.05.mp4", datetime(2026, 10, 14, 17, 5, tzinfo=UTC)),
        ("gate_20261014.mp4", datetime(2026, 10, 14, tzinfo=UTC)),
    ],
)
def test_the_time_in_a_name_is_read(name: str, when: datetime) -> None:
    assert recorded_when(name) == when


@pytest.mark.parametrize(
    "name", ["yard.mp4", "20261399.mp4", "clip_202610.mp4", "S001_M_CALL.avi", "120261014.mp4"]
)
def test_a_name_without_a_true_date_says_nothing(name: str) -> None:
    assert recorded_when(name) is None


def test_a_number_that_is_no_date_does_not_hide_the_one_behind_it() -> None:
    assert recorded_when("20269999_20261014.mp4") == datetime(2026, 10, 14, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001 - names hold no zone
def test_whatever_a_recorder_writes_comes_back(when: datetime) -> None:
    at = when.replace(microsecond=0, tzinfo=UTC)
    assert recorded_when(f"cam1_{at:%Y%m%d_%H%M%S}.mp4") == at
