"""Where in a long recording of skeletons actions occur that exemplars show: found as they would be live.

Sabater et al.: "One-shot action recognition in challenging therapy scenarios" (CVPR workshops 2021, arXiv
2102.08997), section 4.3.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import torch

from training.ml.datasets import Sample
from training.ml.datasets.base import UNKNOWN
from training.ml.fit.model import Fitted
from training.ml.fit.one_shot import embedded
from training.ml.fit.recipe import Bodies, WrongRecipe
from training.ml.fit.skeletons import SkeletonReader
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.skeletons.bodies import Array
from training.ml.skeletons.matching import Floats, Matcher
from training.ml.skeletons.online import Found, Online


def occurrences(
    model: Fitted, exemplars: Sequence[Sample], recording: Sample, *, kind: str = "cosine", stride: int = 4
) -> list[Found]:
    """Every time that the recording shows what an exemplar is labelled with, by the last frame of its window.

    `stride` counts poses between two windows, each of which is every other frame in which somebody is seen.
    Of windows in a row that show the same, the nearest is told. Raises WrongRecipe for another model than
    the one-shot TCN, and what reading raises.
    """
    sees, network = model.recipe.sees, model.network
    if not isinstance(sees, Bodies) or not isinstance(network, OneShotTCN):
        raise WrongRecipe(
            f"Windows of poses are matched by the one-shot TCN, and this model is of {model.recipe.name}: "
            "take one of one_shot_ntu120."
        )
    reader, labels = SkeletonReader(sees), tuple(each.label for each in exemplars)
    shown = Side(tuple(exemplars), torch.full((len(labels),), UNKNOWN), model.classes, sees, reader)
    matcher = Matcher(embedded(network, model.feed, shown, Team()), labels, kind)

    @torch.no_grad()
    def embed(x_CTVM: Array) -> Floats:
        x_NCTVM = torch.from_numpy(np.ascontiguousarray(x_CTVM, np.float32))[None]
        fed = model.feed(x_NCTVM)
        assert isinstance(fed, torch.Tensor)  # noqa: S101 - one stream of skeletons
        said: Floats = network.embed(fed)[0].double().numpy()
        return said

    frames_T, x_CTVM = reader.followed(recording)
    online = Online(matcher, embed, window=sees.frames, stride=stride)
    found = [online.push(x_CTVM[:, t]) for t in range(len(frames_T))]
    windows = found[sees.frames - 1 :: stride]
    rows = [[each for each in row if each] for _, row in groupby(windows, lambda each: each and each.label)]
    nearest = [min(row, key=lambda each: each.distance) for row in rows if row]
    begins = recording.start or 0
    return [replace(each, frame=begins + int(frames_T[each.frame])) for each in nearest]
