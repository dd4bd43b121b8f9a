"""In how many views a test sees a clip: at which moments, and in which squares of the frames."""

from dataclasses import replace
from typing import Any

from training.ml.augment.crops import Count, Crops
from training.ml.augment.moves import Crop
from training.ml.augment.pipeline import Pipeline
from training.ml.fit.recipe import Bodies, FitRecipe, Scores, Sight, WrongRecipe


def seen(
    recipe: FitRecipe, *, moments: int | None = None, crops: Count | None = None, scores: Scores | None = None
) -> FitRecipe:
    """The recipe with another test; what is None stays as the recipe's source has it.

    Raises WrongRecipe for squares of skeletons, and of a pipeline that cuts none.
    """
    sees = recipe.sees
    if moments is not None:
        sees = looking(sees, moments)
    if crops is not None:
        if isinstance(sees, Bodies):
            raise WrongRecipe(f"{recipe.name} sees skeletons, of which no squares are cut: leave crops out.")
        sees = replace(sees, test_pipeline=cropping(sees.test_pipeline, crops))
    return replace(recipe, sees=sees, scores=scores or recipe.scores)


def once(sees: Sight | Bodies) -> Sight | Bodies:
    """One moment, and the middle square where there are several."""
    sees = looking(sees, 1)
    if isinstance(sees, Sight) and sees.test_pipeline.crops > 1:
        return replace(sees, test_pipeline=cropping(sees.test_pipeline, 1))
    return sees


def looking(sees: Sight | Bodies, moments: int) -> Sight | Bodies:
    """The same at so many moments."""
    if isinstance(sees, Bodies):
        return replace(sees, moments=moments)
    return replace(sees, tested=replace(sees.tested, views=moments))


def cropping(pipeline: Pipeline, count: Count) -> Pipeline:
    """The same with so many squares where it cuts one or more. Raises WrongRecipe where it cuts none."""
    steps = tuple(
        Crops(each.side, count) if isinstance(each, Crop | Crops) else each for each in pipeline.steps
    )
    if not any(isinstance(each, Crops) for each in steps):
        raise WrongRecipe(
            f"The pipeline {pipeline.name} that is tested on cuts no square of the frames, so there are no "
            "several: leave crops out."
        )
    return replace(pipeline, steps=steps)


def protocol(recipe: FitRecipe) -> dict[str, Any]:
    """How a clip is tested, as JSON holds it: moments, crops of each, and what is averaged over them."""
    crops = recipe.sees.test_pipeline.crops if isinstance(recipe.sees, Sight) else 1
    return {"moments": recipe.sees.moments, "crops": crops, "scores": recipe.scores}
