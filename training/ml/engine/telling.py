"""Learning from the frames that tell: where an action fills little of a clip, the rest teaches wrong things.

The last step of SMART (our reference, section 1.4 f): the classifier learns again, from the frames that the
oracle found telling, and is asked about those that the selectors choose. Whether that beats whole clips
depends on the footage, as an action may well fill its clip: val says so, or whoever knows the footage.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch

from training.ml.classifier import ClipClassifier, whole_batch
from training.ml.encoder import Encoder
from training.ml.engine.classify import Lesson, Pool, Told, train
from training.ml.engine.learn import Chooser, Known, Material, MotionDesk, oracle_on_val
from training.ml.engine.measure import even, surprise
from training.ml.engine.model import ActionModel
from training.ml.engine.scoring import judged
from training.ml.places import Places
from training.ml.recipes.motion import ALWAYS, NEVER
from training.ml.samplers import choose

LEARNED = "The classifier learned from the telling frames of each clip, and not from whole clips."


def better(
    desk: MotionDesk, lesson: Lesson, material: Material, found: Chooser, known: Known, model: ActionModel
) -> tuple[Chooser, Told | None]:
    """`found`, or a classifier that learned from telling frames where val is less surprised by that.

    With that one come the scores of the frames of train and val by which it learned. `model` has the
    selectors. Too few val clips show nothing, and `found` stays, but where the recipe says `ALWAYS`.
    """
    asked, val = desk.recipe.telling, material.val
    if asked == NEVER or (asked != ALWAYS and len(val) < desk.plan.budget_clips):
        return found, None
    told = scores_of(material, known, found.classifier)
    telling = from_telling(desk, lesson, material.train, told, found)
    if asked != ALWAYS:
        before = _surprise(lesson.encoder, found.classifier, val)
        if _surprise(lesson.encoder, telling.classifier, seen(val, _chosen(desk, val, model))) >= before:
            return found, None
    desk.progress.note(LEARNED)
    return telling, told


def few(desk: MotionDesk) -> MotionDesk:
    """The desk for a classifier that learned from telling frames: more frames than those help it little."""
    most = max(desk.plan.least_budget, int(desk.recipe.telling_most * desk.recipe.features.candidates))
    return replace(desk, plan=replace(desk.plan, most_budget=most))


def scores_of(material: Material, known: Known, chooser: ClipClassifier) -> Told:
    """What the oracle says of the frames of train and val, as `refitted` takes it."""
    by_place = dict(zip(known.places, known.scores, strict=True))
    trained = [by_place[place].numpy() if place in by_place else None for place in range(len(material.train))]
    return [*trained, *(score_N.numpy() for score_N in oracle_on_val(material, chooser))]


def from_telling(desk: MotionDesk, lesson: Lesson, pool: Pool, told: Told, found: Chooser) -> Chooser:
    """A classifier that learns from the telling frames of train.

    It learns for as long as where no val chooses: who has chosen an epoch on val cannot be judged by it.
    """
    epochs, tell = min(desk.recipe.epochs, desk.plan.epochs_without_val), desk.progress.tell
    classifier, _ = train(
        lesson,
        replace(pool, told=told[: len(pool)]),
        "telling",
        epochs=epochs,
        slot=desk.slot("telling"),
        tell=lambda history, _best: tell(
            0.6 + 0.2 * len(history) / epochs, f"classifier, telling frames, epoch {len(history)}"
        ),
    )
    return replace(found, classifier=classifier, epochs=epochs)


def seen(pool: Pool, chosen: Sequence[Places]) -> Pool:
    """The clips as if they had no candidates but the chosen ones."""
    return Pool([clip.only(places) for clip, places in zip(pool.clips, chosen, strict=True)], pool.label_N)


def _chosen(desk: MotionDesk, val: Pool, model: ActionModel) -> list[Places]:
    """What the selectors choose of val's clips: as many as a view of telling frames has at most."""
    known = [
        judged(model, clip, sample.content).known
        for clip, sample in zip(val.clips, desk.dataset.val, strict=True)
    ]
    return [choose("smart", each, max(1, int(desk.recipe.telling_most * each.count))) for each in known]


@torch.no_grad()
def _surprise(encoder: Encoder, classifier: ClipClassifier, val: Pool) -> float:
    """The mean over clips, each class as heavy as the others."""
    p_NC = torch.softmax(classifier(whole_batch(encoder, val.clips)).double(), dim=1).numpy()
    truth_N = val.label_N.numpy()
    return float(even(truth_N) @ surprise(p_NC, truth_N))
