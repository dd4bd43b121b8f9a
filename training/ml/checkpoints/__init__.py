"""Weights from files of any publisher: read safely, called by our names, and loaded whole or not at all."""

from training.ml.checkpoints.channels import spread, spread_to
from training.ml.checkpoints.fitting import DoesNotFit, Fit, classes_of, fitted, load, load_but_classes
from training.ml.checkpoints.reading import Checkpoint, read

__all__ = [
    "Checkpoint",
    "DoesNotFit",
    "Fit",
    "classes_of",
    "fitted",
    "load",
    "load_but_classes",
    "read",
    "spread",
    "spread_to",
]
