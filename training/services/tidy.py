"""Sweeping what nobody needs any more. Doing it twice, or again after dying halfway, changes nothing."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from core.services.storage import discard
from training.models import DatasetVersion
from training.services.datasets import FILE, PREFIX

UNOWNED = timedelta(days=1)


def tidy() -> None:
    """Drop manifests that no dataset version names: who wrote them died, or gave up, before the commit."""
    try:
        names = default_storage.listdir(PREFIX)[0]
    except FileNotFoundError:
        return
    keys = {f"{PREFIX}/{name}/{FILE}" for name in names if name}
    owned = DatasetVersion.objects.filter(manifest_key__in=keys)
    keys -= set(owned.values_list("manifest_key", flat=True))
    oldest = timezone.now() - UNOWNED
    for key in keys:
        if default_storage.get_modified_time(key) < oldest:
            discard(key)
