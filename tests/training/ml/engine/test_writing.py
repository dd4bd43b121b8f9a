"""What a report says besides what was counted: whether it learned too little or too much."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from tests.training.ml.house import QUICK, Heard, House, usual
from training.ml.divergence import Verdict, divergence_of
from training.ml.run import run


@pytest.fixture(scope="module")
def astray(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run in which val shows other actions than its labels say: what is learned must fail there."""
    folder = tmp_path_factory.mktemp("astray")
    made = usual(folder / "house", per=4)
    return folder / "out", learned(turned(made), folder)


def turned(made: House) -> House:
    names = {each.id: made.classes[place - 1].id for place, each in enumerate(made.classes)}
    clips = [replace(c, label=names[c.label]) if c.split == "val" else c for c in made.clips]
    return replace(made, clips=clips)


def learned(made: House, folder: Path) -> dict[str, Any]:
    overrides = {**QUICK, "epochs": 20, "patience": 20}
    return run(made.params(str(folder / "checkpoints"), overrides=overrides), folder / "out", Heard())


def test_the_report_tells_the_verdict_on_its_own_epochs(astray: tuple[Path, dict[str, Any]]) -> None:
    _, report = astray
    expected = divergence_of(report["history"], classes=3, val_clips=24)
    assert expected is not None
    assert expected.verdict == Verdict.OVERFIT
    assert report["divergence"] == asdict(expected)
    assert expected.sentence in report["notes"], "a person is told"


def test_the_card_tells_it_too(astray: tuple[Path, dict[str, Any]]) -> None:
    out, report = astray
    card = json.loads((out / "card.json").read_text())
    assert card["recipe"]["divergence"] == json.loads(json.dumps(report["divergence"]))


def test_of_few_clips_nothing_is_said(tmp_path: Path) -> None:
    report = learned(turned(usual(tmp_path / "house")), tmp_path)
    assert report["divergence"] is None
    assert not any("fit:" in note for note in report["notes"])
