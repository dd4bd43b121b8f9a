"""What a run on the labels of this moment would learn from, and what stands in its way."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from core.models import Project
from labelling.models import LabelClass
from training.ml.manifest import is_even
from training.models import DatasetVersion, RunState, SeenLabels, TrainingRun
from training.selectors.datasets import LEAST_CLASSES, Dealt, dealt_labels
from training.selectors.examples import labels_new
from training.selectors.models import champion_of
from training.selectors.recipes import Recipe, recipe_now, recipes_all
from training.selectors.runs import run_under_way

FASTER, SLOWER = 0.7, 1.5
"""How far off the time of a run may be from what the latest one tells."""
FEW = 20
"""The score of a class with fewer clips than this says little."""


@dataclass(frozen=True)
class Finding:
    """Something that was looked at: `level` is ok, info, warn or bad."""

    level: str
    title: str
    detail: str


@dataclass(frozen=True)
class ClassCount:
    """A class with its examples, and how many of them are new since the latest dataset version."""

    row: LabelClass
    clips: int
    new: int


@dataclass(frozen=True)
class Preflight:
    """All that is known before a run. `blocked` says why there can be none, or is empty.

    `new_labels` are the labelled clips that the dataset does not know, which may hold several examples.
    """

    dealt: Dealt
    classes: list[ClassCount]
    dataset: DatasetVersion | None
    new_labels: int
    recipe: Recipe
    recipes: list[Recipe]
    even: bool
    compares_to: int | None
    minutes: dict[str, tuple[float, float]]
    running: int | None
    blocked: str
    findings: list[Finding]


def preflight_of(*, project: Project) -> Preflight:
    """Look at everything that a run would, and change nothing."""
    dealt = dealt_labels(project=project)
    dataset = DatasetVersion.objects.in_project(project).newest_first().first()
    counts = dealt.labels.counts
    new = _new(dealt, dataset)
    champion, running, recipe = champion_of(project=project), run_under_way(project=project), recipe_now()
    rows = sorted(dealt.labels.classes.values(), key=lambda row: (row.position, row.name))
    even = is_even(counts.values())
    return Preflight(
        dealt=dealt,
        classes=[ClassCount(row, counts[row.pk], new[row.pk]) for row in rows],
        dataset=dataset,
        new_labels=labels_new(project=project, dataset=dataset),
        recipe=recipe,
        recipes=recipes_all(),
        even=even,
        compares_to=None if champion is None else champion.number,
        minutes=_minutes(project, len(dealt.labels.examples)),
        running=None if running is None else running.number,
        blocked=recipe.damaged or blocked(dealt),
        findings=list(_findings(dealt, recipe, even=even)),
    )


def blocked(dealt: Dealt) -> str:
    """Why nothing can be learned from these labels; empty where something can."""
    have = len(dealt.labels.classes)
    if have >= LEAST_CLASSES:
        return ""
    names = ", ".join(sorted(row.name for row in dealt.labels.classes.values()))
    only = f"; so far only {names} has" if names else ""
    return f"Label at least two clips of at least two classes{only}. Then there is something to tell apart."


def _new(dealt: Dealt, dataset: DatasetVersion | None) -> Counter[UUID]:
    """By class, the examples of what the dataset did not see."""
    known: frozenset[UUID] = frozenset()
    if dataset is not None:
        seen = SeenLabels.objects.filter(dataset=dataset).values_list("revisions", flat=True)
        known = frozenset(seen.first() or ())
    return Counter(example.label for example in dealt.labels.examples if example.said not in known)


def _minutes(project: Project, clips: int) -> dict[str, tuple[float, float]]:
    """By recipe, from the time a clip took in its latest run that was done."""
    done = TrainingRun.objects.in_project(project).filter(state=RunState.DONE, dataset__clips__gt=0)
    timed = done.exclude(started_at=None).exclude(finished_at=None).select_related("dataset")
    latest = (
        timed.order_by("recipe", "-number")
        .distinct("recipe")
        .values_list("recipe", "dataset__clips", F("finished_at") - F("started_at"))
    )
    found = {}
    for recipe, of_clips, spent in latest:
        guess = spent.total_seconds() / 60 * clips / of_clips
        found[recipe] = (round(guess * FASTER, 1), round(guess * SLOWER, 1))
    return found


def _findings(dealt: Dealt, recipe: Recipe, *, even: bool) -> "list[Finding]":
    found = [_test_side(dealt)] if dealt.labels.examples else []
    found += [Finding("warn", "Left out", said) for said in dealt.labels.left_out]
    found += [Finding("warn", "Shared across sides", said) for said in dealt.split.leakage]
    if dealt.loosened:
        found.append(Finding("warn", "Earlier test clips", dealt.loosened))
    if even:
        said = "Classes have about as many clips each, so the best epoch is chosen by accuracy."
        found.append(Finding("ok", "Classes are even", said))
    elif dealt.labels.classes:
        counts = dealt.labels.counts.values()
        said = (
            f"The largest class has {max(counts)} clips, the smallest {min(counts)}: "
            "the best epoch is chosen by macro-F1, so that small classes count as much."
        )
        found.append(Finding("info", "Classes are uneven", said))
    found += _few(dealt)
    if unseen := [dealt.labels.classes[pk].name for pk in dealt.by_class if not dealt.by_class[pk]["train"]]:
        said = (
            f"{', '.join(sorted(unseen))}: so far seen only in what is kept for the test, so not learned yet."
        )
        found.append(Finding("warn", "Classes that cannot be learned yet", said))
    without = sum(not example.subject for example in dealt.labels.examples)
    if without and without < len(dealt.labels.examples):
        said = (
            "1 clip names nobody; it goes with its recording."
            if without == 1
            else f"{without} clips name nobody; they go with their recording."
        )
        found.append(Finding("info", "Clips without a subject", said))
    if recipe.warning:
        said = (
            f"{recipe.warning} manage.py weights fetch brings them." if not recipe.damaged else recipe.warning
        )
        found.append(Finding("warn", "No pretrained weights", said))
    return found


def _few(dealt: Dealt) -> "list[Finding]":
    """Classes with so few clips that their numbers say little."""
    counts, classes = dealt.labels.counts, dealt.labels.classes
    few = sorted(row.name for pk, row in classes.items() if counts[pk] < FEW)
    if not few:
        return []
    less = f"ewer than {FEW} clips give a score that says little. It trains all the same."
    if len(few) == len(classes):
        return [Finding("warn", "All classes are small", f"F{less}")]
    return [Finding("warn", "Small classes", f"{', '.join(few)}: f{less}")]


_GROUPS = {
    "subject": ("subject", "subjects"),
    "camera_day": ("day of a camera", "days of cameras"),
    "recording": ("recording", "recordings"),
}


def _test_side(dealt: Dealt) -> Finding:
    sides, split = dealt.sides, dealt.split
    if sides["test"]:
        clips, groups = sides["test"], split.groups["test"]
        one, more = _GROUPS.get(split.by, ("group", "groups"))
        said = (
            f"{clips} {'clip' if clips == 1 else 'clips'} of {groups} {one if groups == 1 else more} "
            f"{'is' if clips == 1 else 'are'} kept for the test and never trained on."
        )
        return Finding("ok" if not split.note else "warn", "A test side", f"{said} {split.note}".strip())
    said = split.note or "There is no test number: there are too few clips to keep some apart."
    return Finding("warn", "No test side", said)
