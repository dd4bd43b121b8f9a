"""A run that many tests look at: made once, because making it takes a second or two."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.ml.fit.small import NETWORK
from tests.training.ml.house import Heard, House, usual
from training.ml.models import NETWORKS
from training.ml.run import run

torch.set_num_threads(1)  # as every child process does: threads that wait for each other are slower here


@dataclass(frozen=True)
class Ran:
    """What went in, what came out, and what was told on the way."""

    house: House
    out: Path
    report: dict[str, Any]
    heard: Heard


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("run")
    made, heard = usual(folder / "house"), Heard()
    return Ran(made, folder / "out", run(made.params(), folder / "out", heard), heard)


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """The small network is one of the library's while a module's tests run that learn with it."""
    NETWORKS[NETWORK.name] = NETWORK
    yield
    del NETWORKS[NETWORK.name]
