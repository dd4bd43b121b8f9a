"""The tables of training: frozen labels, features, runs, models and what models said."""

from training.models.datasets import DatasetVersion, HeldOut, SeenLabels
from training.models.features import FeatureTrack, TrackState
from training.models.predictions import PredictionSet, PredictionState
from training.models.runs import RunState, TrainingRun
from training.models.versions import ModelState, ModelVersion

__all__ = [
    "DatasetVersion",
    "FeatureTrack",
    "HeldOut",
    "ModelState",
    "ModelVersion",
    "PredictionSet",
    "PredictionState",
    "RunState",
    "SeenLabels",
    "TrackState",
    "TrainingRun",
]
