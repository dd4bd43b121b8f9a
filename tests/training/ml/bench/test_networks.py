"""A network's seconds and memory are measured where nothing else takes any."""

import json

import pytest

from training.ml import cli
from training.ml.bench.networks import NotMeasured, measured
from training.ml.cli import bench


def test_the_memory_of_a_step_holds_at_least_gradients_and_momenta() -> None:
    cost = measured("mobilenet_v2", repeats=1, threads=1)
    assert cost.parameters == 3_504_872
    assert cost.gmacs == pytest.approx(0.301, abs=0.01)
    assert cost.step_mb > 2 * 4 * cost.parameters / 1e6
    assert 0 < cost.forward_mb < cost.step_mb
    assert 0 < cost.forward_seconds < cost.step_seconds


def test_what_cannot_be_measured_says_why() -> None:
    with pytest.raises(NotMeasured, match=r"MobileNetV2.* could not be measured on cpu: "):
        measured("mobilenet_v2", batch=-1)


def test_the_verb_tells_each_network_beside_its_published_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "x3d_xs", "--repeats", "1", "--threads", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["failed"] == {}
    (cost,) = told["networks"]
    assert cost["takes"] == "x_BCTHW 1x3x4x160x160"
    assert cost["gmacs"] == pytest.approx(cost["published_gmacs"], rel=0.01)


def test_the_verb_fails_where_no_network_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "measured", lambda name, **how: measured(name, batch=-1))
    assert cli.main(["bench", "mobilenet_v2", "--json"]) == 1
    assert "could not be measured" in json.loads(capsys.readouterr().out)["error"]


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "resnet7"]) == 1
    assert "No network is named resnet7" in capsys.readouterr().err
