"""Predictions that are written down, and how they are held against labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelling.formats.labels_csv import LabelRow
from training.trial import ClipSaid, Grid, read, score, written


def row(file: str, label: str, start: int | None = None, end: int | None = None) -> LabelRow:
    return LabelRow(2, file, label, start=start, end=end)


def clip(name: str, start: int = 0, end: int = 10, grid: Grid | None = None) -> ClipSaid:
    return ClipSaid(start, end, {name: 0.9, "other": 0.1}, grid or {})


def test_every_row_counts_also_one_of_which_nothing_was_said() -> None:
    said = {"a.mp4": [clip("run")], "b.mp4": [clip("run")], "c.mp4": []}
    rows = [row("a.mp4", "run"), row("b.mp4", "walk"), row("c.mp4", "run"), row("gone.mp4", "run")]
    assert score(rows, said).top1 == 0.25
    assert score(rows, said).rows == 4


def test_a_file_without_a_row_counts_for_nothing() -> None:
    assert score([row("a.mp4", "run")], {"a.mp4": [clip("run")], "b.mp4": [clip("walk")]}).top1 == 1


def test_clips_speak_for_their_frames() -> None:
    said = {"a.mp4": [clip("run", 0, 30), clip("walk", 30, 100)]}
    assert score([row("a.mp4", "walk")], said).top1 == 1
    assert score([row("a.mp4", "run", 0, 40)], said).top1 == 1
    assert score([row("a.mp4", "run", 20, 60)], said).top1 == 0
    assert score([row("a.mp4", "run", 100, 120)], said).top1 == 0


def test_a_row_may_leave_the_folder_out_where_the_name_says_enough() -> None:
    said = {"gate/a.mp4": [clip("run")], "gate/b.mp4": [clip("run")], "yard/b.mp4": [clip("run")]}
    assert score([row("a.mp4", "run")], said).top1 == 1
    assert score([row("b.mp4", "run")], said).top1 == 0, "it could be either"
    assert score([row("yard\\b.mp4", "Run")], said).top1 == 1


def test_the_curve_is_what_each_choice_of_frames_says() -> None:
    grid = {"smart": {"1": "walk", "2": "run"}, "uniform": {"1": "walk", "2": "walk"}}
    found = score([row("a.mp4", "run")], {"a.mp4": [clip("run", grid=grid)]})
    assert found.curve == {"smart": {"1": 0.0, "2": 1.0}, "uniform": {"1": 0.0, "2": 0.0}}


def test_macro_f1_weighs_classes_alike() -> None:
    said = {f"{n}.mp4": [clip("run")] for n in range(4)}
    rows = [row(f"{n}.mp4", "run" if n else "walk") for n in range(4)]
    assert score(rows, said).macro_f1 == pytest.approx((2 * 3 / (4 + 3) + 0) / 2)


NAMES = st.sampled_from(["run", "walk", "dig"])
CLIPS = st.builds(
    ClipSaid,
    start=st.integers(0, 50),
    end=st.integers(51, 90),
    scores=st.dictionaries(NAMES, st.floats(0, 1).map(lambda p: round(p, 6)), min_size=1),
    grid=st.dictionaries(st.just("smart"), st.dictionaries(st.sampled_from(["1", "2"]), NAMES)),
)
SAID = st.dictionaries(st.text(min_size=1, max_size=5), st.lists(CLIPS, max_size=2), max_size=4)


@given(SAID)
def test_what_was_written_is_read_back(said: dict[str, list[ClipSaid]]) -> None:
    back = read(written(said))
    assert back == {name: tuple(sorted(clips, key=lambda clip: clip.start)) for name, clips in said.items()}
    assert written(back) == written(said)
