"""Answering from a glance: a quick look at a clip finds the frames that tell, and only those are read.

What is said is what would be said had all candidates been read: `Extractor` tells of a candidate alike,
whatever others are read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from training.ml.engine.model import ActionModel
from training.ml.engine.scoring import Answer, scored
from training.ml.errors import LearningError
from training.ml.features.extract import Extractor, Film
from training.ml.features.motion import nothing
from training.ml.samplers import choose


def filmed(extractor: Extractor, clip: Mapping[str, Any]) -> Film:
    """One pass over `{"proxy", "start", "end", "fps", "rejected"?}`. Raises what `Extractor.film` raises."""
    stretches = clip.get("rejected", ())
    return extractor.film(Path(clip["proxy"]), clip["start"], clip["end"], clip["fps"], stretches)


@torch.no_grad()
def told_at_a_glance(
    model: ActionModel, extractor: Extractor, film: Film, content: str, budget: int = 0
) -> Answer:
    """What the model says of a clip; `content` as in `scored`. By default it reads as many frames as it does.

    The extractor reads by the model's recipe. Raises LearningError for a model that chooses otherwise.
    """
    glimpses = model.encoder.glimpses
    if glimpses is None:
        raise LearningError("This model chooses frames by all that there is to read of them.")
    glance = extractor.glance(film)
    motion = nothing(film.ticks.candidates_N) if glance is None else glance.motion
    known = scored(model, glimpses.x(motion), motion.motion_N, content)
    read = extractor.features(film, glance, choose("smart", known, budget or model.facts.budget))
    x_1F = torch.from_numpy(model.encoder.pool_read(read)).unsqueeze(0)
    p_C = torch.softmax(model.classifier(x_1F).double(), dim=1)[0].numpy()
    return Answer(p_C, tuple(read.ordinals_N.tolist()))
