"""What a model says of clips: suggestions for the queue, and methods and budgets side by side.

    run({"model", "clips": [{"clip", "name", "features", "proxy", "start", "end", "fps",
                    "rejected"?}],
         "methods": ["smart"], "budgets": [n] or null, "weights"}, out, report)

Features are made for the clips that come without (`features` is ""), and written as `<name>.safetensors` for
the caller to keep. predictions.json has a line a clip: the frames that the model chose, by its own method and
budget, and the score of every class; `grid` where budgets are asked for. Nobody's labels are read here.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import torch

from training.ml import weights
from training.ml.engine.checkpoints import put
from training.ml.engine.data import Vanished, features_of
from training.ml.engine.model import ActionModel, load_model
from training.ml.engine.progress import Report
from training.ml.engine.scoring import answer, judged, rounded
from training.ml.errors import BadFile
from training.ml.features.run import extracted
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.recipes import Recipe, find_recipe

OWN_METHOD = "smart"
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
    said, errors = [], {}
    for done, clip in enumerate(clips):
        report(done / len(clips), f"clip {done + 1} of {len(clips)}", clips=done)
        try:
            said.append(_predicted(model, _features(clip, out, eye, made), clip, params))
        except OtherEye:
            raise  # what holds for this clip holds for all of them
        except (BadFile, Vanished) as error:
            errors[clip["clip"]] = str(error)
    put(out / "predictions.json", (json.dumps(said, allow_nan=False, sort_keys=True) + "\n").encode())
    return {"features": made, "clips": len(said), "errors": errors}


def _eye(model: ActionModel, folder: str) -> tuple[Recipe, MobileNetV2, str]:
    """Recipe, network and the hash of its weights. Raises OtherEye where they are not the model's."""
    recipe = find_recipe(model.facts.recipe)
    net, found = weights.load(Path(folder) if folder else None)
    sha256 = found.sha256 if found else ""
    if recipe.feature_fingerprint(sha256) != model.facts.features:
        raise OtherEye(OTHER_EYE)
    return recipe, net, sha256


def _features(
    clip: Mapping[str, Any],
    out: Path,
    eye: tuple[Recipe, MobileNetV2, str] | None,
    made: dict[str, dict[str, Any]],
) -> Path:
    """Where the clip's features lie; they are made if need be, once a name."""
    name = clip["name"]
    if eye is None or clip["features"]:
        return Path(clip["features"])
    if name not in made:
        made[name] = extracted(dict(clip), out, *eye)
    if "error" in made[name]:
        raise BadFile(made[name]["error"])
    return out / f"{name}.safetensors"


def _predicted(
    model: ActionModel, path: Path, clip: Mapping[str, Any], params: Mapping[str, Any]
) -> dict[str, Any]:
    features = features_of(path, clip["name"])
    if features.recipe != model.facts.features:
        raise OtherEye(OTHER_EYE)
    seen = judged(model, model.encoder.encode(features), clip["name"])
    own = answer(model, seen, OWN_METHOD, model.facts.budget)
    line: dict[str, Any] = {
        "clip": clip["clip"],
        "chosen": list(own.ordinals),
        "scores": rounded(model, own.p_C),
    }
    if budgets := params.get("budgets"):
        line["grid"] = {
            method: _by_budget(model, seen, method, budgets)
            for method in params.get("methods") or [OWN_METHOD]
        }
    return line


def _by_budget(model: ActionModel, seen: Any, method: str, budgets: Sequence[int]) -> dict[str, str]:
    classes = model.facts.classes
    return {str(budget): classes[answer(model, seen, method, budget).said] for budget in budgets}
