"""Sweeping what nobody needs any more. Doing it twice, or again after dying halfway, changes nothing."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core.services.storage import discard, discard_unowned
from curation.models import Upload, Video
from curation.services.sources import PREFIX
from curation.services.uploads import upload_abandon
from curation.services.videos import INGEST

TIDY = "curation.tidy"
UNDO = timedelta(days=30)
"""How long a removed video can be restored."""
ABANDONED = timedelta(days=7)


def tidy() -> None:
    """Drop the files of videos removed long ago, sources that no video owns, and abandoned uploads."""
    now = timezone.now()
    late = Video.objects.removed().filter(deleted_at__lt=now - UNDO).exclude(source_key="")
    for pk in late.order_by("pk").values_list("pk", flat=True):  # the order in which all others lock them
        _drop_files(pk)
    for upload in Upload.objects.receiving().filter(touched_at__lt=now - ABANDONED):
        upload_abandon(upload=upload)
    discard_unowned(PREFIX, _named)  # copies whose video was never registered


@transaction.atomic
def _drop_files(pk: UUID) -> None:
    """Files first: a row that still names them is found again if this dies in between.

    Locked meanwhile, and looked at again: one that somebody restored keeps its files.
    """
    video = Video.objects.removed().filter(pk=pk).select_for_update(no_key=True).first()
    if video is None:
        return
    if video.job_id is not None:
        discard(f"{INGEST}/{video.job_id}")
    for made in video.artifacts.values():  # also those of later jobs
        discard(made["key"])
    default_storage.delete(video.source_key)
    Video.objects.filter(pk=video.pk).update(source_key="", artifacts={})


def _named(keys: Collection[str]) -> Collection[str]:
    return set(Video.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
