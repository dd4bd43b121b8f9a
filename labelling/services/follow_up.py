"""What follows when a video was cut into clips."""

from django.conf import settings

from core.services.jobs import job_enqueue
from curation.models import Video


def cut_follow_up(*, video: Video, cause: str) -> None:
    """Have the apps above look at a video's new clips (`settings.AFTER_CUT_JOBS`).

    Labelling knows them by the names of their jobs only. The same `cause` is asked for once.
    """
    for kind in settings.AFTER_CUT_JOBS:
        job_enqueue(
            kind=kind,
            dedupe_key=f"{kind}:{video.pk}:{cause}",
            params={"video": str(video.pk)},
            project=video.project,
        )
