"""How good predictions are, and how sure one may be of that.

Everywhere `truth_N` holds class numbers and `said_N` the predicted ones; -1 is a clip of which nothing could
be said, and counts as wrong.
"""

from training.ml.metrics.chances import average_precision, calibration_error, mean_average_precision
from training.ml.metrics.classes import (
    LEAST_FOR_TOP5,
    NOTHING,
    ClassScore,
    Floats,
    Ints,
    Macro,
    confusion,
    macro,
    macro_f1,
    mcnemar,
    paired,
    per_class,
    top1,
    top5,
    wilson,
)
from training.ml.metrics.detection import DETECTION_IOUS, Detections, Span, detections

__all__ = [
    "DETECTION_IOUS",
    "LEAST_FOR_TOP5",
    "NOTHING",
    "ClassScore",
    "Detections",
    "Floats",
    "Ints",
    "Macro",
    "Span",
    "average_precision",
    "calibration_error",
    "confusion",
    "detections",
    "macro",
    "macro_f1",
    "mcnemar",
    "mean_average_precision",
    "paired",
    "per_class",
    "top1",
    "top5",
    "wilson",
]
