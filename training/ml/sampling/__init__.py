"""Which frames of a clip a network is shown: at random to learn from, and always the same to be tested on."""

from training.ml.sampling.clips import Dense, Dynamic, Sampler, Segments, Uniform
from training.ml.sampling.segments import centred_starts, drawn_starts, frames_at

__all__ = [
    "Dense",
    "Dynamic",
    "Sampler",
    "Segments",
    "Uniform",
    "centred_starts",
    "drawn_starts",
    "frames_at",
]
