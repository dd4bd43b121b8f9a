"""The clip classifier: one linear layer over what the chosen frames of a clip show together.

It is trained on random subsets of a clip's candidates, so that it holds at every budget of frames, and where
it is known which of them tell the clip's class, on those (SMART's last step: training on chosen frames).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from training.ml.encoder import EncodedClip, Encoder
from training.ml.recipes.motion import MotionRecipe


class ClipClassifier(nn.Module):
    """logits_BC = W x_BF + b, with W = 0 at the start: before it has learned, every class is as likely."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, classes)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x_BF: Tensor) -> Tensor:
        """Logits (B, C) of pooled clips (B, F)."""
        logits_BC: Tensor = self.linear(x_BF)
        return logits_BC


def random_subset(
    candidates: int, generator: np.random.Generator, *, all_share: float
) -> npt.NDArray[np.int64]:
    """Ascending indices of a random number of candidates: all with probability `all_share`, else 1..N.

    Half of the choices are spread like those of a selector that covers the clip (one from each of n equal
    parts), half fall anywhere.
    """
    if generator.random() < all_share:
        return np.arange(candidates)
    size = int(generator.integers(1, candidates + 1))
    if generator.random() < 0.5:
        return np.sort(generator.choice(candidates, size, replace=False))
    edges = np.arange(size + 1) * candidates // size
    return generator.integers(edges[:-1], edges[1:])


def telling_subset(
    score_N: npt.NDArray[np.float32], generator: np.random.Generator, *, most: float
) -> npt.NDArray[np.int64]:
    """Ascending indices of the candidates that tell most: any number of them up to the share `most`."""
    size = int(generator.integers(1, max(1, int(most * len(score_N))) + 1))
    return np.sort(np.argsort(-score_N, kind="stable")[:size])


def training_batch(
    encoder: Encoder,
    clips: Sequence[EncodedClip],
    generator: np.random.Generator,
    recipe: MotionRecipe,
    told: Sequence[npt.NDArray[np.float32] | None],
) -> Tensor:
    """One random view of each clip, pooled: x_BF float32, in the order of `clips`.

    `told` has for each clip a score of its candidates, by which a view holds telling ones alone, or None.
    """
    chosen = []
    for clip, score_N in zip(clips, told, strict=True):
        if score_N is None:
            chosen.append(random_subset(len(clip), generator, all_share=recipe.all_share))
        else:
            chosen.append(telling_subset(score_N, generator, most=recipe.telling_most))
    return encoder.pool_each(clips, chosen)


def whole_batch(encoder: Encoder, clips: Sequence[EncodedClip]) -> Tensor:
    """Every clip pooled over all its candidates: x_BF float32."""
    return encoder.pool_each(clips, [np.arange(len(clip)) for clip in clips])
