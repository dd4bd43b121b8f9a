"""Dense optical flow between grey pictures, by name, and how it is kept."""

from training.ml.flow.methods import Method, flow
from training.ml.flow.pictures import NoFlow
from training.ml.flow.storage import restored, stored

__all__ = ["Method", "NoFlow", "flow", "restored", "stored"]
