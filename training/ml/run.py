"""One training run, from a frozen dataset and what was read of its clips to a model, its card and its report.

    run({"manifest", "features", "missing", "recipe", "overrides", "seed", "weights", "glove",
         "checkpoints", "threads", "compare"}, out, report)

`features` maps clips to files, `missing` clips to the sentence why they have none, `checkpoints` is a folder
that outlives this process: killed at any moment and started again with the same one, a run writes the same
model and predictions, bit for bit, as if nothing had happened. Labels of the test side are looked at once,
after everything has been predicted. Features that cannot be used are as if they were missing; `torn` in the
report names their clips. Written under `out`: model.safetensors, card.json, report.json, predictions.json;
returned: the report.
"""

from pathlib import Path
from typing import Any

import torch

from training.ml.engine import motion
from training.ml.engine.fusion import run as fusion
from training.ml.engine.network import run as network
from training.ml.engine.progress import Report
from training.ml.recipes import find_recipe
from training.ml.recipes.fusion import FusionRecipe
from training.ml.recipes.networks import NetworkRecipe


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Learn, measure, write. Raises LearningError with a sentence for what cannot be learned from."""
    torch.set_num_threads(max(1, int(params["threads"])))
    recipe = find_recipe(params["recipe"])
    if isinstance(recipe, FusionRecipe):
        return fusion.run(params, out, report)
    if isinstance(recipe, NetworkRecipe):
        return network.run(params, out, report)
    return motion.run(params, out, report)
