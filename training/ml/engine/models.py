"""Models of all kinds: read from a file, and asked about a clip."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from safetensors import SafetensorError

from training.ml.engine import model as action
from training.ml.engine.checkpoints import unpacked
from training.ml.engine.data import Vanished, bundle_of, features_of
from training.ml.engine.facts import FORMAT
from training.ml.engine.fusion import model as fusion
from training.ml.engine.fusion.model import FusedModel, FusedSeen, PartModel, added
from training.ml.engine.model import ActionModel
from training.ml.engine.network import model as network
from training.ml.engine.network.model import NetworkModel
from training.ml.engine.scoring import Answer, Judged, answer, judged
from training.ml.errors import BadFile, LearningError
from training.ml.features.eyes import Read
from training.ml.features.pack import ClipPack
from training.ml.pose.poses import Poses

Model = ActionModel | NetworkModel | FusedModel
Seen = Judged | network.Seen | FusedSeen
"""A clip as a model looks at it, for as many answers as are wanted."""


def load_model(path: Path) -> Model:
    """Read a model's file. Raises Vanished where there is none and BadFile for one that cannot be used."""
    if not path.is_file():
        raise Vanished("The model's file is not where it should be.")
    try:
        tensors, header = unpacked(path)
        if header["rushes_model"] != FORMAT:
            raise BadFile(f"The model's file is of another format than {FORMAT}. Train again.")
        if header.get("kind") == network.KIND:
            return network.from_file(tensors, header)
        if header.get("kind") == fusion.KIND:
            return fusion.from_file(tensors, header)
        return action.from_file(tensors, header)
    except BadFile:
        raise
    except (
        OSError,
        SafetensorError,
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
        LearningError,
    ) as error:
        raise BadFile(f"The model's file cannot be used: {error}.") from error


def read_for(model: Model, path: Path, name: str) -> Read:
    """What is kept of a clip, as this kind of model takes it. Raises Vanished or BadFile."""
    if isinstance(model, FusedModel):
        return bundle_of(path, name)
    if isinstance(model, NetworkModel):
        found: network.Seen = model.viewer.load(path, name)
        return found
    return features_of(path, name)


def seen(model: Model, path: Path, name: str, content: str) -> Seen:
    """A clip as the model looks at it; `content` is what random choices hang on.

    Raises Vanished, or BadFile for what cannot be used.
    """
    if isinstance(model, FusedModel):
        return seen_by_parts(model, path, name, content)
    return _seen_alone(model, path, name, content)


def _seen_alone(model: PartModel, path: Path, name: str, content: str) -> Judged | network.Seen:
    if isinstance(model, NetworkModel):
        clip: network.Seen = model.viewer.load(path, name)
        return clip
    return judged(model, model.encoder.encode(features_of(path, name)), content)


def seen_by_parts(model: FusedModel, path: Path, name: str, content: str) -> FusedSeen:
    """A clip as each part looks at it, those left out who could not read it."""
    clips: dict[str, Judged | network.Seen] = {}
    answers: dict[str, Answer] = {}
    with tempfile.TemporaryDirectory() as room:
        for part, file in bundle_of(path, name).unpack(Path(room), "clip").items():
            its = model.parts.get(part)
            if its is None:
                raise BadFile(f"What was read of {name} is of other parts than this model has.")
            clip = _seen_alone(its, file, name, content)
            if model.chooses and isinstance(its, NetworkModel):
                answers[part] = said(its, clip)
            else:
                clips[part] = clip
    return FusedSeen(clips, answers)


def own_method(model: Model) -> str:
    """How the model chooses frames by itself."""
    return "smart" if _chooses(model) else network.METHOD


def methods_of(model: Model, asked: Sequence[str]) -> Sequence[str]:
    """Those of the methods that are asked for by which the model can choose; its own where none is."""
    return (asked if _chooses(model) else ()) or [own_method(model)]


def _chooses(model: Model) -> bool:
    return model.chooses if isinstance(model, FusedModel) else isinstance(model, ActionModel)


def least_of(model: Model, budget: int) -> int:
    """The smallest number of frames by which the model says what it says by `budget`."""
    if isinstance(model, FusedModel):
        return max(least_of(part, budget) for part in model.parts.values())
    return min(budget, model.recipe.moments) if isinstance(model, NetworkModel) else budget


def said(model: Model, clip: Seen, method: str = "", budget: int = 0) -> Answer:
    """What the model says of a clip from `budget` frames chosen by `method`; by default as it does itself.

    A network chooses nothing: whatever the method, it sees moments that are spread evenly, and beside a part
    that chooses, as many as it does by itself.
    """
    if isinstance(model, FusedModel) and isinstance(clip, FusedSeen):
        answers = {name: said(model.parts[name], each, method, budget) for name, each in clip.clips.items()}
        answers.update(clip.answers)
        return added([answers[name] for name in model.parts if name in answers])
    budget = budget or model.facts.budget
    if isinstance(model, NetworkModel) and isinstance(clip, ClipPack | Poses):
        return model.answer(clip, budget)
    if isinstance(model, ActionModel) and isinstance(clip, Judged):
        return answer(model, clip, method or own_method(model), budget)
    raise BadFile("This clip was read for another kind of model.")
