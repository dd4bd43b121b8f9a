"""A whole run: what it writes, what it tells, and what it never looks at."""

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.ml.conftest import Ran
from tests.training.ml.house import QUICK, Heard, House, drawn, house, usual
from training.ml.engine.data import Vanished
from training.ml.engine.progress import PHASES
from training.ml.engine.telling import LEARNED
from training.ml.errors import BadFile, LearningError, TooLittle
from training.ml.features.clip import ClipFeatures
from training.ml.metrics import calibration_error, mean_average_precision, wilson
from training.ml.run import run

FILES = ("model.safetensors", "predictions.json")


def again(made: House, folder: Path, **changes: Any) -> dict[str, Any]:
    return run(made.params(str(folder / "checkpoints"), **changes), folder, Heard())


def loaded(path: Path) -> Any:
    return json.loads(path.read_text())


def same(one: Path, other: Path, names: Iterable[str] = FILES) -> list[bool]:
    return [(one / name).read_bytes() == (other / name).read_bytes() for name in names]


def relabelled(made: House, side: str) -> House:
    """The same clips with the labels of one side turned round by one class."""
    turned = {each.id: made.classes[place - 1].id for place, each in enumerate(made.classes)}
    clips = [replace(c, label=turned[c.label]) if c.split == side else c for c in made.clips]
    return replace(made, clips=clips)


def test_it_learns_what_there_is_to_learn(ran: Ran) -> None:
    assert ran.report["top1"] >= 5 / 6
    assert ran.report["val_top1"] >= 5 / 6
    assert ran.report["n_test"] == 6


def test_chosen_frames_beat_evenly_spread_ones(ran: Ran) -> None:
    curve = ran.report["curve"]
    assert curve["smart"]["1"] > curve["uniform"]["1"]


def test_curves_run_over_every_method_and_budget(ran: Ran) -> None:
    assert set(ran.report["curve"]) == {"uniform", "random", "mgsampler", "single", "global", "smart"}
    for by_budget in ran.report["curve"].values():
        assert list(by_budget) == [str(budget) for budget in range(1, 26)]
    at_all = {by_budget["25"] for by_budget in ran.report["curve"].values()}
    assert len(at_all) == 1, "with all frames it does not matter how they were chosen"
    assert ran.report["curve_on"] == "test"


def test_the_report_agrees_with_itself_and_with_the_predictions(ran: Ran) -> None:
    report, clips = ran.report, ran.report["test_clips"]
    hits = sum(clip["said"] == clip["label"] for clip in clips)
    assert report["top1"] == pytest.approx(hits / 6, abs=1e-6)
    assert (report["top1_low"], report["top1_high"]) == pytest.approx(wilson(hits, 6), abs=1e-6)
    assert sum(map(sum, report["confusion"]["counts"])) == 6
    assert np.trace(np.array(report["confusion"]["counts"])) == hits
    assert sum(camera["n"] for camera in report["per_camera"]) == 6
    assert report["top1"] == report["curve"]["smart"][str(report["budget"])]
    for clip, line in zip(clips, loaded(ran.out / "predictions.json"), strict=True):
        assert line["clip"] == clip["clip"]
        assert line["chosen"] == clip["chosen"] == sorted(clip["chosen"])
        assert max(line["scores"], key=line["scores"].__getitem__) == clip["said"]
        assert sum(line["scores"].values()) == pytest.approx(1, abs=1e-4)
        assert len(line["chosen"]) == min(report["budget"], 6)  # a clip has six candidates


def test_the_best_epoch_is_the_best_of_the_history(ran: Ran) -> None:
    lines = ran.report["history"]
    best = max(lines, key=lambda line: (line["val_top1"], -line["val_loss"], -line["epoch"]))
    assert ran.report["best_epoch"] == best["epoch"]


def test_what_is_returned_is_what_is_written(ran: Ran) -> None:
    assert loaded(ran.out / "report.json") == ran.report
    assert (ran.out / "model.safetensors").stat().st_size == ran.report["model_bytes"]
    assert ran.report["torn"] == []


