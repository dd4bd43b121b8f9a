"""One training run, from a frozen dataset and features to a model, its card and its report.

    run({"manifest", "features", "missing", "recipe", "overrides", "seed", "weights", "glove",
         "checkpoints", "threads", "compare"}, out, report)

`features` maps clips to files, `missing` clips to the sentence why they have none, `checkpoints` is a folder
that outlives this process: killed at any moment and started again with the same one, a run writes the same
model and predictions, bit for bit, as if nothing had happened. Labels of the test side are looked at once,
after everything has been predicted. Features that cannot be used are as if they were missing; `torn` in the
report names their clips. Written under `out`: model.safetensors, card.json, report.json, predictions.json;
returned: the report.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from training.ml import weights
from training.ml.encoder import Floats
from training.ml.engine.card import card_of
from training.ml.engine.checkpoints import opened, put
from training.ml.engine.classify import Lesson
from training.ml.engine.data import (
    Dataset,
    content_of,
    dataset_of,
    fingerprint_of,
    left_out,
    looked_through,
    one_recipe,
    unlearned,
)
from training.ml.engine.judge import (
    Said,
    against,
    choose_budget,
    measured_side,
    predictions_of,
    report_of,
    say,
)
from training.ml.engine.learn import (
    Classifiers,
    Desk,
    Material,
    classifiers,
    lesson_of,
    oracle,
    prepared,
    selectors,
)
from training.ml.engine.model import ActionModel, ModelFacts
from training.ml.engine.plan import planned
from training.ml.engine.progress import Progress, Report
from training.ml.errors import BadFile
from training.ml.glove import class_vectors
from training.ml.manifest import read
from training.ml.recipes import Recipe, find_recipe

FORMAT = 1
"""Counts the changes after which a checkpoint of before would lead to another model."""


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Learn, measure, write. Raises LearningError with a sentence for what cannot be learned from."""
    torch.set_num_threads(max(1, int(params["threads"])))
    progress = Progress(report)
    with progress.phase("reading"):
        desk, made_by = _desk(params, progress)
    with progress.phase("features"):
        material = prepared(desk, _glove(params, progress))
        lesson = lesson_of(desk, material)
    with progress.phase("oracle"):
        known = oracle(desk, lesson, material)
    with progress.phase("classifier"):
        found = classifiers(desk, lesson, material)
    with progress.phase("selector"):
        parts = selectors(desk, lesson, material, found.chooser, known)
        facts = _facts(desk, params, made_by)
        chooser = ActionModel(material.encoder, found.chooser, *parts, facts(0))
        budget, on_val = choose_budget(desk, material, chooser)
        chooser = ActionModel(material.encoder, found.chooser, *parts, facts(budget))
        model = ActionModel(material.encoder, found.last, *parts, facts(budget))
    with progress.phase("test"):
        # Without a test side val is what there is, and the last classifier has learned from that.
        side = measured_side(desk.dataset)
        said = say(desk, material, model if side == "test" else chooser, side)
        told = predictions_of(model, said)
        counted = report_of(desk, said) | on_val
        counted["champion"] = against(desk, model, said, params.get("compare"))
        progress.tell(1.0, "measured", per_class=_f1s(counted))
    with progress.phase("writing"):
        torn = sorted(set(desk.dataset.missing) & set(params["features"]))
        whole = counted | _rest(desk, found, model, made_by) | {"torn": torn}
        _write(out, desk, lesson, material, model, whole, told, said)
    progress.log("Done.")
    progress.tell(1.0, "done")
    return whole


def _desk(params: Mapping[str, Any], progress: Progress) -> tuple[Desk, tuple[str, str]]:
    """Read everything that is given, and prepare the checkpoints; also what made the features."""
    plan, numbers = planned(params.get("overrides"))
    recipe = find_recipe(params["recipe"], numbers)
    manifest = read(params["manifest"])
    torn, made = looked_through(manifest, params["features"])
    dataset = dataset_of(manifest, params["features"], {**(params.get("missing") or {}), **torn})
    made_by = one_recipe(made)
    if made_by[0] != recipe.feature_fingerprint("" if made_by[1] == "none" else made_by[1]):
        raise BadFile(
            "The features of these clips were made by another recipe. Make them again for this run."
        )
    facts = {
        "format": FORMAT,
        "recipe": recipe.fingerprint(),
        "plan": vars(plan),
        "seed": params["seed"],
        "threads": params["threads"],
        "made_by": made_by,
        "glove": params.get("glove") or "",
    }
    folder = Path(params["checkpoints"])
    if opened(folder, fingerprint_of(manifest, dataset, facts)):
        progress.log("Going on from where an earlier attempt was.")
    _notes(dataset, made_by[1], progress)
    if torn:
        first = next(iter(torn.values()))
        progress.note(f"The features of {len(torn)} clips cannot be used, as if there were none. {first}")
    return Desk(dataset, recipe, plan, int(params["seed"]), folder, progress), made_by


