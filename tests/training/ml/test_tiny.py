"""Data too small for what a run would like to do: it does what can be done and says what could not."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.house import QUICK, Heard, House, house
from training.ml.engine.plan import Plan
from training.ml.errors import TooLittle
from training.ml.run import run

SHORT = {
    **QUICK,
    "epochs": 2,
    "fold_epochs": 1,
    "single_epochs": 1,
    "global_epochs": 1,
    "epochs_without_val": 2,
}
side_of_clips = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["g1", "g2", "g3", "g4"])), max_size=5)


def ran(made: House) -> dict[str, Any]:
    return run(made.params(overrides=dict(SHORT)), made.folder / "out", Heard())


@settings(max_examples=12)
@given(
    st.fixed_dictionaries({"train": side_of_clips, "val": side_of_clips, "test": side_of_clips}),
    st.integers(1, 3),
    st.sampled_from([0, 1, 6]),
    st.sets(st.integers(0, 14), max_size=4),
)
def test_any_little_there_is_gives_a_report_or_a_sentence(
    sides: dict[str, list[tuple[int, str]]], candidates: int, each: int, lost: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = house(Path(folder), sides, candidates=candidates, each=each)
        for place in sorted(lost):
            if place < len(made.clips):
                made.lose(made.clips[place].clip)
        kept = {clip.label for clip in made.clips if clip.split == "train" and clip.clip in made.features}
        if len(kept) < 2:
            with pytest.raises(TooLittle, match="at least two classes"):
                ran(made)
            return
        report = ran(made)
        assert report["n_test"] == len(sides["test"])
        assert (report["top1"] is None) == (not sides["test"])
        assert report["curve_on"] == ("test" if sides["test"] else "val" if sides["val"] else "none")
        assert len(report["test_clips"]) == len(sides["test"])
        assert report["notes"]


def test_without_val_the_epochs_are_fixed_and_it_is_said(tmp_path: Path) -> None:
    groups = [(action, f"t{group}") for group in range(3) for action in range(2)]
    report = ran(house(tmp_path, {"train": groups, "test": [(0, "x"), (1, "x")]}, classes=2))
    assert report["best_epoch"] == 2
    assert (report["val_top1"], report["history"][0]["val_top1"]) == (None, None)
    assert any(
        "choosing the best epoch, so the classifier learned for 2 epochs" in n for n in report["notes"]
    )
    assert report["budget"] == Plan().most_budget


def test_without_a_test_side_there_is_no_test_number_and_curves_are_of_val(tmp_path: Path) -> None:
    groups = [(action, f"t{group}") for group in range(3) for action in range(2)]
    made = house(tmp_path, {"train": groups, "val": [(0, "v"), (1, "v"), (1, "w")]}, classes=2)
    made.note = "There is no test number: the clips come from 1 recording."
    report = ran(made)
    assert (report["top1"], report["macro_f1"], report["n_test"]) == (None, None, 0)
    assert report["curve_on"] == "val"
    assert report["val_top1"] == report["curve"]["smart"][str(report["budget"])]
    assert made.note in report["notes"]
    assert sum(map(sum, report["confusion"]["counts"])) == 3


def test_two_classes_of_one_clip_each_are_scored_in_sample_and_it_is_said(tmp_path: Path) -> None:
    report = ran(house(tmp_path, {"train": [(0, "a"), (1, "b")], "test": [(0, "x")]}, classes=2))
    assert any("too few clips to score frames out of fold" in note for note in report["notes"])


def test_a_class_that_cannot_be_learned_is_named(tmp_path: Path) -> None:
    groups = [(action, f"t{group}") for group in range(3) for action in range(2)]
    report = ran(house(tmp_path, {"train": groups, "test": [(2, "x"), (0, "x")]}))
    assert any("no clip to learn action 2 from" in note for note in report["notes"])
    assert report["per_class"][2]["support"] == 1
    assert report["per_class"][2]["recall"] == 0


def test_a_class_of_one_group_teaches_the_selector_nothing_and_it_is_said(tmp_path: Path) -> None:
    groups = [(action, f"t{group}") for group in range(3) for action in range(2)]
    report = ran(house(tmp_path, {"train": [*groups, (2, "t9")], "test": [(0, "x")]}))
    assert any(note.startswith("1 clip taught the single-frame selector nothing") for note in report["notes"])


def test_a_clip_of_one_frame_is_one_frame_at_every_budget(tmp_path: Path) -> None:
    groups = [(action, f"t{group}") for group in range(3) for action in range(2)]
    report = ran(house(tmp_path, {"train": groups, "test": [(0, "x")]}, classes=2, candidates=1, telling=1))
    assert report["test_clips"][0]["chosen"] == [0]
    assert len({value for curve in report["curve"].values() for value in curve.values()}) == 1
