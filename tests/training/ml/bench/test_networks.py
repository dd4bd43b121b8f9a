"""A network's seconds and memory are measured where nothing else takes any."""

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest

from training.ml import cli
from training.ml.bench.networks import Cost, NotMeasured, measured
from training.ml.cli import bench
from training.ml.models import NETWORKS


@pytest.fixture(scope="module")
def cost() -> dict[str, Any]:
    """What the verb tells of one network: it is measured once, because that takes a process of its own."""
    out = StringIO()
    with redirect_stdout(out):
        assert cli.main(["bench", "x3d_xs", "--repeats", "1", "--threads", "1", "--json"]) == 0
    told = json.loads(out.getvalue())
    assert told["failed"] == {}
    (found,) = told["networks"]
    assert isinstance(found, dict)
    return found


def test_the_memory_of_a_step_holds_at_least_gradients_and_momenta(cost: dict[str, Any]) -> None:
    assert cost["parameters"] == NETWORKS["x3d_xs"].parameters
    assert cost["step_mb"] > 2 * 4 * cost["parameters"] / 1e6
    assert 0 < cost["forward_mb"] < cost["step_mb"]
    assert 0 < cost["forward_seconds"] < cost["step_seconds"]


def test_what_cannot_be_measured_says_why() -> None:
    with pytest.raises(NotMeasured, match=r"MobileNetV2.* could not be measured on cpu: "):
        measured("mobilenet_v2", batch=-1)


def test_the_verb_tells_each_network_beside_its_published_figure(cost: dict[str, Any]) -> None:
    assert cost["takes"] == "x_BCTHW 1x3x4x160x160"
    assert cost["gmacs"] == pytest.approx(cost["published_gmacs"], rel=0.01)


def test_the_verb_fails_where_no_network_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unmeasured(name: str, **_: object) -> Cost:
        raise NotMeasured(f"{name} could not be measured")

    monkeypatch.setattr(bench, "measured", unmeasured)
    assert cli.main(["bench", "mobilenet_v2", "--json"]) == 1
    assert "could not be measured" in json.loads(capsys.readouterr().out)["error"]


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "resnet7"]) == 1
    assert "No network is named resnet7" in capsys.readouterr().err
