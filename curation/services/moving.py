"""A video that came in under the wrong camera is put under the right one."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from core.errors import Conflict, Invalid, NotFound
from core.models import User
from core.services.audit import audit_record
from curation.models import Camera, QualityProfile, QualitySpan, Video, VideoState
from curation.models.quality import ELSEWHERE
from curation.services.gate import rejudge_later
from curation.services.ingest import usual_learn
from curation.services.sites import camera_keep
from curation.services.videos import videos_follow_up


@transaction.atomic
def video_move(*, video: Video, camera: Camera, seen: UUID, actor: User | None) -> Video:
    """Put a video under another camera of its project; under its own already, nothing changes.

    What is ready is judged again by that camera's gate, around what people decided, and the apps above look
    at it again. Raises Invalid for a camera of another project, NotFound for a removed video, and Conflict
    while the video is being read, where it left the camera that was `seen`, and where the camera went.
    """
    if camera.site.project_id != video.project_id:
        raise Invalid("This camera does not belong to this project.")
    row = _locked(video.pk)
    if row.camera_id == camera.pk:
        return row
    if row.camera_id != seen:
        raise Conflict(
            f"{row.name} was moved to {row.camera.name} meanwhile. Look at it again before you move it."
        )
    if row.state not in (VideoState.READY, VideoState.FAILED):
        raise Conflict(f"{row.name} is still being read. Move it when it is ready.")
    camera_keep(camera=camera)
    return _moved(row, camera, actor)


def _locked(pk: UUID) -> Video:
    # Without its camera: joined to that, a row whose camera another move has changed would not be found.
    video = Video.objects.kept().select_for_update(no_key=True).filter(pk=pk).first()
    if video is None:
        raise NotFound("This project has no such video.")
    return video


def _moved(video: Video, camera: Camera, actor: User | None) -> Video:
    before = video.camera
    # Locked before the tallies that the update writes to, as by the end of an ingest.
    profiles = QualityProfile.objects.filter(pk__in=[before.pk, camera.pk]).order_by("pk")
    profiles = profiles.select_for_update(no_key=True)
    both = list(profiles)
    Video.objects.filter(pk=video.pk).update(camera=camera, moved_at=Now())
    video.uploads.update(camera=camera)  # an emptied camera that goes takes its uploads along
    QualitySpan.objects.filter(video=video).update(profile_revision=ELSEWHERE)
    names = {"name": video.name, "from": before.name, "to": camera.name}
    event = audit_record(verb="video.move", obj=video, project=video.project, actor=actor, **names)
    if video.state == VideoState.READY:
        for profile in both:
            usual_learn(profile=profile)
        rejudge_later(videos=[video.pk], cause=f"move {event.pk}")
        videos_follow_up(videos=[video], cause=f"move {event.pk}")
    video.refresh_from_db()
    return video
