"""A disk of its own for every test that touches files."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings


@dataclass(frozen=True)
class Disk:
    """Where the application keeps files during one test."""

    media: Path
    uploads: Path
    stage: Path
    work: Path

    def stored(self) -> list[str]:
        """Every file in storage, by key."""
        return sorted(
            path.relative_to(self.media).as_posix() for path in self.media.rglob("*") if path.is_file()
        )


@pytest.fixture
def disk(tmp_path: Path, settings: Settings) -> Disk:
    """Empty storage, upload, stage and work folders."""
    places = Disk(*(tmp_path / name for name in ("media", "uploads", "stage", "work")))
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(places.media)},
        },
    }
    settings.UPLOAD_DIR, settings.STAGE_DIR, settings.JOB_WORK_DIR = places.uploads, places.stage, places.work
    assert Path(default_storage.path("x")).parent == places.media
    return places
