"""Pipelines come back from their files as they went in, and what is wrong in one is said."""

import json
from pathlib import Path

import pytest

from training.ml.augment.files import from_facts, read, to_facts, write
from training.ml.augment.mixing import CutMix
from training.ml.augment.moves import Affine, Flip
from training.ml.augment.pipeline import MIXES, TRANSFORMS, BadPipeline, Pipeline
from training.ml.augment.presets import PRESETS, pipeline_named
from training.ml.augment.rand_augment import RandAugment

EVERY = Pipeline(
    'every "one"',
    tuple(kind() for kind in TRANSFORMS.values()),
    tuple(kind() for kind in MIXES.values()),
    (("wave left", "wave right"), ("näher", "ferner")),
)


@pytest.mark.parametrize("ending", ["json", "toml"])
@pytest.mark.parametrize("pipeline", [EVERY, *PRESETS.values()], ids=lambda each: each.name)
def test_a_pipeline_comes_back_from_its_file(pipeline: Pipeline, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"mine.{ending}"
    write(pipeline, path)
    assert read(path) == pipeline
    assert pipeline_named(str(path)) == pipeline


def test_facts_are_plain_json() -> None:
    assert from_facts(json.loads(json.dumps(to_facts(EVERY))), "x") == EVERY


def test_numbers_that_are_left_out_have_their_usual_value() -> None:
    made = from_facts(
        {
            "steps": [{"do": "affine", "degrees": 5}, {"do": "flip"}],
            "mixes": [{"do": "cut_mix", "form": "cuboid"}],
        },
        "x",
    )
    assert made.steps == (Affine(degrees=5.0), Flip())
    assert made.mixes == (CutMix(form="cuboid"),)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"steps": [{"do": "rotate"}]}, "there is no 'rotate' to do; there are: resize, "),
        ({"steps": [{"do": "flip", "p": 1}]}, "flip has no p; it has: chance"),
        ({"steps": [{"do": "flip", "chance": "often"}]}, "chance of flip must be a number, not 'often'"),
        ({"steps": [{"do": "crop", "side": 1.5}]}, "side of crop must be a whole number, not 1.5"),
        ({"steps": [{"do": "crop", "side": True}]}, "side of crop must be a whole number, not True"),
        ({"steps": [{"do": "crop", "place": "up"}]}, "place of crop must be one of random, centre"),
        ({"steps": [{"do": "affine", "scale": [1]}]}, "scale of affine must be a list of 2"),
        ({"steps": ["flip"]}, "there is no 'flip' to do"),
        ({"steps": {"do": "flip"}}, "steps must be a list of tables"),
        ({"mixes": [{"do": "flip"}]}, "there is no 'flip' to do; there are: mixup, cut_mix"),
        ({"swaps": [["a"]]}, "swaps must be a list of 2"),
        ({"step": []}, "a pipeline has name, steps, mixes and swaps, no step"),
        ([], "holds no pipeline"),
    ],
)
def test_what_is_wrong_is_said(facts: object, sentence: str) -> None:
    with pytest.raises(BadPipeline) as caught:
        from_facts(facts, "mine.json")  # type: ignore[arg-type]
    assert caught.value.sentence.startswith("mine.json")
    assert sentence in caught.value.sentence


def test_wrong_syntax_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "x"\n[[steps]\n')
    with pytest.raises(BadPipeline, match=r"mine\.toml is no pipeline: .*line 2"):
        read(path)
    with pytest.raises(BadPipeline, match="cannot be read"):
        read(tmp_path / "not there.json")
    with pytest.raises(BadPipeline, match=r"\.toml or \.json"):
        write(EVERY, tmp_path / "mine.yaml")


def test_an_unknown_name_is_answered_with_the_names() -> None:
    with pytest.raises(BadPipeline, match="no pipeline named tns; there are: tsn, tsn_flow"):
        pipeline_named("tns")


def test_presets_have_the_numbers_of_their_sources() -> None:
    assert to_facts(PRESETS["tsn"])["steps"][0]["scales"] == (1.0, 0.875, 0.75, 0.66)
    assert to_facts(PRESETS["tsn_flow"])["steps"][0]["scales"] == (1.0, 0.875, 0.75)
    assert [step["do"] for step in to_facts(PRESETS["kinetics"])["steps"]] == ["resize_short", "crop", "flip"]
    assert RandAugment(2, 9.0) in PRESETS["rand_augment"].steps
