"""Several models are added up over the same clips, whatever the order of their classes, files and weights."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.ml.fit.small import CLASSES, RECIPE, Drawn, side
from training.ml.datasets import Sample, WrongProtocol
from training.ml.fit.fusion import Voice, added, aligned, measured_together, scores_of, voices_of
from training.ml.fit.measure import logits_of
from training.ml.fit.model import Fitted
from training.ml.fit.network import network_of
from training.ml.fit.recipe import FitRecipe, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.fit.views import seen

pytestmark = pytest.mark.usefixtures("small")


def model(seed: int = 0, classes: tuple[str, ...] = CLASSES, of: FitRecipe = RECIPE) -> Fitted:
    return Fitted(of, classes, network_of(replace(of, seed=seed), len(classes)).eval())


def turned(found: Fitted) -> Fitted:
    """The same model with its classes in another order."""
    network = network_of(RECIPE, len(CLASSES))
    state = {
        name: each.flip(0) if name.startswith("head") else each
        for name, each in found.network.state_dict().items()
    }
    network.load_state_dict(state)
    return Fitted(found.recipe, found.classes[::-1], network.eval())


def saved(folder: Path, *models: Fitted) -> list[Path]:
    for number, each in enumerate(models):
        each.save(folder / f"{number}.safetensors")
    return [folder / f"{number}.safetensors" for number in range(len(models))]


def test_the_sum_counts_each_model_by_its_weight() -> None:
    voices = Voice("a", model()), Voice("b", model(), 1.5)
    one_NC, two_NC = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[0.0, 1.0, 0.0]])
    assert added(voices, [one_NC, two_NC], "logits").tolist() == [[1.0, 1.5, 0.0]]
    chances = (one_NC.softmax(1) + 1.5 * two_NC.softmax(1)) / 2.5
    torch.testing.assert_close(
        added(voices, [one_NC, two_NC], "softmax").softmax(1), chances, check_dtype=False
    )


def test_classes_are_told_by_name_and_not_by_number(tmp_path: Path) -> None:
    found, clips = model(), side("test", 6)
    voices = voices_of(saved(tmp_path, found, turned(found)), [])
    report = measured_together(voices, [clips, clips], Team(), lambda _: lambda *_: None)
    alone_NC = logits_of(found.network, found.feed, clips, Team())
    right = float((alone_NC.argmax(1) == clips.label_N).float().mean())
    assert [each["top1"] for each in report["models"]] == pytest.approx([right, right], abs=1e-5)
    assert report["top1"] == pytest.approx(right, abs=1e-5)
    assert [each["weight"] for each in report["models"]] == [1, 1]


def test_models_that_see_otherwise_are_each_asked_in_their_own_way(tmp_path: Path) -> None:
    wider = model(1, of=seen(RECIPE, crops=10))
    voices = voices_of(saved(tmp_path, model(), wider), [2, 1])
    clips = side("test", 4)
    sides = [clips, replace(clips, sees=wider.recipe.sees)]
    report = measured_together(voices, sides, Team(), lambda _: lambda *_: None)
    assert [each["crops"] for each in report["models"]] == [1, 10]
    logits = [
        logits_of(voice.model.network, voice.model.feed, each, Team())
        for voice, each in zip(voices, sides, strict=True)
    ]
    said_N = (2 * logits[0] + logits[1]).argmax(1)
    assert report["top1"] == pytest.approx(float((said_N == clips.label_N).float().mean()), abs=1e-5)


def test_models_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    one, other, soft = saved(
        tmp_path,
        model(),
        model(classes=("red", "green", "pink")),
        model(of=replace(RECIPE, scores="softmax")),
    )
    with pytest.raises(WrongRecipe, match=r"only .*0\.safetensors knows blue; only .*1\..* knows pink\."):
        voices_of([one, other], [])
    with pytest.raises(WrongRecipe, match="There are 3 weights for 2 models"):
        voices_of([one, one], [1, 2, 3])
    for weights in ([1, -1], [0, 0], [1, float("nan")]):
        with pytest.raises(WrongRecipe, match="weights of 0 or more"):
            voices_of([one, one], weights)
    with pytest.raises(WrongRecipe, match="say by --scores what is summed"):
        scores_of(voices_of([one, soft], []))


def clips(*names: str) -> Side:
    samples = tuple(Sample(path=Path(name), label=CLASSES[n % 3]) for n, name in enumerate(names))
    return Side(samples, torch.arange(len(names)) % 3, CLASSES, RECIPE.sees, Drawn())


def test_the_same_clips_are_found_in_files_of_another_sensor() -> None:
    films = clips("a/S001A001_rgb.avi", "a/S001A002_rgb.avi")
    bodies = clips("b/S001A001.skeleton", "b/S001A002.skeleton")
    turned_round = replace(bodies, samples=bodies.samples[::-1], label_N=bodies.label_N.flip(0))
    found = aligned(films, turned_round, "bodies")
    assert found.samples == bodies.samples
    assert found.label_N.tolist() == [0, 1]


def test_clips_that_are_not_the_same_are_told() -> None:
    films = clips("a/1.avi", "a/2.avi")
    with pytest.raises(WrongProtocol, match=r"m is asked about 1 clips and .* about 2.*; 2\.avi is on one"):
        aligned(films, clips("a/1.avi"), "m")
    with pytest.raises(WrongProtocol, match=r"3\.mat is on one side only"):
        aligned(films, clips("b/1.mat", "b/2.mat", "b/3.mat"), "m")
    one, other = (clips(f"{folder}/1", f"{folder}/2", f"{folder}/3", f"{folder}/x/1") for folder in "ab")
    with pytest.raises(WrongProtocol, match="names come twice"):
        aligned(one, other, "m")
