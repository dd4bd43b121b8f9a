"""A recipe of several parts stands on the weights of all of them."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from training.ml.recipes import RECIPES
from training.ml.recipes.fusion import MOTION_AND_LIMBS, together
from training.ml.weights import NONE_FOUND
from training.selectors import recipes
from training.selectors.recipes import recipe_named, recipes_all


def test_without_the_weights_of_one_part_a_recipe_says_so(settings: Settings, tmp_path: Path) -> None:
    settings.WEIGHTS_DIR = str(tmp_path)
    found = recipe_named("motion_and_limbs")
    assert found.warning == NONE_FOUND
    assert found.damaged == recipe_named("limbs").damaged != ""


def test_its_features_are_named_by_what_each_part_reads_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "_eye", lambda: ("a" * 64, "", ""))
    monkeypatch.setattr(recipes, "_poses", lambda: ("b" * 64, "", ""))
    found = recipe_named("motion_and_limbs")
    assert found.fingerprint == MOTION_AND_LIMBS.feature_fingerprint(together(["a" * 64, "b" * 64]))
    assert (found.warning, found.damaged) == ("", "")


def test_what_learns_no_network_from_scratch_is_offered_first() -> None:
    names = [recipe.name for recipe in recipes_all()]
    assert names[:3] == ["smart_motion", "smart_glance", "motion_and_limbs"]
    assert len(names) == len(set(names)) == len(RECIPES)
