"""Several models asked about the same clips, whose scores are added up.

Two-stream networks (Simonyan, Zisserman, NeurIPS 2014): TSN adds 1.5 times its
stream of flow to that of pictures (Wang et al., ECCV 2016, section 4.2), I3D adds both alike (Carreira,
Zisserman, CVPR 2017, section 2.4).
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.ml.datasets import Sample, WrongProtocol
from training.ml.engine.progress import number
from training.ml.fit.measure import logits_of
from training.ml.fit.model import Fitted
from training.ml.fit.recipe import Scores, WrongRecipe
from training.ml.fit.report import report_on
from training.ml.fit.rows import Told
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.fit.views import protocol
from training.ml.metrics import top1

_TAIL = re.compile(r"_(rgb|color|depth|flow|skeleton|skeleton3D|GT)$")
"""What names of files say of the sensor: NTU RGB+D, UTD-MHAD and MSR call one clip so in several files."""


@dataclass(frozen=True)
class Voice:
    """One of the models: what it is called in sentences, and what its scores are multiplied by."""

    name: str
    model: Fitted
    weight: float = 1.0


def voices_of(paths: Sequence[Path], weights: Sequence[float]) -> tuple[Voice, ...]:
    """The models of these files, each with its weight, or all with 1.

    Raises BadFile for a file that is no model, and WrongRecipe for weights that are not one for each, for
    negative ones, and for models that know other classes; their order may differ.
    """
    given = list(weights) or [1.0] * len(paths)
    if len(given) != len(paths):
        raise WrongRecipe(f"There are {len(given)} weights for {len(paths)} models: give one for each.")
    if not all(0 <= each < math.inf for each in given) or sum(given) == 0:
        raise WrongRecipe(
            f"Models count by weights of 0 or more, and not by {' and '.join(map(str, given))}."
        )
    voices = tuple(
        Voice(str(path), Fitted.load(path), weight) for path, weight in zip(paths, given, strict=True)
    )
    for each in voices[1:]:
        _check_classes(voices[0], each)
    return voices


def _check_classes(first: Voice, other: Voice) -> None:
    one, two = set(first.model.classes), set(other.model.classes)
    if one != two:
        parts = [
            f"only {voice.name} knows {', '.join(sorted(more))}"
            for voice, more in ((first, one - two), (other, two - one))
            if more
        ]
        raise WrongRecipe(f"These models do not tell the same classes: {'; '.join(parts)}.")


def scores_of(voices: Sequence[Voice]) -> Scores:
    """What is added up. Raises WrongRecipe where the models' recipes do not say the same."""
    said = {voice.model.recipe.scores for voice in voices}
    if len(said) > 1:
        raise WrongRecipe(
            "Some of these models are tested by logits and others by softmax: say by --scores what is summed."
        )
    return said.pop()


def asked(
    voice: Voice, side: Side, classes: Sequence[str], scores: Scores, team: Team, told: Told | None = None
) -> Tensor:
    """What one says of a side, logits (N, C) in the order of `classes`; its network goes back to the CPU."""
    model = voice.model
    network = model.network.to(team.device)
    own_NC = logits_of(network, model.feed, side, team, told, scores=scores)
    network.cpu()
    return own_NC[:, [model.classes.index(name) for name in classes]]


def added(voices: Sequence[Voice], logits: Sequence[Tensor], scores: Scores) -> Tensor:
    """Logits (N, C) of all models together, from those of each, classes in the same order.

    Of "logits" they are the weighted sum; of "softmax" the logarithm of the weighted mean of chances.
    """
    weights = [voice.weight for voice in voices]
    if scores == "logits":
        return torch.stack([w * each.double() for w, each in zip(weights, logits, strict=True)]).sum(0)
    chances = [w * each.double().softmax(1) for w, each in zip(weights, logits, strict=True)]
    return (torch.stack(chances).sum(0) / sum(weights)).log()


def measured_together(
    voices: Sequence[Voice], sides: Sequence[Side], team: Team, bar: Callable[[Voice], Told]
) -> dict[str, Any]:
    """The report of the sum over the same clips, and what each model is by itself.

    The sides are what each one is asked about, labels numbered by the first one's classes (see `aligned`).
    """
    scores, first = scores_of(voices), sides[0]
    logits, alone = [], []
    for voice, side in zip(voices, sides, strict=True):
        said_NC = asked(voice, side, first.classes, scores, team, bar(voice))
        logits.append(said_NC)
        alone.append(
            {
                "model": voice.name,
                "recipe": voice.model.recipe.name,
                "weight": voice.weight,
                "top1": number(top1(first.label_N.numpy(), said_NC.argmax(1).numpy())),
                **protocol(voice.model.recipe),
            }
        )
    return {"models": alone, **report_on(added(voices, logits, scores), first.label_N, first.classes)}


def aligned(first: Side, other: Side, name: str) -> Side:
    """The other side with its samples in the order of the first one's: the same clips, by whatever sensor.

    Clips are told by path, label and frames, or where the files are others by their names, without what those
    say of the sensor. Raises WrongProtocol where one has clips that the other has not.
    """
    exact = {each.path for each in first.samples} & {each.path for each in other.samples}
    keys = [_key(each, exact=bool(exact)) for each in first.samples]
    place_of = {_key(each, exact=bool(exact)): place for place, each in enumerate(other.samples)}
    lost = [each for each, key in zip(first.samples, keys, strict=True) if key not in place_of]
    known = set(keys)
    more = [other.samples[place] for key, place in place_of.items() if key not in known]
    if lost or more or len(known) != len(keys) or len(place_of) != len(other):
        one = f"; {(lost or more)[0].name} is on one side only" if lost or more else "; names come twice"
        raise WrongProtocol(
            f"{name} is asked about {len(other)} clips and the first model about {len(first)}, and they are "
            f"not the same{one}. Models are added up over the same clips."
        )
    places = [place_of[key] for key in keys]
    samples = tuple(other.samples[place] for place in places)
    return replace(other, samples=samples, label_N=other.label_N[places])


def _key(sample: Sample, *, exact: bool) -> tuple[object, ...]:
    name = sample.path if exact else _TAIL.sub("", sample.path.stem)
    return name, sample.label, sample.start, sample.end, sample.seconds
