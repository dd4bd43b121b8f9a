"""Uploads from a browser: resumable, synced to disk before they are acknowledged, capped in size."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from core.errors import Conflict, Invalid, NotFound, RushesError
from core.models import Project, User
from core.services.audit import audit_record
from core.services.state import advance
from curation.models import Camera, Upload, UploadState
from curation.services.sites import camera_keep
from curation.services.sources import source_take, sync_to_disk
from curation.services.videos import video_name, video_register

CHUNK_BYTES = 8 * 2**20
"""What a browser should send at a time; more than 9 MiB in one request is refused."""


class WrongOffset(Conflict):
    """The bytes do not continue what is there; `details["received"]` says where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(
            f"The upload goes on at byte {received}; these bytes belong elsewhere.",
            details={"received": received},
        )


@transaction.atomic
def upload_create(*, project: Project, camera: Camera, name: str, size: int, actor: User | None) -> Upload:
    """Announce a file of `size` bytes.

    Raises Invalid for a size that is none, or above UPLOAD_MAX_BYTES, Conflict for a camera that goes.
    """
    name = video_name(name)
    if camera.site.project_id != project.pk:
        raise Invalid("This camera does not belong to this project.")
    if size < 1:
        raise Invalid(f"{name} is empty.")
    if size > settings.UPLOAD_MAX_BYTES:
        most = _gigabytes(settings.UPLOAD_MAX_BYTES)
        raise Invalid(
            f"{name} has {_gigabytes(size)}; an upload takes {most} at most. "
            "Bring larger files in with `manage.py ingest`."
        )
    camera_keep(camera=camera)
    upload = Upload.objects.create(project=project, camera=camera, actor=actor, name=name, bytes=size)
    audit_record(verb="upload.create", obj=upload, project=project, actor=actor, name=name, bytes=size)
    return upload


@transaction.atomic
def upload_append(*, upload: Upload, offset: int, data: bytes) -> Upload:
    """Add bytes at `offset`; they are on disk when this returns.

    Raises WrongOffset, Invalid for bytes beyond the announced size, Conflict for an upload that has ended.
    """
    row = _locked(upload)
    if row.state != UploadState.RECEIVING:
        raise Conflict("This upload has ended.", details={"state": row.state})
    if offset != row.received:
        raise WrongOffset(row.received)
    if offset + len(data) > row.bytes:
        raise Invalid(f"These are more bytes than the {row.bytes} that were announced.")
    if data:
        if not _write(upload_path(row), offset, data):
            raise Conflict("What was received of this upload is lost: start it again.")
        row.received = offset + len(data)
        row.save(update_fields=["received", "touched_at"])
    return row


def upload_finish(*, upload: Upload) -> Upload:
    """Register the video of a complete upload and drop the received file.

    A refusal (a duplicate) ends the upload as refused and is raised. Finishing twice changes nothing.
    Raises Conflict while bytes are missing.
    """
    refusal: RushesError | None = None
    with transaction.atomic():
        row = _locked(upload)
        if row.state != UploadState.RECEIVING:
            return row
        if row.received != row.bytes:
            raise WrongOffset(row.received)
        try:
            with transaction.atomic():
                video = video_register(
                    project=row.project,
                    camera=row.camera,
                    name=row.name,
                    source=source_take(upload_path(row)),
                    actor=row.actor,
                )
        except RushesError as error:
            refusal = error
            advance(row, to=UploadState.REFUSED, actor=row.actor, sentence=error.sentence)
        else:
            advance(row, to=UploadState.FINISHED, actor=row.actor, video=video)
        transaction.on_commit(lambda: upload_path(row).unlink(missing_ok=True))
    if refusal is not None:
        raise refusal
    row.refresh_from_db()
    return row


def upload_abandon(*, upload: Upload) -> None:
    """End an upload that nobody continues, and drop what was received."""
    advance(upload, to=UploadState.REFUSED, sentence="Nobody continued this upload, so it was dropped.")
    upload_path(upload).unlink(missing_ok=True)


def upload_path(upload: Upload) -> Path:
    """Where the received bytes lie until the upload is finished."""
    return Path(settings.UPLOAD_DIR) / upload.pk.hex


def _locked(upload: Upload) -> Upload:
    """Its row. Raises NotFound where it went with its camera: only one that has ended can."""
    row = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if row is None:
        raise NotFound("This project has no such upload.")
    return row


def _write(path: Path, offset: int, data: bytes) -> bool:
    """Put `data` at `offset`, cutting off what an unacknowledged write left behind it, and sync.

    False, with nothing written, where the file is shorter than `offset`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)  # keeps what is there
    with os.fdopen(descriptor, "wb") as file:
        if os.fstat(descriptor).st_size < offset:
            return False
        file.seek(offset)
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(descriptor)
    if offset == 0:
        sync_to_disk(path.parent)
    return True


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
