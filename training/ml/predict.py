"""What a model says of clips: suggestions for the queue, and methods and budgets side by side.

    run({"model", "clips": [{"clip", "name", "features", "proxy", "start", "end", "fps",
                    "rejected"?}],
         "methods": ["smart"], "budgets": [n] or null, "weights"}, out, report)

Features are made for the clips that come without (`features` is ""), and written as `<name>.safetensors` for
the caller to keep; a model that glances at clips first reads of those the frames that it chooses, and leaves
nothing to keep. predictions.json has a line a clip: the frames that the model chose, by its own method and
budget, and the score of every class; `grid` where budgets are asked for. Nobody's labels are read here.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import torch

from curation.media.errors import MediaError
from training.ml.engine.checkpoints import put
from training.ml.engine.data import Vanished
from training.ml.engine.glancing import filmed, told_at_a_glance
from training.ml.engine.model import ActionModel
from training.ml.engine.models import Model, Seen, least_of, load_model, methods_of, read_for, said, seen
from training.ml.engine.progress import Report
from training.ml.engine.scoring import Answer, rounded
from training.ml.errors import BadFile
from training.ml.features.eyes import Eye, Eyes, eye_of
from training.ml.features.run import extracted, unread
from training.ml.recipes import find_recipe

OTHER_EYE = (
    "This model looks at frames with other weights, or in another way, than are installed here. "
    "Install its weights or train again."
)


class OtherEye(BadFile):
    """The model was made for other features than these: no clip can be predicted."""


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Predict every clip that can be; `errors` tells of the others.

    Raises LearningError for a bad model, and for one that reads clips in another way than is done here.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    model = load_model(Path(params["model"]))
    clips = params["clips"]
    blind = all(clip["features"] for clip in clips)
    eye = None if blind else _eye(model, params.get("weights") or "")
    out.mkdir(parents=True, exist_ok=True)
    made: dict[str, dict[str, Any]] = {}
    lines, errors = [], {}
    for done, clip in enumerate(clips):
        report(done / len(clips), f"clip {done + 1} of {len(clips)}", clips=done)
        try:
            answer = None if clip["features"] or params.get("budgets") else _at_a_glance(model, eye, clip)
            if answer is not None:
                lines.append(_line(model, clip, answer))
            else:
                lines.append(_predicted(model, _features(clip, out, eye, made), clip, params))
        except OtherEye:
            raise  # what holds for this clip holds for all of them
        except (BadFile, Vanished) as error:
            errors[clip["clip"]] = str(error)
    put(out / "predictions.json", (json.dumps(lines, allow_nan=False, sort_keys=True) + "\n").encode())
    return {"features": made, "clips": len(lines), "errors": errors}


def _eye(model: Model, folder: str) -> Eye | Eyes:
    """What reads clips for the model. Raises OtherEye where it would read them in another way."""
    eye = eye_of(find_recipe(model.facts.recipe), folder)
    if eye.fingerprint != model.facts.features:
        raise OtherEye(OTHER_EYE)
    return eye


def _at_a_glance(model: Model, eye: Eye | Eyes | None, clip: Mapping[str, Any]) -> Answer | None:
    """What the model says of a clip at a glance; None where it needs to read all of it. Raises BadFile."""
    if not isinstance(eye, Eye) or eye.extractor is None or not isinstance(model, ActionModel):
        return None
    if model.encoder.glimpses is None:
        return None
    try:
        film = filmed(eye.extractor, clip)
    except (MediaError, IndexError) as error:
        raise BadFile(unread(error)) from error
    return told_at_a_glance(model, eye.extractor, film, clip["name"])


def _features(
    clip: Mapping[str, Any], out: Path, eye: Eye | Eyes | None, made: dict[str, dict[str, Any]]
) -> Path:
    """Where the clip's features lie; they are made if need be, once a name."""
    name = clip["name"]
    if eye is None or clip["features"]:
        return Path(clip["features"])
    if name not in made:
        made[name] = extracted(clip, out, eye)
    if "error" in made[name]:
        raise BadFile(made[name]["error"])
    return out / f"{name}.safetensors"


def _predicted(
    model: Model, path: Path, clip: Mapping[str, Any], params: Mapping[str, Any]
) -> dict[str, Any]:
    name = clip["name"]
    if read_for(model, path, name).recipe != model.facts.features:
        raise OtherEye(OTHER_EYE)
    looked = seen(model, path, name, name)
    line = _line(model, clip, said(model, looked))
    if budgets := params.get("budgets"):
        methods = methods_of(model, params.get("methods") or ())
        line["grid"] = {method: _by_budget(model, looked, method, budgets) for method in methods}
    return line


def _line(model: Model, clip: Mapping[str, Any], own: Answer) -> dict[str, Any]:
    return {"clip": clip["clip"], "chosen": list(own.ordinals), "scores": rounded(model.facts, own.p_C)}


def _by_budget(model: Model, looked: Seen, method: str, budgets: Sequence[int]) -> dict[str, str]:
    classes = model.facts.classes
    told: dict[int, str] = {}
    for budget in {least_of(model, budget) for budget in budgets}:
        told[budget] = classes[said(model, looked, method, budget).said]
    return {str(budget): told[least_of(model, budget)] for budget in budgets}
