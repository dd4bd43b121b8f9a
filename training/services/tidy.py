"""Sweeping what nobody needs any more. Doing it twice, or again after dying halfway, changes nothing."""

from collections.abc import Collection

from core.services.storage import discard_unowned
from training.models import DatasetVersion
from training.services.datasets import FILE, PREFIX

TIDY = "training.tidy"


def tidy() -> None:
    """Drop manifests that no dataset version names."""
    discard_unowned(PREFIX, _named)


def _named(keys: Collection[str]) -> Collection[str]:
    rows = DatasetVersion.objects.filter(manifest_key__in=[f"{key}/{FILE}" for key in keys])
    return {name.rpartition("/")[0] for name in rows.values_list("manifest_key", flat=True)}
