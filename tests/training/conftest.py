"""A disk of its own, and no pretrained weights, for the tests of training."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.curation.conftest import Disk, disk  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, settings: Settings, disk: Disk) -> None:  # noqa: F811
    """Whatever this machine has beside the checkout plays no part."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    settings.GLOVE_PATH = ""
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
