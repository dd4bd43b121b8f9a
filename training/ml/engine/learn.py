"""The phases that learn: encoder, oracle, classifier, selectors. Each goes on from its checkpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import torch
from torch import Tensor

from training.ml.classifier import ClipClassifier
from training.ml.encoder import Encoder, Floats
from training.ml.engine.classify import Lesson, Pool, Told, class_weights, train
from training.ml.engine.data import EncodedClips, Features, Sample, encoded
from training.ml.engine.desk import Desk
from training.ml.engine.loop import Fitted, Line, Tell
from training.ml.engine.oracle import folds_of, known_outside, scored, truths
from training.ml.engine.selectors import train_global, train_single
from training.ml.models.smart import GlobalSelector, SingleFrameSelector
from training.ml.recipes.motion import MotionRecipe

MotionDesk = Desk[MotionRecipe]


@dataclass(frozen=True)
class Material:
    """The encoded clips, by side; test clips have no labels here."""

    encoder: Encoder
    train: Pool
    val: Pool
    test: Sequence[int]
    clips: EncodedClips
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class Chooser:
    """A classifier that learned from train alone, for everything that val decides."""

    classifier: ClipClassifier
    epochs: int
    """For as many the one learns that is kept."""
    fitted: Fitted
    """How whole clips were learned."""


@dataclass(frozen=True)
class Known:
    """What the oracle knows: its scores of the frames of the clips at these places of the train side."""

    places: Sequence[int]
    scores: Sequence[Tensor]


def prepared(desk: MotionDesk, glove: Floats | None) -> Material:
    """Fit the encoder on the train side, encode every clip."""
    dataset, slot = desk.dataset, desk.slot("encoder")
    if saved := slot.load():
        encoder = Encoder.from_tensors(saved[0])
    else:
        desk.progress.tell(0.0, "looking for what moves alike")
        encoder = Encoder.fit(Features(dataset.train), recipe=desk.recipe, seed=desk.seed, glove=glove)
        slot.save(encoder.to_tensors(), {})
        # What is used is what was kept, so that a run that goes on uses the same.
        encoder = Encoder.from_tensors(encoder.to_tensors())
    tell = desk.progress.tell
    clips = encoded(
        encoder,
        dataset.samples,
        desk.folder,
        lambda done: tell(0.4 + 0.6 * done, f"describing clips, {len(dataset.samples)} in all"),
    )
    trained, valued = len(dataset.train), len(dataset.train) + len(dataset.val)
    return Material(
        encoder,
        _pool(clips, dataset.train, 0),
        _pool(clips, dataset.val, trained),
        range(valued, len(clips)),
        clips,
        dataset.samples,
    )


def lesson_of(desk: MotionDesk, material: Material) -> Lesson:
    """What is the same for every classifier of the run."""
    manifest = desk.dataset.manifest
    weight_C = class_weights(material.train.label_N, len(manifest.classes), manifest.even)
    return Lesson(material.encoder, desk.recipe, weight_C, desk.seed, manifest.even)


def oracle(desk: MotionDesk, lesson: Lesson, material: Material) -> Known:
    """Score the frames of the train side.

    A clip whose class no other fold has seen is left out: its scores would say nothing about its frames.
    """
    labels = material.train.label_N.tolist()
    groups = [sample.clip.group for sample in desk.dataset.train]
    contents = [sample.content for sample in desk.dataset.train]
    folds = folds_of(groups, labels, contents, desk.plan.folds)
    if folds.note:
        desk.progress.note(folds.note)
    scores = scored(
        lesson,
        material.train,
        folds,
        desk.plan,
        desk.slot,
        lambda done, fold: desk.progress.tell(done, f"scoring frames, part {fold + 1} of {folds.count}"),
    )
    places = known_outside(folds.of, labels) if folds.count > 1 else list(range(len(labels)))
    if len(places) < len(labels):
        left = len(labels) - len(places)
        desk.progress.note(
            f"{left} {'clip' if left == 1 else 'clips'} taught the single-frame selector nothing: "
            f"{'its' if left == 1 else 'their'} class is seen in one group only."
        )
    return Known(places, [scores[place] for place in places])


def chooser_of(desk: MotionDesk, lesson: Lesson, material: Material) -> Chooser:
    """A classifier that learns from train, of whole clips, and keeps the epoch that is best on val."""
    progress, plan = desk.progress, desk.plan
    val = material.val if len(material.val) else None
    epochs = desk.recipe.epochs if val else min(desk.recipe.epochs, plan.epochs_without_val)
    if val is None:
        progress.note(
            "No clip could be spared for choosing the best epoch, so the classifier learned for "
            f"{epochs} epochs."
        )
    began, before = monotonic(), [0]

    def hear(history: list[Line], best: int) -> None:
        before[0] += 1
        speed = before[0] * len(material.train) / max(monotonic() - began, 1e-9)
        progress.tell(
            len(history) / epochs,
            f"classifier, epoch {len(history)} of {epochs}",
            epoch=len(history),
            epochs=epochs,
            history=history,
            best_epoch=best,
            clips_per_second=round(speed, 1),
        )

    chooser, fitted = train(
        lesson,
        material.train,
        "classifier",
        epochs=epochs,
        slot=desk.slot("classifier"),
        val=val,
        patience=plan.patience if val else 0,
        tell=hear,
    )
    progress.log(f"Best epoch: {fitted.best_epoch} of {len(fitted.history)}.")
    progress.tell(1.0, "classifier", history=fitted.history, best_epoch=fitted.best_epoch)
    return Chooser(chooser, fitted.best_epoch, fitted)


def refitted(
    desk: MotionDesk, lesson: Lesson, material: Material, found: Chooser, told: Told | None = None
) -> ClipClassifier:
    """The classifier that is kept: from train and val, for as many epochs.

    `told` are scores of the frames of both sides, where it is to learn from the telling ones.
    """
    val = material.val
    if not len(val):
        return found.classifier
    epochs = found.epochs
    both = Pool([*material.train.clips, *val.clips], torch.cat([material.train.label_N, val.label_N]), told)
    last, _ = train(
        lesson,
        both,
        "refit",
        epochs=epochs,
        slot=desk.slot("refit"),
        tell=lambda history, _best: desk.progress.tell(
            0.8 + 0.2 * len(history) / epochs, "classifier, once more with val"
        ),
    )
    return last


def oracle_on_val(material: Material, chooser: ClipClassifier) -> list[Tensor]:
    """The oracle's scores of val's frames, by a classifier that has not learned from them."""
    pairs = zip(material.val.clips, material.val.label_N.tolist(), strict=True)
    return [truths(material.encoder, chooser, clip, label) for clip, label in pairs]


def selectors(
    desk: MotionDesk,
    lesson: Lesson,
    material: Material,
    chooser: ClipClassifier,
    known: Known,
) -> tuple[SingleFrameSelector, GlobalSelector]:
    """Train delta towards the oracle, then gamma; val, which the chooser has not seen, says when to stop."""
    plan, val = desk.plan, material.val
    lines: dict[int, Line] = {}

    def hear(name: str, epochs: int, start: float) -> Tell:
        def told(history: list[Line], _best: int) -> None:
            for line in history:
                blank = {"epoch": line["epoch"], "single_loss": None, "global_loss": None}
                lines.setdefault(line["epoch"], blank)[f"{name}_loss"] = line["loss"]
            curve = [dict(lines[epoch]) for epoch in sorted(lines)]
            done = start + 0.3 * len(history) / epochs
            desk.progress.tell(done, f"{name} selector, epoch {len(history)}", selector=curve)

        return told

    pairs = (val.clips, oracle_on_val(material, chooser)) if len(val) else None
    clips = [material.train.clips[place] for place in known.places]
    told = hear("single", plan.single_epochs, 0.0)
    single, one = train_single(
        clips, known.scores, val=pairs, plan=plan, seed=desk.seed, slot=desk.slot("single"), tell=told
    )
    told(one.history, one.best_epoch)
    told = hear("global", plan.global_epochs, 0.3)
    whole, all_ = train_global(
        material.train,
        lesson.weight_C,
        val=val if len(val) else None,
        plan=plan,
        seed=desk.seed,
        slot=desk.slot("global"),
        tell=told,
    )
    told(all_.history, all_.best_epoch)
    return single, whole


def _pool(clips: EncodedClips, samples: Sequence[Sample], start: int) -> Pool:
    labels = torch.tensor([sample.label for sample in samples], dtype=torch.int64)
    return Pool(clips[start : start + len(samples)], labels)
