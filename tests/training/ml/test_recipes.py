"""A recipe's fingerprint names what follows from it, and nothing else."""

from dataclasses import replace

import pytest

from training.ml.recipes import RECIPES, find_recipe
from training.ml.recipes.base import UnknownRecipe
from training.ml.recipes.motion import SMART_GLANCE, SMART_MOTION, FeatureRecipe, MotionRecipe

SHA = "ab" * 32


def test_the_recipe_of_a_name_is_found() -> None:
    assert find_recipe("smart_motion") is not None
    assert all(recipe.name == name for name, recipe in RECIPES.items())


def test_features_of_other_weights_have_another_fingerprint() -> None:
    prints = {SMART_MOTION.feature_fingerprint(sha) for sha in ("", SHA, "cd" * 32)}
    assert len(prints) == 3


def test_features_do_not_depend_on_how_a_model_is_trained_of_them() -> None:
    other = find_recipe("smart_motion", {"epochs": 3, "learning_rate": 0.5})
    assert other.feature_fingerprint(SHA) == SMART_MOTION.feature_fingerprint(SHA)
    assert other.fingerprint() != SMART_MOTION.fingerprint()


def test_every_number_of_the_features_is_in_their_fingerprint() -> None:
    base = SMART_MOTION.feature_fingerprint(SHA)
    for name, value in vars(FeatureRecipe()).items():
        changed = replace(SMART_MOTION, features=replace(SMART_MOTION.features, **{name: value + 1}))
        assert changed.feature_fingerprint(SHA) != base, name


def test_every_number_of_a_glance_is_in_the_fingerprint_too() -> None:
    base, glance = SMART_GLANCE.feature_fingerprint(SHA), SMART_GLANCE.glance
    assert base != SMART_MOTION.feature_fingerprint(SHA)
    assert glance is not None
    for name, value in vars(glance).items():
        if name != "candidates":
            changed = replace(SMART_GLANCE, glance=replace(glance, **{name: value + 1}))
            assert changed.feature_fingerprint(SHA) != base, name


def test_a_glance_at_other_candidates_is_refused() -> None:
    with pytest.raises(ValueError, match="smart_glance has other candidates"):
        replace(SMART_GLANCE, glance=FeatureRecipe(candidates=8))


def test_words_for_people_are_in_no_fingerprint() -> None:
    assert replace(SMART_MOTION, title="Other", why="other").fingerprint() == SMART_MOTION.fingerprint()


def test_an_override_keeps_the_type_of_its_number() -> None:
    recipe = find_recipe("smart_motion", {"epochs": 7.0, "weight_decay": 1})
    assert isinstance(recipe, MotionRecipe)
    assert (recipe.epochs, recipe.weight_decay) == (7, 1.0)
    assert isinstance(recipe.epochs, int)
    assert isinstance(recipe.weight_decay, float)


@pytest.mark.parametrize(
    ("name", "overrides", "said"),
    [
        ("best_ever", {}, "no recipe named best_ever; there are: .*smart_motion"),
        ("smart_motion", {"magic": 1}, "no number named magic"),
        ("smart_motion", {"name": 1}, "no number named name"),
        ("smart_motion", {"features": 1}, "no number named features"),
        ("smart_motion", {"epochs": -1}, "epochs of the recipe smart_motion must be a number of at least 0"),
        ("smart_motion", {"epochs": True}, "must be a number"),
        ("smart_motion", {"epochs": "many"}, "not 'many'"),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(name: str, overrides: dict[str, object], said: str) -> None:
    with pytest.raises(UnknownRecipe, match=said):
        find_recipe(name, overrides)
