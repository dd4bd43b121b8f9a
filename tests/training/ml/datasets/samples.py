"""Samples without files, for tests of what is done with them."""

from collections.abc import Sequence
from pathlib import Path

from training.ml.datasets.base import Dataset, Sample


def grid(subjects: Sequence[str], cameras: Sequence[str], labels: Sequence[str]) -> Dataset:
    """Every label by every subject before every camera."""
    samples = tuple(
        Sample(path=Path(f"{label}-{subject}-{camera}.mp4"), label=label, subject=subject, camera=camera)
        for label in labels
        for subject in subjects
        for camera in cameras
    )
    return Dataset(name="grid", classes=tuple(labels), samples=samples)