def test_map_and_calibration_are_those_of_the_chances_on_test(ran: Ran) -> None:
    ids = [each["label"] for each in ran.report["per_class"]]
    scores = {line["clip"]: line["scores"] for line in loaded(ran.out / "predictions.json")}
    tested = ran.report["test_clips"]
    truth_N = np.array([ids.index(each["label"]) for each in tested])
    p_NC = np.array([[scores[each["clip"]][label] for label in ids] for each in tested])
    assert ran.report["map"] == pytest.approx(mean_average_precision(truth_N, p_NC), abs=1e-5)
    assert ran.report["ece"] == pytest.approx(calibration_error(truth_N, p_NC), abs=1e-5)
    card = loaded(ran.out / "card.json")["results"]
    assert (card["map"], card["ece"]) == (ran.report["map"], ran.report["ece"])


def test_progress_grows_and_ends_at_one(ran: Ran) -> None:
    fractions = [fraction for fraction, _, _ in ran.heard.lines]
    assert all(before <= after + 1e-9 for before, after in pairwise(fractions))
    assert fractions[-1] == pytest.approx(1)
    assert {facts["phase"] for _, _, facts in ran.heard.lines} == {name for name, _ in PHASES}


def test_curves_grow_by_an_epoch_at_a_time(ran: Ran) -> None:
    lengths = [len(facts["history"]) for _, _, facts in ran.heard.lines]
    assert set(lengths) == set(range(len(ran.report["history"]) + 1))
    last = ran.heard.lines[-1][2]
    assert [line["epoch"] for line in last["selector"]] == list(range(1, len(last["selector"]) + 1))
    assert last["selector"][0]["single_loss"] > 0
    assert last["selector"][0]["global_loss"] > 0
    assert [each["label"] for each in last["per_class"]] == ["class-0", "class-1", "class-2"]
    assert last["log"][-1]["text"] == "Done."
    assert last["memory_bytes"] > 0


def test_the_card_says_what_it_is_and_what_it_is_not(ran: Ran) -> None:
    card = loaded(ran.out / "card.json")
    assert card["data"]["per_class"]["action 0"] == {"train": 4, "val": 2, "test": 2}
    assert card["results"]["top1"] == ran.report["top1"]
    assert card["recipe"]["numbers"]["epochs"] == 12
    assert card["recipe"]["numbers"]["engine"]["folds"] == 3
    assert card["recipe"]["class_weights"].startswith("Classes are even")
    assert card["weights"].startswith("There were none")
    assert card["cost"]["parameters"] == ran.report["parameters"]
    assert card["cost"]["candidates"] == 6
    assert card["versions"]["torch"]
    assert any("another" in limit for limit in card["limits"])
    assert "No ImageNet weights were found" in card["notes"][0]


def test_the_card_says_that_telling_frames_were_learned_from(ran: Ran, tmp_path: Path) -> None:
    assert "train and val, for as many epochs" in loaded(ran.out / "card.json")["recipe"]["fitted_on"]
    report = again(ran.house, tmp_path, overrides={**QUICK, "telling": 2})
    card = loaded(tmp_path / "card.json")
    assert "the telling frames of train and val" in card["recipe"]["fitted_on"]
    assert LEARNED in card["notes"]
    assert report["budget"] <= 8


def test_the_card_says_what_choosing_frames_looks_at(ran: Ran, tmp_path: Path) -> None:
    assert "looks at all candidates" in loaded(ran.out / "card.json")["limits"][-1]
    made = usual(tmp_path / "house", recipe="smart_glance")
    run(made.params(recipe="smart_glance"), tmp_path / "out", Heard())
    assert (
        "glances at small pictures of the whole clip" in loaded(tmp_path / "out" / "card.json")["limits"][-1]
    )


def test_the_same_again_gives_the_same_bits(ran: Ran, tmp_path: Path) -> None:
    assert again(ran.house, tmp_path / "out")["top1"] == ran.report["top1"]
    assert all(same(tmp_path / "out", ran.out))


