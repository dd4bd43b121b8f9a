"""A run of SMART over motion: encoder, oracle, classifier, selectors, and what they reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from training.ml import weights
from training.ml.encoder import Floats
from training.ml.engine.card import Telling, card_of
from training.ml.engine.data import features_of
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
    Material,
    MotionDesk,
    chooser_of,
    lesson_of,
    oracle,
    prepared,
    refitted,
    selectors,
)
from training.ml.engine.loop import Fitted
from training.ml.engine.model import ActionFacts, ActionModel
from training.ml.engine.opening import desk_of
from training.ml.engine.progress import Progress, Report
from training.ml.engine.telling import better, few
from training.ml.engine.writing import f1s, told_besides, write
from training.ml.glove import class_vectors
from training.ml.recipes.motion import MotionRecipe

_FITTED = "Encoder and selectors: train. Classifier: train and val, for as many epochs as were best."
_FITTED_TELLING = (
    "Encoder and selectors: train. Classifier: the telling frames of train and val, as the oracle found "
    "them. The epochs and curves shown are those of whole clips, which it was compared with."
)
_LIMIT = "Choosing frames looks at all candidates and the motion around them; only the classifier sees fewer."
_LIMIT_GLANCE = (
    "Choosing frames glances at small pictures of the whole clip; only the frames that it chose are read in "
    "full when clips are suggested. Training and its comparison of methods read all candidates."
)
_RANDOM = "There were none: the network that looks at single frames is random."


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """See `training.ml.run`."""
    progress = Progress(report)
    known = learn(params, progress)
    desk, material, model = known.desk, known.material, known.model
    with progress.phase("test"):
        # Without a test side val is what there is, and the last classifier has learned from that.
        side = measured_side(desk.dataset)
        said = say(desk, material, model if side == "test" else known.chooser, side)
        told = predictions_of(model, said)
        counted = report_of(desk, said) | known.on_val
        counted["champion"] = against(desk, model, said, params.get("compare"))
        progress.tell(1.0, "measured", per_class=f1s(counted))
    with progress.phase("writing"):
        torn = sorted(set(desk.dataset.missing) & set(params["features"]))
        whole = counted | told_besides(desk, known.fitted, model, torn)
        telling = Telling(known.fitted_on, _budget_sentence(desk), _RANDOM, known.limit)
        card = card_of(desk, known.weight_C, model.facts.budget, whole, _cost(known, said), telling)
        write(out, model, whole, told, card)
    progress.log("Done.")
    progress.tell(1.0, "done")
    return whole


@dataclass(frozen=True)
class Learned:
    """What a run has learned, before anything is tested."""

    desk: MotionDesk
    material: Material
    weight_C: Tensor
    fitted: Fitted
    chooser: ActionModel
    """With the classifier that has not learned from val."""
    model: ActionModel
    on_val: dict[str, float | None]
    telling: bool
    """Whether the classifier learned from telling frames, and not from whole clips."""

    @property
    def fitted_on(self) -> str:
        """What its parts learned from, in a sentence."""
        return _FITTED_TELLING if self.telling else _FITTED

    @property
    def limit(self) -> str:
        """What choosing frames costs, in a sentence."""
        return _LIMIT if self.material.encoder.glimpses is None else _LIMIT_GLANCE

    @property
    def frames(self) -> dict[str, float]:
        """Frames of a clip that are told of, and that are decoded for it.

        Each candidate is looked at, and about so many frames of its snippet.
        """
        clips, features = self.material.clips, self.desk.recipe.features
        candidates = sum(len(clip) for clip in clips) / len(clips)
        decoded = round(candidates * (1 + features.snippet * features.rate))
        return {"candidates": round(candidates, 1), "frames_decoded": decoded}


def learn(params: dict[str, Any], progress: Progress) -> Learned:
    """Everything but the test: clips are read, and learned from."""
    with progress.phase("reading"):
        desk, made_by = desk_of(params, progress, MotionRecipe, features_of)
        if made_by[1] == "none":
            progress.note(weights.NONE_FOUND)
    return learned(desk, params, made_by)


def learned(desk: MotionDesk, params: Mapping[str, Any], made_by: tuple[str, str]) -> Learned:
    """Encoder, oracle, classifiers, selectors and the budget."""
    progress = desk.progress
    with progress.phase("features"):
        material = prepared(desk, _glove(params, progress))
        lesson = lesson_of(desk, material)
    with progress.phase("oracle"):
        known = oracle(desk, lesson, material)
    with progress.phase("classifier"):
        found = chooser_of(desk, lesson, material)
    with progress.phase("selector"):
        parts = selectors(desk, lesson, material, found.classifier, known)
        facts = _facts(desk, params, made_by)
        chooser = ActionModel(material.encoder, found.classifier, *parts, facts(0))
        found, told = better(desk, lesson, material, found, known, chooser)
        desk = few(desk) if told else desk
        chooser = replace(chooser, classifier=found.classifier)
        budget, on_val = choose_budget(desk, material, chooser)
        chooser = replace(chooser, facts=facts(budget))
        model = replace(chooser, classifier=refitted(desk, lesson, material, found, told))
    return Learned(desk, material, lesson.weight_C, found.fitted, chooser, model, on_val, told is not None)


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


def _facts(
    desk: MotionDesk, params: Mapping[str, Any], made_by: tuple[str, str]
) -> Callable[[int], ActionFacts]:
    """The model's facts, but for its budget."""
    features, weights_sha256 = made_by

    def facts(budget: int) -> ActionFacts:
        told = desk.facts(params, features=features, weights=weights_sha256, budget=budget)
        return ActionFacts(**told, project=desk.plan.project, hidden=desk.plan.hidden)

    return facts


def _cost(known: Learned, said: Said) -> dict[str, Any]:
    """What a clip takes."""
    return {
        **known.frames,
        "seconds_a_clip": round(said.seconds_a_clip, 4),
        "seconds_are": "for choosing and classifying; features are made before, and timed by their job",
    }


def _budget_sentence(desk: MotionDesk) -> str:
    if desk.plan.budget:
        return "As asked for."
    if not desk.dataset.val:
        return "There was no val to choose it on."
    if len(desk.dataset.val) < desk.plan.budget_clips:
        return f"The most: {len(desk.dataset.val)} val clips cannot show that fewer would do."
    slack = f"{100 * desk.plan.budget_slack:.0f} %"
    return (
        f"The smallest from {desk.plan.least_budget} to {desk.plan.most_budget} of which val shows that it "
        f"surprises at most {slack} more than the most (one-sided, 95 %)."
    )
