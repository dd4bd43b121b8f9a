"""What a recipe of several parts reads and learns follows from its parts."""

from dataclasses import replace

import pytest

from training.ml.recipes import RECIPES, find_recipe
from training.ml.recipes.base import UnknownRecipe
from training.ml.recipes.fusion import FUSION_RECIPES, MOTION_AND_LIMBS, FusionRecipe, together
from training.ml.recipes.motion import SMART_MOTION
from training.ml.recipes.networks import LIMBS

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize("recipe", FUSION_RECIPES, ids=lambda each: each.name)
def test_its_parts_are_recipes_that_can_be_had_alone(recipe: FusionRecipe) -> None:
    assert len(recipe.parts) > 1
    assert all(RECIPES[part.name] is part for part in recipe.parts)
    assert recipe.why.endswith(".")


def test_its_features_follow_from_what_each_part_reads_with_which_weights() -> None:
    prints = {MOTION_AND_LIMBS.feature_fingerprint(each) for each in ("", together([A, B]), together([B, A]))}
    assert len(prints) == 3
    assert MOTION_AND_LIMBS.feature_fingerprint("") == MOTION_AND_LIMBS.feature_fingerprint(
        together(["", ""])
    )
    wider = replace(LIMBS, clip=replace(LIMBS.clip, people=3))
    other = replace(MOTION_AND_LIMBS, parts=(SMART_MOTION, wider))
    assert other.feature_fingerprint(together([A, B])) != MOTION_AND_LIMBS.feature_fingerprint(
        together([A, B])
    )


def test_what_it_learns_follows_from_its_parts_and_not_from_their_titles() -> None:
    retitled = replace(MOTION_AND_LIMBS, title="Other", parts=(SMART_MOTION, replace(LIMBS, title="Other")))
    assert retitled.fingerprint() == MOTION_AND_LIMBS.fingerprint()
    longer = replace(MOTION_AND_LIMBS, parts=(SMART_MOTION, replace(LIMBS, epochs=41)))
    assert longer.fingerprint() != MOTION_AND_LIMBS.fingerprint()
    assert longer.feature_fingerprint(A) == MOTION_AND_LIMBS.feature_fingerprint(A)


def test_epochs_can_be_asked_of_all_parts_and_nothing_that_only_one_has() -> None:
    found = find_recipe("motion_and_limbs", {"epochs": 3})
    assert isinstance(found, FusionRecipe)
    assert found.epochs == 3
    with pytest.raises(UnknownRecipe, match="no number named words"):
        find_recipe("motion_and_limbs", {"words": 3})
