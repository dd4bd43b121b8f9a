"""Recordings are cut by seconds."""

import pytest

from training.ml.skeletons.pieces import BadPieces, pieces


def test_pieces_are_of_seconds_not_of_frames() -> None:
    assert pieces(400, 30) == [(0, 150), (150, 300)]
    assert pieces(400, 15) == [(0, 75), (75, 150), (150, 225), (225, 300), (300, 375)]


def test_overlapping_pieces_begin_earlier() -> None:
    assert pieces(300, 30, overlap=0.5) == [(0, 150), (75, 225), (150, 300)]


def test_fractions_of_frames_do_not_add_up() -> None:
    starts = [start for start, _ in pieces(30_000, 29.97)]
    assert starts[100] == round(100 * 5 * 29.97)


def test_a_short_recording_is_one_piece() -> None:
    assert pieces(40, 30) == [(0, 40)]
    assert pieces(0, 30) == []


@pytest.mark.parametrize(("seconds", "overlap"), [(0.0, 0.0), (float("nan"), 0.0), (5.0, 1.0), (5.0, -0.1)])
def test_pieces_that_are_none_are_refused(seconds: float, overlap: float) -> None:
    with pytest.raises(BadPieces, match="is none"):
        pieces(100, 30, seconds=seconds, overlap=overlap)
