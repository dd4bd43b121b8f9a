"""How networks descend their losses: optimizers, which parameter learns how fast, schedules, and a step.

A rate of a group is its `initial_lr` times the schedule's factor; `Descent` does what lies between a loss and
the next one. Nothing here has a state that a checkpoint of `training.ml.engine.loop` does not hold.
"""

from training.ml.optim.average import Average
from training.ml.optim.descent import Descent, Precision
from training.ml.optim.groups import Rates, fitting_groups, groups_by_name, plain_groups
from training.ml.optim.optimizers import ASGD, SGD, Adam, AdamW, Optimizer, WrongOptimizer, set_rates
from training.ml.optim.schedules import (
    Cosine,
    MultiStep,
    Plateau,
    Schedule,
    Step,
    Warmup,
    linear_rate,
)

__all__ = [
    "ASGD",
    "SGD",
    "Adam",
    "AdamW",
    "Average",
    "Cosine",
    "Descent",
    "MultiStep",
    "Optimizer",
    "Plateau",
    "Precision",
    "Rates",
    "Schedule",
    "Step",
    "Warmup",
    "WrongOptimizer",
    "fitting_groups",
    "groups_by_name",
    "linear_rate",
    "plain_groups",
    "set_rates",
]
