"""Timestamps that are missing, repeated or out of order."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.media.clock import SourceClock

MS = Fraction(1, 1000)


def settled(raw: list[int | None], step: int = 40, time_base: Fraction = MS) -> tuple[list[int], SourceClock]:
    clock = SourceClock(time_base, step)
    following = [*raw[1:], None]
    return [clock.settle(now, after) for now, after in zip(raw, following, strict=True)], clock


@given(st.lists(st.none() | st.integers(-(10**9), 10**9) | st.integers(0, 50), min_size=1, max_size=50))
def test_whatever_comes_in_rises_and_every_repair_is_noted(raw: list[int | None]) -> None:
    pts, clock = settled(raw)
    assert all(b > a for a, b in itertools.pairwise(pts))
    noted = {n for ordinals in clock.repairs.values() for n in ordinals}
    assert {n for start, end in clock.synthesised for n in range(start, end)} == noted
    assert {n for n, value in enumerate(raw) if value is None} <= noted


@given(st.lists(st.integers(1, 10**4), max_size=50), st.integers(-(10**9), 10**9))
def test_rising_timestamps_stay_as_they_are(deltas: list[int], first: int) -> None:
    raw = [first]
    for delta in deltas:
        raw.append(raw[-1] + delta)
    pts, clock = settled(list(raw), time_base=Fraction(1, 25_000))
    assert (pts, clock.repairs) == (raw, {})


def test_a_repeated_time_goes_halfway_to_the_next() -> None:
    pts, clock = settled([0, 40, 40, 120])
    assert pts == [0, 40, 80, 120]
    assert clock.repairs == {"repeated": [2]}


def test_pairs_of_repeated_times_are_spread() -> None:
    assert settled([0, 0, 80, 80, 160])[0] == [0, 40, 80, 120, 160]


def test_a_missing_time_is_filled_in_between() -> None:
    pts, clock = settled([0, None, 80, None, None, 200])
    assert pts[:3] == [0, 40, 80]
    assert pts[-1] == 200
    assert clock.repairs == {"missing": [1, 3, 4]}


def test_a_file_without_times_is_spaced_evenly() -> None:
    pts, clock = settled([None] * 5)
    assert pts == [0, 40, 80, 120, 160]
    assert clock.synthesised == ((0, 5),)


def test_a_clock_set_back_for_good_goes_on_from_where_it_was() -> None:
    pts, clock = settled([1000, 1040, 1080, 0, 40, 80])
    assert pts == [1000, 1040, 1080, 1120, 1160, 1200]
    assert clock.repairs == {"backwards": [3]}


def test_a_single_step_back_is_put_between_its_neighbours() -> None:
    pts, clock = settled([0, 40, 10, 120, 160])
    assert pts == [0, 40, 80, 120, 160]
    assert clock.repairs == {"backwards": [2]}


def test_a_misprint_far_ahead_is_put_between_its_neighbours() -> None:
    pts, clock = settled([0, 40, 90_000_000, 120, 160])
    assert pts == [0, 40, 80, 120, 160]
    assert clock.repairs == {"leap": [2]}


def test_a_pause_of_an_hour_is_kept() -> None:
    assert settled([0, 40, 3_600_000, 3_600_040])[0] == [0, 40, 3_600_000, 3_600_040]


def test_a_leap_of_a_day_is_closed_up() -> None:
    pts, clock = settled([0, 40, 86_400_000, 86_400_040])
    assert pts == [0, 40, 80, 120]
    assert clock.repairs == {"leap": [2]}


@pytest.mark.parametrize("raw", [[0, 1, 1, 2, 3], [0, 1, 1, 1, 2]])
def test_where_a_clock_leaves_no_room_everything_after_moves_on(raw: list[int | None]) -> None:
    pts, _ = settled(raw, step=1, time_base=Fraction(1, 25))
    assert pts == [0, 1, 2, 3, 4]


def test_what_moved_on_with_a_frame_that_had_no_room_is_no_damage() -> None:
    _, clock = settled([0, 1, 1, 2, 3], step=1, time_base=Fraction(1, 25))
    assert clock.repairs == {"repeated": [2]}


def test_a_first_frame_without_a_time_lies_a_step_before_the_second() -> None:
    assert settled([None, 1000, 1040])[0] == [960, 1000, 1040]