def test_labels_of_the_test_side_change_only_what_is_measured(ran: Ran, tmp_path: Path) -> None:
    turned = relabelled(replace(ran.house, folder=ran.house.folder), "test")
    report = again(turned, tmp_path / "out")
    assert all(same(tmp_path / "out", ran.out))
    assert report["top1"] < ran.report["top1"]
    assert report["budget"] == ran.report["budget"]


def test_labels_of_the_other_sides_change_the_model(ran: Ran, tmp_path: Path) -> None:
    report = again(relabelled(relabelled(ran.house, "train"), "val"), tmp_path / "out")
    assert not any(same(tmp_path / "out", ran.out))
    assert report["top1"] < 0.5, "it learned the wrong names"


def test_what_test_clips_look_like_changes_no_weight(ran: Ran, tmp_path: Path) -> None:
    made = replace(ran.house, features=dict(ran.house.features))
    for number, clip in enumerate(clip for clip in made.clips if clip.split == "test"):
        made.features[clip.clip] = str(tmp_path / f"{number}.safetensors")
        drawn(f"another {number}", number % 3).save(tmp_path / f"{number}.safetensors")
    again(made, tmp_path / "out")
    assert same(tmp_path / "out", ran.out) == [True, False]


def test_other_features_are_not_taken_for_those_of_a_killed_run(ran: Ran, tmp_path: Path) -> None:
    made = replace(ran.house, features=dict(ran.house.features))
    again(made, tmp_path / "out")
    clip = next(clip for clip in made.clips if clip.split == "train")
    drawn("another", 0).save(tmp_path / "other.safetensors")
    made.features[clip.clip] = str(tmp_path / "other.safetensors")
    again(made, tmp_path / "out")
    assert same(tmp_path / "out", ran.out) == [False, False]


def test_another_seed_makes_another_model(ran: Ran, tmp_path: Path) -> None:
    again(ran.house, tmp_path / "out", seed=4)
    assert not same(tmp_path / "out", ran.out)[0]


def test_ids_of_a_database_change_no_weight(ran: Ran, tmp_path: Path) -> None:
    names = {clip.clip: f"z{999 - place}" for place, clip in enumerate(ran.house.clips)}
    clips = [replace(clip, clip=names[clip.clip], video=f"y{clip.clip}") for clip in ran.house.clips]
    features = {names[clip]: path for clip, path in ran.house.features.items()}
    again(replace(ran.house, clips=clips, features=features), tmp_path / "out")
    assert same(tmp_path / "out", ran.out, ["model.safetensors"]) == [True]


def test_a_test_clip_without_features_is_wrong_and_a_train_clip_is_left_out(ran: Ran, tmp_path: Path) -> None:
    made = replace(ran.house, features=dict(ran.house.features), missing={})
    tested = next(clip for clip in made.clips if clip.split == "test")
    trained = next(clip for clip in made.clips if clip.split == "train")
    made.lose(tested.clip)
    made.lose(trained.clip)
    report = again(made, tmp_path / "out")
    assert report["n_test"] == 6
    assert report["top1"] <= 5 / 6 + 1e-6
    assert report["curve"]["smart"]["25"] <= 5 / 6 + 1e-6
    line = next(clip for clip in report["test_clips"] if clip["clip"] == tested.clip)
    assert (line["said"], line["p"], line["chosen"]) == (None, None, [])
    assert "1 of 6 clips have no features and count as wrong." in report["notes"]
    assert "1 labelled clip has no features and was left out of learning." in report["notes"]


def test_a_budget_that_is_asked_for_is_taken(ran: Ran, tmp_path: Path) -> None:
    overrides = {**ran.house.params()["overrides"], "budget": 2}
    report = again(ran.house, tmp_path / "out", overrides=overrides)
    assert report["budget"] == 2
    assert {len(clip["chosen"]) for clip in report["test_clips"]} == {2}


