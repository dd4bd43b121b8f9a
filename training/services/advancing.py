"""What happens when features are there: whoever waited for the last of them goes on."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from core.services.jobs import job_enqueue
from core.services.state import advance
from training.models import PredictionSet, PredictionState, RunState, TrainingRun
from training.services.reading import run_unread

TRAIN = "training.train"
PREDICT = "training.predict"
ROWS = 5000


@transaction.atomic
def waiting_advance(*, tracks: Iterable[int]) -> None:
    """Let the runs and prediction sets go on that waited for the last of these tracks (ids).

    Two feature jobs may end at the same moment, each seeing the other's tracks still waiting. So the row of
    who waits is locked before its tracks are counted: the second to come counts what the first committed.
    """
    ids = list(tracks)
    runs = TrainingRun.objects.under_way().filter(job=None, tracks__in=ids)
    for pk in sorted(set(runs.values_list("pk", flat=True))):
        run_advance(run_id=pk)
    sets = PredictionSet.objects.filter(job=None, state=PredictionState.QUEUED, tracks__in=ids)
    for pk in sorted(set(sets.values_list("pk", flat=True))):
        prediction_advance(set_id=pk)


def waiting_hold(*, who: TrainingRun | PredictionSet) -> None:
    """Let nobody end the wait for these tracks before the transaction that begins it is over.

    To a feature job that ended meanwhile, who waits would not be there yet, and nobody would tell it again.
    """
    rows = who.tracks.waiting().order_by("pk").select_for_update(no_key=True, of=("self",))
    for _ in rows.values_list("pk").iterator(chunk_size=ROWS):
        pass


@transaction.atomic
def run_advance(*, run_id: UUID) -> bool:
    """Ask for the train job of a run whose features are all there or failed; whether this call did.

    Where too many of them failed it ends here, in words: going on with it has them read again.
    """
    run = TrainingRun.objects.select_for_update(no_key=True).under_way().filter(pk=run_id, job=None).first()
    if run is None or run.tracks.waiting().exists():
        return False
    if unread := run_unread(run=run):
        advance(run, to=RunState.FAILED, note=unread, sentence=unread, finished_at=Now())
        return False
    run.job = job_enqueue(
        kind=TRAIN, dedupe_key=f"{TRAIN}:{run.pk}", params={"run": str(run.pk)}, project=run.project
    )
    run.save(update_fields=["job"])
    return True


@transaction.atomic
def prediction_advance(*, set_id: UUID) -> bool:
    """The same for a prediction set."""
    waiting = PredictionSet.objects.filter(pk=set_id, job=None, state=PredictionState.QUEUED)
    found = waiting.select_for_update(no_key=True).first()
    if found is None or found.tracks.waiting().exists():
        return False
    found.job = job_enqueue(
        kind=PREDICT, dedupe_key=f"{PREDICT}:{found.pk}", params={"set": str(found.pk)}, project=found.project
    )
    found.save(update_fields=["job"])
    return True
