"""Two recipes learn on the same clips, are added up, and go on where they were killed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.ml.engine.network.dying import broken_off
from tests.training.ml.engine.network.test_poses import poses_for
from tests.training.ml.house import FINGERPRINT, QUICK, Heard, House, drawn, usual
from training.ml import recipes
from training.ml.engine.fusion.model import FusedModel, added
from training.ml.engine.fusion.parts import phases_of
from training.ml.engine.models import load_model, said, seen, seen_by_parts
from training.ml.engine.scoring import Answer
from training.ml.errors import BadFile
from training.ml.features.bundle import ClipBundle
from training.ml.predict import run as predict
from training.ml.recipes.fusion import FusionRecipe, together
from training.ml.recipes.motion import SMART_MOTION
from training.ml.recipes.networks import LIMBS
from training.ml.run import run

MOTION = replace(
    SMART_MOTION,
    name="tiny_motion",
    title="Tiny motion",
    components=4,
    words=2,
    sample=2000,
    rounds=3,
    latent=4,
)
BODY = replace(LIMBS, name="tiny_limbs", title="Tiny limbs", moments=12, batch=4)
BOTH = FusionRecipe(name="tiny_both", title="Both", why="For tests.", parts=(MOTION, BODY), epochs=6)
WEIGHTS = together(["none", "f" * 64])
NUMBERS = {
    name: QUICK[name]
    for name in ("patience", "folds", "fold_epochs", "single_epochs", "global_epochs", "hidden")
}
ACTIONS = {"class-0": (0, 0), "class-1": (0, 1), "class-2": (1, 0)}
"""What motion and what limbs do in each class: neither tells all three apart alone."""


def bundled(content: str, label: str, *, alone: bool = False) -> ClipBundle:
    """What both parts keep of a clip; `alone`: nobody was seen in it."""
    moves, limbs = ACTIONS[label]
    parts: dict[str, Any] = {MOTION.name: drawn(content, moves)}
    poses = replace(poses_for(content, limbs), recipe=BODY.feature_fingerprint("f" * 64))
    missing = {BODY.name: "Nobody is seen in this clip."} if alone else {}
    parts |= {} if alone else {BODY.name: poses}
    return ClipBundle.of(parts, missing, recipe=BOTH.feature_fingerprint(WEIGHTS), weights=WEIGHTS)


@pytest.fixture(scope="module", autouse=True)
def _tiny() -> Any:
    assert MOTION.feature_fingerprint("") == FINGERPRINT
    for each in (MOTION, BODY, BOTH):
        recipes.RECIPES[each.name] = each
    yield
    for each in (MOTION, BODY, BOTH):
        del recipes.RECIPES[each.name]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = usual(tmp_path_factory.mktemp("fusion") / "house")
    unposed = {next(each.clip for each in made.clips if each.split == side) for side in ("train", "test")}
    for clip in made.clips:
        bundle = bundled(clip.content_sha256, clip.label, alone=clip.clip in unposed)
        bundle.save(Path(made.features[clip.clip]))
    return made


def asked(house: House, checkpoints: Path, **changes: Any) -> dict[str, Any]:
    return house.params(str(checkpoints), recipe="tiny_both", **{"overrides": NUMBERS, **changes})


Ran = tuple[Path, dict[str, Any], Heard]


@pytest.fixture(scope="module")
def ran(house: House, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out, heard = tmp_path_factory.mktemp("ran"), Heard()
    return out, run(asked(house, out / "checkpoints"), out, heard), heard


def test_each_part_is_a_phase_that_tells_its_epochs(ran: Ran) -> None:
    _, _, heard = ran
    assert {facts["phase"] for _, _, facts in heard.lines} == {name for name, _ in phases_of(BOTH)}
    epochs = {(facts["phase"], facts["epoch"]) for _, _, facts in heard.lines}
    assert {("Tiny motion", 6), ("Tiny limbs", 6)} <= epochs
    fractions = [fraction for fraction, _, _ in heard.lines]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    lines = [line["text"] for line in heard.lines[-1][2]["log"]]
    assert any(line.startswith("Tiny limbs: Best epoch") for line in lines)


def test_the_report_tells_each_part_beside_the_sum(ran: Ran) -> None:
    out, report, _ = ran
    assert report["n_test"] == 6
    assert [part["recipe"] for part in report["parts"]] == ["tiny_motion", "tiny_limbs"]
    for part in report["parts"]:
        assert 0 <= part["top1"] <= 1
        assert len(part["history"]) == 6
    assert [part["unread"] for part in report["parts"]] == [0, 2]
    assert report["top1"] >= max(part["top1"] for part in report["parts"])
    card = json.loads((out / "card.json").read_text())
    assert [part["title"] for part in card["parts"]] == ["Tiny motion", "Tiny limbs"]
    assert report["parameters"] == sum(part["parameters"] for part in report["parts"])
    assert any(note.startswith("Tiny limbs: 1 labelled clip has no features") for note in report["notes"])


def test_its_curve_ends_in_what_it_says_by_itself(ran: Ran) -> None:
    _, report, _ = ran
    assert sorted(report["curve"]) == ["smart", "uniform"]
    assert report["curve"]["smart"][str(report["budget"])] == report["top1"]


def test_what_is_suggested_is_what_was_measured(ran: Ran, house: House, tmp_path: Path) -> None:
    out, _, _ = ran
    clips = [
        {"clip": each.clip, "name": each.clip, "features": house.features[each.clip], "proxy": ""}
        | {"start": each.start, "end": each.end, "fps": each.fps}
        for each in house.manifest.clips
        if each.split == "test"
    ]
    params = {"model": str(out / "model.safetensors"), "clips": clips, "weights": ""}
    told = predict({**params, "methods": ["random", "smart"], "budgets": [2, 25]}, tmp_path, Heard())
    assert told["errors"] == {}
    lines = json.loads((tmp_path / "predictions.json").read_text())
    assert all(sorted(line.pop("grid")) == ["random", "smart"] for line in lines)
    assert lines == json.loads((out / "predictions.json").read_text())


def test_killed_in_any_part_it_ends_in_the_same_bits(ran: Ran, house: House, tmp_path: Path) -> None:
    params = asked(house, tmp_path / "checkpoints")
    stages = (
        "classifier, epoch 6",
        "global selector",
        "network, epoch 3",
        "network, once more with val, epoch 1",
    )
    titles = ("Tiny motion", "Tiny motion", "Tiny limbs", "Tiny limbs")
    for title, stage in zip(titles, stages, strict=True):
        broken_off(params, f"{title}: {stage}", tmp_path / "dead")
    run(params, tmp_path / "out", Heard())
    for name in ("model.safetensors", "predictions.json"):
        assert (tmp_path / "out" / name).read_bytes() == (ran[0] / name).read_bytes(), name


def test_the_parts_are_models_of_their_own_and_where_one_is_blind_the_other_speaks(
    ran: Ran, house: House
) -> None:
    model = load_model(ran[0] / "model.safetensors")
    assert isinstance(model, FusedModel)
    assert (ran[0] / "model.safetensors").read_bytes() == model.to_bytes()
    blind = next(each for each in house.clips if each.split == "test")
    clip = seen_by_parts(model, Path(house.features[blind.clip]), blind.name, blind.clip)
    assert clip.answers == {}
    alone = said(model.parts["tiny_motion"], clip.clips["tiny_motion"])
    assert np.allclose(said(model, clip).p_C, alone.p_C)


def test_a_bundle_of_other_parts_is_told(ran: Ran, tmp_path: Path) -> None:
    model = load_model(ran[0] / "model.safetensors")
    bundle = bundled("00000001", "class-0")
    replace(bundle, files={"other": next(iter(bundle.files.values()))}).save(tmp_path / "odd")
    with pytest.raises(BadFile, match="of other parts than this model has"):
        seen(model, tmp_path / "odd", "a clip", "a")


def test_a_later_recipe_of_one_part_is_compared_with_it(ran: Ran, house: House, tmp_path: Path) -> None:
    champion = run(
        usual(tmp_path / "other").params(str(tmp_path / "c1"), overrides=QUICK),
        tmp_path / "champion",
        Heard(),
    )
    compare = {
        "model": str(tmp_path / "champion" / "model.safetensors"),
        "version": 4,
        "features": usual(tmp_path / "other").features,
    }
    found = run(asked(house, tmp_path / "c2", compare=compare), tmp_path / "new", Heard())
    assert (found["champion"]["version"], found["champion"]["n"]) == (4, 6)
    assert found["champion"]["top1"] == champion["top1"]


def test_logits_are_added() -> None:
    one, other = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.6, 0.3])
    both = added([Answer(one, (1, 2)), Answer(other, (3,))])
    assert np.allclose(both.p_C, one * other / (one * other).sum())
    assert both.ordinals == (1, 2)
    sure = added([Answer(np.array([1.0, 0.0]), ()), Answer(np.array([0.4, 0.6]), ())])
    assert sure.said == 0
    assert np.isfinite(sure.p_C).all()
