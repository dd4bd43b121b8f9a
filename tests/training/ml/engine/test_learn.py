"""Which clips each classifier learns from, and for how long."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.ml.house import Heard, usual
from training.ml.classifier import ClipClassifier, whole_batch
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Pool, train
from training.ml.engine.data import dataset_of
from training.ml.engine.learn import (
    Known,
    Material,
    MotionDesk,
    chooser_of,
    lesson_of,
    prepared,
    refitted,
    selectors,
)
from training.ml.engine.plan import Plan
from training.ml.engine.progress import Progress
from training.ml.engine.selectors import train_single
from training.ml.metrics import top1
from training.ml.recipes.motion import SMART_MOTION

SMALL = replace(SMART_MOTION, components=4, words=2, rounds=2, latent=4, epochs=9)


@pytest.fixture
def desk(tmp_path: Path) -> MotionDesk:
    """Val has its labels the wrong way round, so that an early epoch is the best."""
    made = usual(tmp_path / "house", classes=2, train=3)
    other = {"class-0": "class-1", "class-1": "class-0"}
    made.clips = [replace(c, label=other[c.label]) if c.split == "val" else c for c in made.clips]
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    dataset = dataset_of(made.manifest, made.features, {})
    return MotionDesk(dataset, SMALL, Plan(patience=4), 3, folder, Progress(Heard()))


@pytest.fixture
def material(desk: MotionDesk) -> Material:
    return prepared(desk, None)


def test_the_last_classifier_learns_from_train_and_val_for_as_many_epochs_as_were_best(
    desk: MotionDesk, material: Material, tmp_path: Path
) -> None:
    lesson = lesson_of(desk, material)
    found = chooser_of(desk, lesson, material)
    best = found.fitted.best_epoch
    assert best < len(found.fitted.history)
    labels = torch.cat([material.train.label_N, material.val.label_N])
    both = Pool([*material.train.clips, *material.val.clips], labels)
    again, _ = train(lesson, both, "refit", epochs=best, slot=Slot(tmp_path, "again"))
    last = refitted(desk, lesson, material, found)
    assert torch.equal(last.linear.weight, again.linear.weight)


def test_the_one_that_chooses_has_learned_from_train_alone_and_is_the_best_epoch_s(
    desk: MotionDesk, material: Material, tmp_path: Path
) -> None:
    lesson = lesson_of(desk, material)
    found = chooser_of(desk, lesson, material)
    best = found.fitted.best_epoch
    alone, _ = train(lesson, material.train, "classifier", epochs=best, slot=Slot(tmp_path, "alone"))
    assert torch.equal(found.classifier.linear.weight, alone.linear.weight)
    said_N = found.classifier(whole_batch(material.encoder, material.val.clips)).argmax(1).numpy()
    line = found.fitted.history[best - 1]
    assert line["val_top1"] == pytest.approx(top1(material.val.label_N.numpy(), said_N), abs=1e-6)


def test_the_encoder_is_fitted_on_the_train_side_alone(desk: MotionDesk, material: Material) -> None:
    trained = torch.stack([torch.from_numpy(clip.appearance_ND.mean(0)) for clip in material.train.clips])
    torch.testing.assert_close(trained.mean(0), torch.zeros(trained.shape[1]), atol=1e-3, rtol=0)
    rest = [material.clips[at] for at in range(len(desk.dataset.train), len(material.clips))]
    others = torch.stack([torch.from_numpy(clip.appearance_ND.mean(0)) for clip in rest])
    assert others.mean(0).abs().max() > 1e-2, "it is centred on what it was fitted on"


def test_the_single_frame_selector_learns_from_the_clips_that_were_scored(
    desk: MotionDesk, material: Material, tmp_path: Path
) -> None:
    lesson, plan = lesson_of(desk, material), desk.plan
    chooser, places = ClipClassifier(material.encoder.width, 2), [1, 4]
    scores = [torch.linspace(0, place / 4, len(material.train.clips[place])) for place in places]
    single, _ = selectors(desk, lesson, material, chooser, Known(places, scores))
    half = [torch.full((len(clip),), 0.5) for clip in material.val.clips]  # it has learned nothing yet
    again, _ = train_single(
        [material.train.clips[place] for place in places],
        scores,
        val=(material.val.clips, half),
        plan=plan,
        seed=desk.seed,
        slot=Slot(tmp_path, "again"),
        tell=lambda *_: None,
    )
    assert torch.equal(single.out.weight, again.out.weight)
