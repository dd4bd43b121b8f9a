"""What is decided on val and measured on test: the budget, and once, at the end, all of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from training.ml.engine.data import Dataset, EncodedClips, Sample
from training.ml.engine.desk import Desk
from training.ml.engine.learn import Material
from training.ml.engine.measure import accuracies, budget_of, curves, even, surprises, table
from training.ml.engine.model import ActionModel
from training.ml.engine.models import Model, load_model, read_for, said, seen
from training.ml.engine.progress import number
from training.ml.engine.scoring import Answer, Judged, answer, judged, predictions, rounded
from training.ml.errors import BadFile
from training.ml.metrics import (
    NOTHING,
    Ints,
    calibration_error,
    macro_f1,
    mcnemar,
    mean_average_precision,
    paired,
    top1,
    top5,
)


@dataclass(frozen=True)
class Said:
    """What was said of the clips of one side before its labels were looked at, and the seconds a clip."""

    side: str
    samples: Sequence[Sample]
    answers: Sequence[Answer]
    by_method: Mapping[str, Mapping[int, Sequence[Ints]]]
    seconds_a_clip: float


def choose_budget(
    desk: Desk[Any], material: Material, model: ActionModel
) -> tuple[int, dict[str, float | None]]:
    """The frames a clip, and what the model reaches with them on val (None without val)."""
    val = material.val
    if not len(val):
        desk.progress.note(
            "No clip could be spared for choosing the number of frames, so the most are taken."
        )
        return desk.plan.budget or desk.plan.most_budget, {"val_top1": None, "val_macro_f1": None}
    classes = len(desk.dataset.manifest.classes)
    clips = [
        judged(model, clip, sample.content) for clip, sample in zip(val.clips, desk.dataset.val, strict=True)
    ]
    truth_N = val.label_N.numpy()
    budget = desk.plan.budget or budget_of(surprises(model, clips, truth_N), even(truth_N), desk.plan)
    said_N = predictions(model, clips, "smart", budget)
    desk.progress.log(f"{budget} frames a clip.")
    return budget, {
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro_f1(truth_N, said_N, classes)),
    }


def measured_side(dataset: Dataset) -> str:
    """Where the report is measured: "test", else "val", else "none"."""
    return next((side for side in ("test", "val") if dataset.manifest.side(side)), "none")


def say(desk: Desk[Any], material: Material, model: ActionModel, side: str) -> Said:
    """Predict a side by every method and budget. No label is looked at."""
    start = len(desk.dataset.train) + (len(desk.dataset.val) if side == "test" else 0)
    samples: Sequence[Sample] = {"test": desk.dataset.test, "val": desk.dataset.val}.get(side, ())
    began = monotonic()
    clips = _judged(model, material.clips, samples, start)
    answers = [answer(model, clip, "smart", model.facts.budget) for clip in clips]
    seconds = (monotonic() - began) / max(len(clips), 1)
    tell = desk.progress.tell
    by_method = curves(
        model,
        clips,
        desk.plan.random_draws,
        lambda done: tell(0.9 * done, "comparing ways of choosing frames"),
    )
    return Said(side, samples, answers, by_method, seconds)


def predictions_of(model: Model, told: Said) -> list[dict[str, Any]]:
    """What was said, as `predictions.json` holds it."""
    return [
        {"clip": sample.clip.clip, "chosen": list(each.ordinals), "scores": rounded(model.facts, each.p_C)}
        for sample, each in zip(told.samples, told.answers, strict=True)
    ]


def report_of(desk: Desk[Any], told: Said) -> dict[str, Any]:
    """Open the labels of the side and count. A clip of which nothing could be said is wrong."""
    manifest = desk.dataset.manifest
    truth = desk.dataset.truth(told.side) if told.side != "none" else {}
    by_clip = {sample.clip.clip: each for sample, each in zip(told.samples, told.answers, strict=True)}
    clips = [clip for clip in manifest.side(told.side) if told.side != "none"]
    truth_N = np.array([truth[clip.clip] for clip in clips], np.int64)
    given_N = np.array([_said(by_clip, clip.clip) for clip in clips], np.int64)
    ids = [each.id for each in manifest.classes]
    counted = table(truth_N, given_N, ids, [clip.camera for clip in clips])
    known_N = np.array([truth[sample.clip.clip] for sample in told.samples], np.int64)
    p_NC = np.zeros((len(clips), len(ids)))
    for place, clip in enumerate(clips):
        if clip.clip in by_clip:
            p_NC[place] = by_clip[clip.clip].p_C
    if unsaid := counted.pop("unsaid"):
        desk.progress.note(f"{unsaid} of {len(clips)} clips have no features and count as wrong.")
    tested = told.side == "test"
    hidden = {} if tested else dict.fromkeys(("top1", "top1_low", "top1_high", "macro_f1"))
    by_chance = {
        "top5": top5(truth_N, p_NC),
        "map": mean_average_precision(truth_N, p_NC),
        "ece": calibration_error(truth_N, p_NC),
    }
    return {
        **counted,
        **hidden,
        **{name: None if found is None or not tested else number(found) for name, found in by_chance.items()},
        "n_test": len(clips) if tested else 0,
        "curve": accuracies(told.by_method, known_N, len(clips)),
        "curve_on": told.side,
        "test_clips": [
            {
                "clip": clip.clip,
                "label": clip.label,
                "said": ids[by_clip[clip.clip].said] if clip.clip in by_clip else None,
                "p": number(by_clip[clip.clip].p_C.max()) if clip.clip in by_clip else None,
                "chosen": list(by_clip[clip.clip].ordinals) if clip.clip in by_clip else [],
            }
            for clip in clips
            if tested
        ],
    }


def against(
    desk: Desk[Any], model: Model, told: Said, compare: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The champion on the same test clips, those left out whose recordings it has learned from.

    `compare` is {"model", "version", "features"?}: of a champion that reads clips in another way, what was
    read for it, by clip. None, with a note, where there is no test or nothing to compare on.
    """
    if not compare or not compare.get("model") or told.side != "test":
        return None
    version = compare["version"]
    try:
        champion = load_model(Path(compare["model"]))
    except BadFile as error:
        desk.progress.note(f"It was not compared with version {version}. {error}")
        return None
    paths = _read_by(champion, model, told, compare)
    if told.samples and not paths:
        desk.progress.note(
            f"It was not compared with version {version}, which reads clips in another way, and these "
            "are not read so yet."
        )
        return None
    # By recording: cut in another place, a clip still shows what it has seen.
    learned = {content.partition(":")[0] for content in champion.facts.trained_on}
    read = [place for place, sample in enumerate(told.samples) if sample.clip.clip in paths]
    fresh = [place for place in read if told.samples[place].clip.content_sha256 not in learned]
    if len(fresh) < len(read):
        desk.progress.note(
            f"Version {version} has learned from the recordings of {len(read) - len(fresh)} of these "
            "test clips; it was compared on the others."
        )
    if not fresh:
        return None
    truth = desk.dataset.truth("test")
    ids = {each: place for place, each in enumerate(model.facts.classes)}
    theirs, ours, true = [], [], []
    for place in fresh:
        sample = told.samples[place]
        answered = said(champion, seen(champion, paths[sample.clip.clip], sample.clip.name, sample.content))
        theirs.append(ids.get(champion.facts.classes[answered.said], NOTHING))
        ours.append(told.answers[place].said)
        true.append(truth[sample.clip.clip])
    true_N, ours_N, theirs_N = (np.array(each, np.int64) for each in (true, ours, theirs))
    won, lost = paired(true_N, ours_N, theirs_N)
    return {
        "version": version,
        "n": len(fresh),
        "top1": number(top1(true_N, theirs_N)),
        "won": won,
        "lost": lost,
        "p": number(mcnemar(won, lost)),
    }


def _read_by(champion: Model, model: Model, told: Said, compare: Mapping[str, Any]) -> dict[str, Path]:
    """By clip, the file that the champion can read."""
    if champion.facts.features == model.facts.features:
        return {sample.clip.clip: sample.path for sample in told.samples}
    found = {}
    for sample in told.samples:
        clip = sample.clip
        path = Path(compare.get("features", {}).get(clip.clip, ""))
        if path.is_file() and read_for(champion, path, clip.name).recipe == champion.facts.features:
            found[clip.clip] = path
    return found


def _judged(model: ActionModel, clips: EncodedClips, samples: Sequence[Sample], start: int) -> list[Judged]:
    return [judged(model, clips[start + place], sample.content) for place, sample in enumerate(samples)]


def _said(by_clip: Mapping[str, Answer], clip: str) -> int:
    return by_clip[clip].said if clip in by_clip else NOTHING