def test_the_champion_is_met_on_clips_it_has_not_learned_from(ran: Ran, tmp_path: Path) -> None:
    compare = {"model": str(ran.out / "model.safetensors"), "version": 7}
    champion = again(ran.house, tmp_path / "out", compare=compare)["champion"]
    assert champion == {"version": 7, "n": 6, "top1": ran.report["top1"], "won": 0, "lost": 0, "p": 1.0}
    sides = {"train": "test", "test": "train", "val": "val"}
    turned = replace(ran.house, clips=[replace(c, split=sides[c.split], end=149) for c in ran.house.clips])
    report = again(turned, tmp_path / "turned", compare=compare)
    assert report["champion"] is None
    assert any("learned from the recordings of 12 of these" in note for note in report["notes"])
    sides = {"train": "train", "test": "val", "val": "test"}
    turned = replace(ran.house, clips=[replace(c, split=sides[c.split]) for c in ran.house.clips])
    assert again(turned, tmp_path / "val", compare=compare)["champion"] is None, "val is learned from, too"


def test_without_a_test_side_val_is_measured_by_who_has_not_learned_from_it(tmp_path: Path) -> None:
    sides = {side: [(action, f"{side}{n}") for n in range(groups) for action in (0, 1)]
             for side, groups in (("train", 2), ("val", 6))}  # fmt: skip
    made = relabelled(house(tmp_path / "house", sides, classes=2), "val")
    report = again(made, tmp_path / "out")
    assert (report["curve_on"], report["top1"], report["n_test"]) == ("val", None, 0)
    assert report["val_top1"] < 0.5, "it says what it learned, and val says the opposite"
    assert report["curve"]["smart"][str(report["budget"])] == report["val_top1"]


def test_uneven_classes_are_weighed_and_chosen_by_macro_f1(tmp_path: Path) -> None:
    sides = {
        "train": [(0, f"t{n % 4}") for n in range(8)] + [(1, f"t{n}") for n in range(3)],
        "val": [(0, "v0"), (0, "v1"), (1, "v0")],
        "test": [(0, "x0"), (1, "x1")],
    }
    made = house(tmp_path / "house", sides, classes=2)
    report = again(made, tmp_path / "out")
    best = max(report["history"], key=lambda line: (line["val_macro_f1"], -line["val_loss"], -line["epoch"]))
    assert report["best_epoch"] == best["epoch"]
    card = loaded(tmp_path / "out" / "card.json")
    assert card["recipe"]["chosen_by"] == "val macro-F1"
    assert "uneven" in card["recipe"]["class_weights"]


@pytest.mark.parametrize("cut", [0, 100, -1])
def test_a_torn_features_file_is_a_missing_clip_and_said(tmp_path: Path, cut: int) -> None:
    made = usual(tmp_path / "house", classes=2, train=2)
    path = Path(made.features["clip-001"])
    path.write_bytes(path.read_bytes()[:cut])
    report = again(made, tmp_path / "out")
    assert report["torn"] == ["clip-001"]
    assert "1 labelled clip has no features and was left out of learning." in report["notes"]
    assert any("features file clip-001" in note for note in report["notes"])


def test_a_file_that_is_not_there_may_come_back(tmp_path: Path) -> None:
    made = usual(tmp_path / "house", classes=2, train=2)
    Path(made.features["clip-001"]).unlink()
    with pytest.raises(Vanished, match=r"001\.mp4") as caught:
        again(made, tmp_path / "out")
    assert not caught.value.permanent


def test_features_made_in_different_ways_are_not_mixed(tmp_path: Path) -> None:
    made = usual(tmp_path / "house", classes=2, train=2)
    path = Path(made.features["clip-001"])
    replace(ClipFeatures.load(path), recipe="another").save(path)
    with pytest.raises(BadFile, match=r"made in different ways"):
        again(made, tmp_path / "out")


@pytest.mark.parametrize(
    "sides", [{"train": [(0, "a"), (0, "b")], "val": [(1, "c")]}, {"test": [(0, "a"), (1, "b")]}, {}]
)
def test_one_class_is_too_little(tmp_path: Path, sides: dict[str, list[tuple[int, str]]]) -> None:
    made = house(tmp_path / "house", sides, classes=2)
    with pytest.raises(TooLittle, match="at least two classes") as caught:
        again(made, tmp_path / "out")
    assert isinstance(caught.value, LearningError)
