"""Where the real recordings are, for the tests that want them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recordings; without it the test is skipped with the reason."""
    root = Path(__file__).resolve().parents[3]
    data = Path(os.environ.get("RUSHES_SHARED", root.parent / "shared")) / "data"
    if not data.is_dir():
        pytest.skip("footage: RUSHES_SHARED has no data folder")
    return data
