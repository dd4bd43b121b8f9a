"""The one Celery task: a bell that names a job. Everything that matters is in the job's row."""

from celery import shared_task
from celery.signals import worker_ready

from core.jobs import runner, sweeper


@shared_task(name="core.run_job", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(job_id: str) -> None:
    """Run the job if it is there for the taking; a bell that rings twice, or late, does nothing."""
    runner.run(job_id)


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def clear_work(**_: object) -> None:
    """A worker that starts removes what killed ones left on its machine."""
    sweeper.clear_work()
