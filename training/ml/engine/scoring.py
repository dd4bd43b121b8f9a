"""From a clip to its class: score the candidates, choose some, classify what they show together.

The one path by which models are measured, suggestions made and methods compared. Clips are scored one at a
time, so that what is said of a clip does not hang, in its last bits, on which others were in the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from training.ml.encoder import EncodedClip
from training.ml.engine.facts import ModelFacts
from training.ml.engine.model import ActionModel
from training.ml.engine.selectors import frames_of
from training.ml.samplers import Candidates, choose

Floats = npt.NDArray[np.float64]
AT_ONCE = 64


@dataclass(frozen=True)
class Judged:
    """A clip beside what is known of its candidates."""

    encoded: EncodedClip
    known: Candidates


@dataclass(frozen=True)
class Answer:
    """What is said of a clip: the chance of each class, from the frames with these ordinals."""

    p_C: Floats
    ordinals: tuple[int, ...]

    @property
    def said(self) -> int:
        """The number of the likeliest class, the first of equals."""
        return int(self.p_C.argmax())


def judged(model: ActionModel, encoded: EncodedClip, content: str) -> Judged:
    """Score a clip's candidates with both selectors; `content` is what random choices hang on."""
    return Judged(encoded, scored(model, encoded.x_ND, encoded.motion_N, content))


@torch.no_grad()
def scored(
    model: ActionModel, x_ND: npt.NDArray[np.float32], motion_N: npt.NDArray[np.float32], content: str
) -> Candidates:
    """What both selectors say of the candidates that look like `x_ND`."""
    x_1ND = frames_of(x_ND).unsqueeze(0)
    return Candidates(
        count=len(x_ND),
        content=content,
        delta_N=model.single(x_1ND)[0].double().numpy(),
        gamma_N=model.whole(x_1ND, torch.tensor([len(x_ND)])).gamma_BN[0].double().numpy(),
        motion_N=motion_N.astype(np.float64),
    )


@torch.no_grad()
def answer(model: ActionModel, clip: Judged, method: str, budget: int, seed: int = 0) -> Answer:
    """Classify a clip from `budget` frames chosen by `method`."""
    places = choose(method, replace(clip.known, seed=seed), budget)
    x_1F = torch.from_numpy(model.encoder.pool(clip.encoded, places)).unsqueeze(0)
    p_C = torch.softmax(model.classifier(x_1F).double(), dim=1)[0].numpy()
    return Answer(p_C, tuple(int(ordinal) for ordinal in clip.encoded.ordinals_N[places]))


@torch.no_grad()
def chances(model: ActionModel, clips: Sequence[Judged], method: str, budget: int, seed: int = 0) -> Floats:
    """p_NC: the chance of each class for each clip. Many at a time: for counting, not for telling scores."""
    p_NC = [np.zeros((0, len(model.facts.classes)))]
    for start in range(0, len(clips), AT_ONCE):
        part = clips[start : start + AT_ONCE]
        places = [choose(method, replace(clip.known, seed=seed), budget) for clip in part]
        x_BF = model.encoder.pool_each([clip.encoded for clip in part], places)
        p_NC.append(torch.softmax(model.classifier(x_BF).double(), dim=1).numpy())
    return np.concatenate(p_NC)


def predictions(
    model: ActionModel, clips: Sequence[Judged], method: str, budget: int, seed: int = 0
) -> npt.NDArray[np.int64]:
    """said_N: the number of the likeliest class of each clip, the first of equals."""
    return np.asarray(chances(model, clips, method, budget, seed).argmax(1), np.int64)


def rounded(facts: ModelFacts, p_C: Floats) -> dict[str, float]:
    """Scores by the ids of the classes, as JSON keeps them."""
    return {name: round(float(p), 6) for name, p in zip(facts.classes, p_C, strict=True)}
