"""How far learning is, in numbers that are quick to read."""

from dataclasses import dataclass

from core.models import Project
from training.models import DatasetVersion, ModelVersion, TrainingRun
from training.selectors.examples import labels_new
from training.selectors.models import Accepted, accepted_of, champion_of, models_of
from training.selectors.runs import run_under_way

LATEST = 6


@dataclass(frozen=True)
class TrainingSummary:
    """What Home says of learning. `new_labels` are newer than the dataset; `latest` models, oldest first."""

    dataset: DatasetVersion | None
    new_labels: int
    champion: ModelVersion | None
    accepted: Accepted | None
    running: TrainingRun | None
    latest: list[tuple[int, float | None]]


def training_summary(*, project: Project) -> TrainingSummary:
    """The newest dataset, the champion, the run that is on, and the latest models with their reports."""
    dataset = DatasetVersion.objects.in_project(project).newest_first().first()
    champion = champion_of(project=project)
    scores = models_of(project=project).values_list("number", "report__top1", "report__val_top1")[:LATEST]
    return TrainingSummary(
        dataset=dataset,
        new_labels=labels_new(project=project, dataset=dataset),
        champion=champion,
        accepted=None if champion is None else accepted_of(project=project).get(champion.name),
        running=run_under_way(project=project),
        latest=[(number, val if top1 is None else top1) for number, top1, val in reversed(scores)],
    )
