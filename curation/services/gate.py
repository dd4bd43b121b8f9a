"""A camera's gate: changing what it tolerates, and having its videos judged again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, F
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Now

from core.errors import Conflict
from core.models import AuditEvent, Project, User
from core.services.audit import audit_record
from core.services.jobs import job_retry, jobs_enqueue
from curation.errors import StaleGate
from curation.models import Camera, QualityProfile, Video
from curation.quality.verdict import Thresholds
from curation.selectors.gate import REJUDGE, rejudging_failed
from curation.selectors.videos import HEAVY
from curation.services.sites import camera_keep

BATCH = 20
"""Videos that one job judges again, and how many bytes of proxies: a worker may have to copy all of them."""
BATCH_BYTES = 2 * 2**30
APPLY = "gate.apply"


@transaction.atomic
def gate_apply(
    *, camera: Camera, thresholds: Thresholds, revision: int, actor: User | None
) -> QualityProfile:
    """Let a camera tolerate what `thresholds` say, and have its videos judged again.

    `revision` is the one that the writer saw: of two writers one wins, and the other gets StaleGate with both
    versions. Decisions of people stand. Thresholds that are there already change nothing, but what could not
    be judged by them is tried again. Raises Conflict for a camera that went.
    """
    camera_keep(camera=camera)
    before = QualityProfile.objects.get(pk=camera.pk)
    if before.revision == revision and Thresholds.from_json(before.thresholds) == thresholds:
        for job in rejudging_failed(camera=camera, revision=revision).order_by("pk"):
            with suppress(Conflict):  # somebody else tries it again already
                job_retry(job=job, actor=actor)
        return before
    seen = QualityProfile.objects.filter(pk=camera.pk, revision=revision)
    if not seen.update(thresholds=thresholds.to_json(), revision=F("revision") + 1, updated_at=Now()):
        raise _stale(camera, thresholds, revision)
    profile = QualityProfile.objects.get(pk=camera.pk)
    audit_record(
        verb=APPLY,
        obj=camera,
        project=camera.site.project,
        actor=actor,
        revision=profile.revision,
        **_changes(before.thresholds, profile.thresholds),
    )
    ready = Video.objects.from_camera(camera.pk).ready().values_list("pk", flat=True)
    rejudge_later(videos=ready, cause=f"revision {profile.revision}")
    return profile


@transaction.atomic
def rejudge_later(*, videos: Iterable[UUID], cause: str) -> None:
    """Have ready videos judged again by the gates of their cameras, also removed ones that can be restored.

    A job takes at most `BATCH` videos of one camera, and `BATCH_BYTES`. The same `cause` is asked for once a
    camera: "revision 2" of one is not that of another to which a video was moved.
    """
    rows = Video.objects.filter(pk__in=list(videos)).ready().exclude(source_key="").order_by("camera", "pk")
    proxy = KeyTextTransform("bytes", KeyTransform("proxy720", "artifacts"))
    size = dict(rows.values_list("pk", Coalesce(Cast(proxy, BigIntegerField()), 0)))
    by_camera: dict[tuple[Project, UUID, int], list[tuple[str, int]]] = defaultdict(list)
    for video in rows.select_related("project", "camera__quality_profile").defer(*HEAVY):
        revision = video.camera.quality_profile.revision
        by_camera[video.project, video.camera_id, revision].append((str(video.pk), size[video.pk]))
    asked: dict[Project, dict[str, dict[str, Any]]] = defaultdict(dict)
    for (project, camera, revision), own in by_camera.items():
        for ids in _batches(own):
            params = {"camera": str(camera), "revision": revision, "videos": ids}
            asked[project][f"{REJUDGE}:{camera}:{ids[0]}:{cause}"] = params
    for project, batches in asked.items():
        jobs_enqueue(kind=REJUDGE, params=batches, project=project)


def _batches(sized: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Ids with the bytes of their proxies, as many at a time as one job takes; one at least."""
    batch: list[str] = []
    held = 0
    for pk, size in sized:
        if batch and (len(batch) == BATCH or held + size > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(pk)
        held += size
    if batch:
        yield batch


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The thresholds that are others now, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {"from": {name: before.get(name) for name in names}, "to": {name: after[name] for name in names}}


def _stale(camera: Camera, thresholds: Thresholds, revision: int) -> StaleGate:
    now = QualityProfile.objects.get(pk=camera.pk)
    last = AuditEvent.objects.filter(
        object_type=Camera._meta.label_lower, object_id=str(camera.pk), verb=APPLY
    ).select_related("actor")
    event = last.first()
    actor = None if event is None else event.actor
    return StaleGate(
        who="" if actor is None else actor.shown_name,
        camera=camera.name,
        current={"revision": now.revision, "thresholds": Thresholds.from_json(now.thresholds).to_json()},
        yours={"revision": revision, "thresholds": thresholds.to_json()},
    )