def _notes(dataset: Dataset, weights_sha256: str, progress: Progress) -> None:
    """What whoever reads the result must know about the data."""
    manifest = dataset.manifest
    progress.log(
        f"{len(dataset.train)} clips to learn from, {len(dataset.val)} to choose by, "
        f"{len(manifest.side('test'))} to test on, {len(manifest.classes)} classes."
    )
    if manifest.split.note:
        progress.note(manifest.split.note)
    if weights_sha256 == "none":
        progress.note(weights.NONE_FOUND)
    gone = Counter(clip.split for clip in manifest.clips if clip.clip in dataset.missing)
    if lost := gone["train"] + gone["val"]:
        clips = "1 labelled clip has" if lost == 1 else f"{lost} labelled clips have"
        were = "was" if lost == 1 else "were"
        progress.note(f"{clips} no features and {were} left out of learning.")
    never = unlearned(dataset)
    if unseen := [each.name for each in manifest.classes if each.id in never]:
        progress.note(f"There is no clip to learn {', '.join(unseen)} from, so that is never suggested.")


def _glove(params: Mapping[str, Any], progress: Progress) -> Floats | None:
    """The word vectors of the network's classes; None without vectors or a network that knows classes."""
    if not params.get("glove"):
        progress.log("No word vectors are configured: frames are described by what is seen alone.")
        return None
    folder = Path(params["weights"]) if params.get("weights") else None
    net, found = weights.load(folder)
    if folder is None or found is None:
        progress.note("Word vectors were left aside: they need a network that knows ImageNet's classes.")
        return None
    classes = len(net.classifier[1].bias)  # type: ignore[arg-type]
    return class_vectors(Path(params["glove"]), weights.class_names(folder, classes))


def _facts(desk: Desk, params: Mapping[str, Any], made_by: tuple[str, str]) -> Any:
    """The model's facts, but for its budget."""
    manifest = desk.dataset.manifest
    learned = [content_of(clip) for clip in manifest.clips if clip.split != "test"]

    def facts(budget: int) -> ModelFacts:
        return ModelFacts(
            classes=tuple(each.id for each in manifest.classes),
            names=tuple(each.name for each in manifest.classes),
            recipe=desk.recipe.name,
            overrides=dict(params.get("overrides") or {}),
            features=made_by[0],
            weights=made_by[1],
            budget=budget,
            project=desk.plan.project,
            hidden=desk.plan.hidden,
            seed=desk.seed,
            trained_on=tuple(learned),
        )

    return facts


def _rest(desk: Desk, found: Classifiers, model: ActionModel, made_by: tuple[str, str]) -> dict[str, Any]:
    """What the report says besides what was counted."""
    used = next(
        (each for each in weights.SOURCES if each.network and made_by[1].startswith(each.sha256)), None
    )
    named = {"name": used.name if used else "", "sha256": made_by[1]}
    return {
        "best_epoch": found.fitted.best_epoch,
        "history": found.fitted.history,
        "budget": model.facts.budget,
        "notes": list(desk.progress.notes),
        "left_out": left_out(desk.dataset),
        "unlearned": unlearned(desk.dataset),
        "weights": None if made_by[1] == "none" else named,
        "parameters": model.parameters,
        "model_bytes": len(model.to_bytes()),
        "seconds": dict(desk.progress.seconds),
    }


def _write(
    out: Path,
    desk: Desk,
    lesson: Lesson,
    material: Material,
    model: ActionModel,
    report: Mapping[str, Any],
    told: list[dict[str, Any]],
    said: Said,
) -> None:
    candidates = [len(material.clips[place]) for place in range(len(material.clips))]
    cost = {
        "candidates": round(sum(candidates) / len(candidates), 1),
        "frames_decoded": _frames_decoded(desk.recipe, sum(candidates) / len(candidates)),
        "seconds_a_clip": round(said.seconds_a_clip, 4),
        "seconds_are": "for choosing and classifying; features are made before, and timed by their job",
    }
    out.mkdir(parents=True, exist_ok=True)
    put(out / "model.safetensors", model.to_bytes())
    put(out / "predictions.json", _json(told))
    put(out / "report.json", _json(report))
    put(out / "card.json", _json(card_of(desk, lesson, model, report, cost)))


def _frames_decoded(recipe: Recipe, candidates: float) -> int:
    """About how many frames of a clip are looked at: each candidate, and the frames of its snippet."""
    return round(candidates * (1 + recipe.features.snippet * recipe.features.rate))


def _f1s(counted: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"label": each["label"], "f1": each["f1"]} for each in counted["per_class"]]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True) + "\n").encode()
