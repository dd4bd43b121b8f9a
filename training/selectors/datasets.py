"""How the labels of this moment are dealt to train, val and test."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from core.models import Project
from training.ml.splits import Split, split
from training.models import DatasetVersion, HeldOut
from training.selectors.examples import Labels, labels_of, split_items

SIDES = ("train", "val", "test")
TEST_SHARE = 0.2
LEAST_CLASSES = 2


@dataclass(frozen=True)
class Dealt:
    """Labels and the side of each; `loosened` says which earlier promise could not be kept, or is empty."""

    labels: Labels
    split: Split
    loosened: str = ""

    @property
    def sides(self) -> dict[str, int]:
        """Examples on each side."""
        counts = Counter(self.split.side.values())
        return {side: counts[side] for side in SIDES}

    @property
    def by_class(self) -> dict[UUID, dict[str, int]]:
        """Examples of each class on each side."""
        counts = {pk: dict.fromkeys(SIDES, 0) for pk in self.labels.classes}
        for example in self.labels.examples:
            counts[example.label][self.split.side[example.content]] += 1
        return counts


def datasets_held(*, project: Project) -> frozenset[tuple[str, str]]:
    """Every group, as (by, group), that was on a test side once."""
    return frozenset(HeldOut.objects.filter(project=project).values_list("by", "group"))


def dealt_labels(*, project: Project, test_share: float = TEST_SHARE) -> Dealt:
    """The labels that stand now, dealt by whole groups; what was once tested on stays on the test side.

    A class that is seen in such groups alone has to wait. Where clips come to be grouped in another way than
    before, though, that can leave a class without anything to train on that it had, or too little be left
    to learn from at all. Then only groups of the way in use now are held, or none, and the Dealt says so.
    """
    labels = labels_of(project=project)
    held = datasets_held(project=project)
    first = split(split_items(labels, held), test_share=test_share)
    anew = _grouped_anew(project, first)
    if not held or _enough(labels, first, every=anew):
        return Dealt(labels, first)
    same = frozenset(group for group in held if group[0] == first.by)
    second = split(split_items(labels, same), test_share=test_share)
    if not _enough(labels, second, every=anew):
        second = split(split_items(labels, frozenset()), test_share=test_share)
    return Dealt(labels, second, f"{_ANEW if anew else _TOO_LITTLE} {_LOOSENED}")


def dataset_newest(*, project: Project) -> DatasetVersion | None:
    """The latest dataset version, if there is one."""
    return DatasetVersion.objects.in_project(project).newest_first().first()


def _grouped_anew(project: Project, dealt: Split) -> bool:
    """Whether clips were grouped in another way when some were tested on."""
    ways = {row.split.get("by") for row in DatasetVersion.objects.in_project(project).only("split")}
    return bool(ways - {dealt.by, "none", None})


def _enough(labels: Labels, dealt: Split, *, every: bool) -> bool:
    """Whether there is something to learn from; with `every`, something of every class."""
    trained = {example.label for example in labels.examples if dealt.side[example.content] == "train"}
    return len(trained) >= (len(labels.classes) if every else min(LEAST_CLASSES, len(labels.classes)))


_ANEW = "Clips are grouped in another way than when they were first tested on, so"
_TOO_LITTLE = "Beside what was tested on before there are too few classes left to learn from, so"
_LOOSENED = (
    "some that were on the test side may be trained on now. Numbers of earlier models are not comparable."
)
