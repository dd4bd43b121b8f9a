"""A person keeps their number from frame to frame, also over a short gap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.pose.bodies import person
from training.ml.pose.joints import NECK, Floats
from training.ml.pose.tracks import joined, table


def test_people_keep_their_numbers_whatever_order_they_come_in() -> None:
    frames = [[person(50 + 4 * t, 100), person(150 - 4 * t, 110)] for t in range(6)]
    tracks = joined([frame[:: (-1) ** t] for t, frame in enumerate(frames)])
    assert [(track.number, len(track.seen)) for track in tracks] == [(0, 6), (1, 6)]
    for t in range(6):
        np.testing.assert_array_equal(tracks[0].seen[t], frames[t][0])


@settings(max_examples=40)
@given(st.lists(st.permutations(range(3)), min_size=1, max_size=8), st.integers(-6, 6))
def test_no_order_of_those_who_walk_apart_mixes_them(orders: list[list[int]], step: int) -> None:
    frames = [[person(100 * n + step * t, 100) for n in order] for t, order in enumerate(orders)]
    tracks = joined(frames)
    assert len(tracks) == 3
    for track in tracks:
        assert len(track.seen) == len(orders)
        starts = {round(float(pose_J3[NECK, 0]) - step * t) for t, pose_J3 in track.seen.items()}
        assert len(starts) == 1


def test_a_short_gap_is_the_same_person_and_a_long_one_somebody_else() -> None:
    frames: list[list[Floats]] = [[person(50, 100)], [], [], [person(53, 100)]]
    assert len(joined(frames, gap=2)) == 1
    assert [track.number for track in joined(frames, gap=1)] == [0, 1]


def test_who_jumps_is_somebody_else() -> None:
    assert len(joined([[person(50, 100)], [person(250, 100)]])) == 2


def test_without_a_neck_the_middle_of_the_others_counts() -> None:
    headless = person(52, 100)
    headless[NECK] = 0
    assert len(joined([[person(50, 100)], [headless], [person(54, 100)]])) == 1


def test_of_two_that_are_near_the_one_with_the_same_joints_goes_on() -> None:
    bowed = person(50, 100)
    bowed[8:, :2] += (60, -30)
    tracks = joined([[person(50, 100)], [bowed, person(51, 100)]])
    assert tracks[0].seen[1][13, 0] == pytest.approx(60, abs=1)


def test_gaps_are_filled_along_straight_lines_with_half_the_confidence() -> None:
    first, last = person(50, 100, sure=0.8), person(56, 103, sure=0.6)
    first[0] = 0
    people_M, poses_TMJ3 = table(joined([[first], [], [], [last]]), 5, people=2)
    assert people_M.tolist() == [0]
    assert poses_TMJ3.shape == (5, 1, 14, 3)
    assert poses_TMJ3[1, 0, 13].tolist() == pytest.approx([61, 101, 0.3])
    assert poses_TMJ3[2, 0, 13].tolist() == pytest.approx([63, 102, 0.3])
    assert not poses_TMJ3[1:3, 0, 0].any(), "what one of them lacks is not made up"
    assert not poses_TMJ3[4].any()


def test_the_surest_people_come_first_and_only_as_many_as_asked_for() -> None:
    frames = [[person(100 * n, 100, sure=sure) for n, sure in enumerate((0.4, 0.9, 0.6))] for _ in range(3)]
    people_M, poses_TMJ3 = table(joined(frames), 3, people=2)
    assert people_M.tolist() == [1, 2]
    assert poses_TMJ3[0, :, NECK, 0].tolist() == [100, 200]


def test_who_is_seen_once_only_is_nobody_unless_there_is_one_frame() -> None:
    once = [person(250, 100)]
    people_M, _ = table(joined([[person(50, 100), *once], [person(50, 100)]]), 2, people=2)
    assert people_M.tolist() == [0]
    assert len(table(joined([once]), 1, people=2)[0]) == 1


def test_nobody_is_a_table_without_people() -> None:
    people_M, poses_TMJ3 = table(joined([[], []]), 2, people=2)
    assert len(people_M) == 0
    assert poses_TMJ3.shape == (2, 0, 14, 3)
