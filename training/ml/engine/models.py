"""Models of all kinds: read from a file, and asked about a clip."""

from collections.abc import Sequence
from pathlib import Path

from safetensors import SafetensorError

from training.ml.engine import model as action
from training.ml.engine.checkpoints import unpacked
from training.ml.engine.data import Vanished, features_of
from training.ml.engine.facts import FORMAT
from training.ml.engine.model import ActionModel
from training.ml.engine.network import model as network
from training.ml.engine.network.model import NetworkModel
from training.ml.engine.scoring import Answer, Judged, answer, judged
from training.ml.errors import BadFile, LearningError
from training.ml.features.eyes import Read

Model = ActionModel | NetworkModel
Seen = Judged | network.Seen
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
    if isinstance(model, NetworkModel):
        found: network.Seen = model.viewer.load(path, name)
        return found
    return features_of(path, name)


def seen(model: Model, path: Path, name: str, content: str) -> Seen:
    """A clip as the model looks at it; `content` is what random choices hang on."""
    if isinstance(model, NetworkModel):
        clip: network.Seen = model.viewer.load(path, name)
        return clip
    return judged(model, model.encoder.encode(features_of(path, name)), content)


def own_method(model: Model) -> str:
    """How the model chooses frames by itself."""
    return network.METHOD if isinstance(model, NetworkModel) else "smart"


def methods_of(model: Model, asked: Sequence[str]) -> Sequence[str]:
    """Those of the methods that are asked for by which the model can choose; its own where none is."""
    if isinstance(model, NetworkModel):
        return [network.METHOD]
    return asked or [own_method(model)]


def least_of(model: Model, budget: int) -> int:
    """The smallest number of frames by which the model says what it says by `budget`."""
    return min(budget, model.recipe.moments) if isinstance(model, NetworkModel) else budget


def said(model: Model, clip: Seen, method: str = "", budget: int = 0) -> Answer:
    """What the model says of a clip from `budget` frames chosen by `method`; by default as it does itself.

    A network chooses nothing: whatever the method, it sees moments that are spread evenly.
    """
    budget = budget or model.facts.budget
    if isinstance(model, NetworkModel) and not isinstance(clip, Judged):
        return model.answer(clip, budget)
    if isinstance(model, ActionModel) and isinstance(clip, Judged):
        return answer(model, clip, method or own_method(model), budget)
    raise BadFile("This clip was read for another kind of model.")
