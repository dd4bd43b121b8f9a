"""Recipes of the sources' tables, for whoever has their data: `python -m training.ml fit --recipe NAME`.

Each file says where its numbers are from and what was reported with them; what no source tells is said to be
a choice. All can be changed by `dataclasses.replace`, and some of their numbers from the shell.
"""

from training.ml.fit.recipe import FitRecipe, WrongRecipe
from training.ml.recipes.published import (
    as_gcn_mads,
    as_gcn_ntu,
    i3d_inception,
    i3d_resnet50,
    one_shot_ntu120,
    slowfast,
    tsn_bninception,
    tsn_resnet50,
    tsn_vgg16,
    two_stream_cnn_lstm,
    x3d_m,
)

PUBLISHED: dict[str, FitRecipe] = {
    each.name: each
    for module in (
        tsn_vgg16,
        tsn_resnet50,
        tsn_bninception,
        i3d_inception,
        i3d_resnet50,
        two_stream_cnn_lstm,
        x3d_m,
        slowfast,
        as_gcn_ntu,
        as_gcn_mads,
        one_shot_ntu120,
    )
    for each in module.RECIPES
}


def published(name: str) -> FitRecipe:
    """The recipe of that name. Raises WrongRecipe with those that there are."""
    if name not in PUBLISHED:
        raise WrongRecipe(f"There is no recipe named {name}; there are: {', '.join(PUBLISHED)}.")
    return PUBLISHED[name]
