from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Job, JobState
from tests.training.factories import make_run
from training.models import RunState, TrainingRun
from training.selectors.progress import Progress, progress_of
from training.selectors.recipes import recipe_title
from training.selectors.runs import FeatureProgress

pytestmark = pytest.mark.django_db


def run_of(state: RunState, ago: float) -> TrainingRun:
    run = make_run(state=state)
    run.started_at = timezone.now() - timedelta(seconds=ago)
    return run


def training(*, done: float, seconds: float) -> Progress:
    """A run whose frames are read, after so many seconds of its train job."""
    run = run_of(RunState.TRAINING, seconds)
    run.job = Job(
        state=JobState.RUNNING, progress=done, started_at=timezone.now() - timedelta(seconds=seconds)
    )
    return progress_of(run=run, features=FeatureProgress(total=10, done=10, failed=0))


def test_frames_that_were_read_before_do_not_make_a_run_seem_quick() -> None:
    assert training(done=0.01, seconds=5).seconds_left is None
    least, most = training(done=0.25, seconds=30).seconds_left or (0, 0)
    assert least < 90 < most


def test_while_frames_are_read_their_time_tells() -> None:
    run = run_of(RunState.FEATURES, 60)
    found = progress_of(run=run, features=FeatureProgress(total=10, done=5, failed=0))
    least, most = found.seconds_left or (0, 0)
    assert found.progress == 0.25
    assert least < 180 < most


def test_before_it_tells_a_run_of_several_parts_shows_each_as_a_phase() -> None:
    run = run_of(RunState.TRAINING, 1)
    run.recipe = "motion_and_limbs"
    phases = progress_of(run=run, features=FeatureProgress(total=0, done=0, failed=0)).phases
    titles = [recipe_title(name) for name in ("smart_motion", "limbs")]
    assert [phase["name"] for phase in phases] == ["reading", *titles, "test", "writing"]
    assert sum(phase["share"] for phase in phases) == pytest.approx(1)


def test_a_run_that_has_ended_has_no_time_left() -> None:
    run = run_of(RunState.DONE, 60)
    assert progress_of(run=run, features=FeatureProgress(total=10, done=10, failed=0)).seconds_left is None
