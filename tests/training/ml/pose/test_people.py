"""People are looked for all over, where something moves, and where they were before."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.pose.bodies import person
from training.ml.pose.joints import Floats, Picture, box, length
from training.ml.pose.network import Square
from training.ml.pose.people import Finder, Search
from training.ml.pose.proposals import ROOM, around, moving, renewed, sweep

GROUND = np.full((240, 320, 3), 90, np.uint8)


class Eye:
    """Sees the made-up people who lie in a square that is no more than three times as long as they are."""

    def __init__(self, *people: Floats) -> None:
        self.people = list(people)
        self.looks: list[list[Square]] = []

    def look(self, picture_HW3: Picture, squares: Iterable[Square]) -> Floats:
        self.looks.append(list(squares))
        seen = [self._first(square) for square in self.looks[-1]]
        return np.array(seen, np.float32).reshape(-1, 14, 3)

    def _first(self, square: Square) -> Floats:
        for pose_J3 in self.people:
            left, top, right, bottom = box(pose_J3)
            inside = square.left <= left and right < square.left + square.side
            inside = inside and square.top <= top and bottom < square.top + square.side
            if inside and square.side < 3 * length(pose_J3):
                return pose_J3
        return np.zeros((14, 3), np.float32)


def test_everybody_is_found_once_and_the_surest_first() -> None:
    found = Finder(Eye(person(80, 200, 120, 0.6), person(230, 210, 110, 0.8)))(GROUND)
    assert [round(float(each[0, 2]), 1) for each in found] == [0.8, 0.6]


def test_who_is_known_is_looked_for_where_they_were_without_a_sweep() -> None:
    eye = Eye(person(80, 200, 120))
    finder = Finder(eye)
    finder(GROUND)
    looks = len(eye.looks)
    eye.people = [person(84, 200, 120)]
    assert len(finder(GROUND)) == 1
    assert [len(squares) for squares in eye.looks[looks:]] == [1, 0, 0]


def test_somebody_new_is_found_where_something_moves() -> None:
    eye = Eye()
    finder = Finder(eye, Search(empty_every=50))
    assert finder(GROUND) == []
    moved = GROUND.copy()
    moved[90:202, 70:96] = 220
    eye.people = [person(82, 200, 110)]
    assert len(finder(moved)) == 1


def test_now_and_then_the_whole_picture_is_swept_and_sooner_while_nobody_is_known() -> None:
    eye = Eye()
    finder = Finder(eye, Search(sweep_every=6, empty_every=2))
    for _ in range(5):
        finder(GROUND)
    sizes = [len(squares) for squares in eye.looks]
    assert sizes[1::3] == [len(sweep(240, 320)), 0, len(sweep(240, 320)), 0, len(sweep(240, 320))]


def test_a_later_sweep_leaves_out_what_shows_no_change_and_finds_who_has_come() -> None:
    eye = Eye(person(80, 200, 120))
    finder = Finder(eye, Search(sweep_every=2))
    for _ in range(3):
        finder(GROUND)
    assert [len(squares) for squares in eye.looks[1::3]] == [len(sweep(240, 320)), 0, 0]
    finder(GROUND)
    eye.people.append(person(260, 210, 100))
    came = GROUND.copy()
    came[110:211, 245:275] = 220
    assert len(finder(came)) == 2
    assert 0 < len(eye.looks[-2]) < len(sweep(240, 320))


def test_only_what_changed_beside_who_is_known_is_looked_at_again() -> None:
    still = np.full((240, 320), 90, np.uint8)
    after = still.copy()
    after[80:200, 60:100] = 200
    known = [person(80, 200, 120)]
    squares = [Square(40, 60, 100), Square(220, 60, 100)]
    assert renewed(still, still, squares, []) == []
    assert renewed(still, after, squares, []) == squares[:1]
    assert renewed(still, after, squares, known) == []
    assert moving(still, after, known) == []
    after[100:180, 250:290] = 200
    assert renewed(still, after, squares, known) == squares[1:]
    assert len(moving(still, after, known)) == 2


@pytest.mark.parametrize("change", ["unsure", "joints"])
def test_what_is_no_person_is_nobody(change: str) -> None:
    pose_J3 = person(80, 200, 120, sure=0.25 if change == "unsure" else 0.7)
    if change == "joints":
        pose_J3[4, :2] = 200, 100
    assert Finder(Eye(pose_J3))(GROUND) == []


def test_what_looks_otherwise_from_close_by_is_nobody() -> None:
    eye = Eye(person(80, 200, 120))
    finder = Finder(eye)
    assert len(finder(GROUND)) == 1

    def elsewhere(square: Square) -> Floats:
        shift = np.array([square.side, 0, 0], np.float32) * (1 if len(eye.looks) % 2 else -1)
        return person(square.left, square.top, 120) + shift

    eye._first = elsewhere  # type: ignore[method-assign]
    assert finder(GROUND) == []


def test_no_more_people_than_asked_for_are_kept() -> None:
    eye = Eye(*(person(40 + 60 * n, 150, 60, 0.4 + 0.1 * n) for n in range(5)))
    found = Finder(eye, Search(people=3))(GROUND)
    assert [round(float(each[0, 2]), 1) for each in found] == [0.8, 0.7, 0.6]


@settings(max_examples=40)
@given(st.integers(40, 900), st.integers(40, 900))
def test_the_sweep_leaves_no_place_out(height: int, width: int) -> None:
    squares = sweep(height, width)
    assert len(squares) == len(set(squares))
    least = min(height, width)
    for side in {each.side for each in squares}:
        part = [each for each in squares if each.side == side]
        assert min(each.left for each in part) <= 0 or side < least
        for axis, whole in (("left", width), ("top", height)):
            starts = sorted({getattr(each, axis) for each in part})
            assert starts[0] <= 1
            assert starts[-1] + side >= whole - 1
            assert all(b - a <= 0.75 * side + 1 for a, b in pairwise(starts))


def test_a_square_about_a_pose_has_room_and_its_middle() -> None:
    square = around(person(80, 200, 120))
    assert square.side == round(ROOM * 120)
    assert square.left + square.side / 2 == pytest.approx(80, abs=1)
    assert square.top + square.side / 2 == pytest.approx(140, abs=1)


@pytest.mark.parametrize("scale", [1, 3])
def test_what_moves_is_proposed_in_px_of_the_picture(scale: int) -> None:
    still = np.full((240 * scale, 320 * scale), 90, np.uint8)
    after = still.copy()
    after[100 * scale : 160 * scale, 200 * scale : 220 * scale] = 200
    squares = moving(still, after)
    assert len(squares) == 2
    for square in squares:
        assert square.left + square.side / 2 == pytest.approx(210 * scale, abs=5 * scale)
        assert square.top + square.side / 2 == pytest.approx(130 * scale, abs=5 * scale)
        assert square.side >= 60 * scale
    assert moving(still, still) == []
