"""Footage with a hundred frames that are too dark, so that a browser has something to judge."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from core.models import Job, JobState, Project, Role, User
from core.services.accounts import member_add, project_create
from curation.models import QualityProfile, Video, VideoState
from curation.quality.verdict import Thresholds
from curation.services.sites import camera_add
from curation.services.videos import video_register
from labelling.models import Clip
from tests.e2e.sources import Picture, scene, write
from tests.labelling.factories import annotate, make_class

STRETCHES = 10
LENGTH = 10
FRAMES = 2 * STRETCHES * LENGTH
PASSWORD = "the evening review"
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED)


def film(path: Path) -> None:
    """Write a recording in which ten frames in twenty are nearly black, the later the blacker."""
    write(path, [n * 3_003 for n in range(FRAMES)], {"bf": "0", "g": "60"}, draw=dimmed(scene()))


def dimmed(draw: Callable[[int], Picture]) -> Callable[[int], Picture]:
    """The same pictures, dark in the second half of every twenty."""

    def dim(n: int) -> Picture:
        stretch, at = divmod(n, 2 * LENGTH)
        light = 1.0 if at < LENGTH else 0.112 - 0.008 * stretch
        return (draw(n) * light).astype("uint8")

    return dim


def make(path: str) -> None:
    """A project with the recording of `path`, judged and cut, and somebody who may only look."""
    admin = User.objects.get(username="admin")
    project = project_create(name="Quay", slug="quay", actor=admin)
    watcher, _ = User.objects.get_or_create(username="vera", defaults={"first_name": "Vera"})
    watcher.set_password(PASSWORD)
    watcher.save()
    member_add(project=project, username="vera", role=Role.VIEWER, actor=admin)
    camera = camera_add(project=project, site=None, site_name="Quay", name="Crane Pad", actor=admin)
    # Light that comes and goes is what this recording is about.
    thresholds = Thresholds(flicker=None).to_json()
    QualityProfile.objects.filter(camera=camera).update(thresholds=thresholds)
    video = video_register(
        project=project, camera=camera, name="20261014_081200.mp4", source=Path(path), actor=admin
    )
    _until(lambda: Video.objects.get(pk=video.pk).state in (VideoState.READY, VideoState.FAILED))
    _until(lambda: not _at_work(project))
    print(json.dumps({"video": str(video.pk), "camera": str(camera.pk)}))


def label() -> None:
    """Somebody says what happens in the first clip, once it is cut; its frames."""
    project = Project.objects.get(slug="quay")
    _until(lambda: not _at_work(project))
    clip = Clip.objects.filter(project=project, withdrawn_at=None).order_by("start")[0]
    annotate(clip, make_class(project, "Lifting"), author=User.objects.get(username="admin"))
    print(json.dumps([clip.start, clip.end]))


def _at_work(project: Project) -> bool:
    return Job.objects.filter(project=project).exclude(state__in=ENDED).exists()


def _until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("it took too long")
        time.sleep(0.1)
