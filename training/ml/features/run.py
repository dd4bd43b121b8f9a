"""Features of several clips, as the child process of a job makes them.

    run({"clips": [{"name", "proxy", "start", "end", "fps", "rejected"?}], "recipe", "weights"}, out,
        report)

`name` is the stem of the file in `out`; `weights` a folder or "". Returned: {"clips": {name: told}},
told being {"bytes", "sha256", "candidates", "seconds"}, or {"error": sentence}. One bad clip spoils no other.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import torch

from curation.media.errors import MediaError
from training.ml import weights
from training.ml.features.extract import extract
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.recipes import Recipe, find_recipe

Report = Callable[..., None]


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Extract and write every clip. Raises LearningError for a recipe or weights that cannot be used."""
    # One thread: the worker's processes share the machine, and sums do not depend on how many there are.
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    recipe = find_recipe(params["recipe"])
    net, found = weights.load(Path(params["weights"]) if params["weights"] else None)
    done: dict[str, dict[str, Any]] = {}
    for n, clip in enumerate(params["clips"]):
        report(n / len(params["clips"]), "reading what moves and how it looks", clips=n)
        done[clip["name"]] = extracted(clip, out, recipe, net, found.sha256 if found else "")
    return {"clips": done}


def extracted(
    clip: dict[str, Any], out: Path, recipe: Recipe, net: MobileNetV2, weights_sha256: str
) -> dict[str, Any]:
    """Write one clip's features; what `run` tells of it."""
    began = time.monotonic()
    proxy, path = Path(clip["proxy"]), out / f"{clip['name']}.safetensors"
    try:
        features = extract(
            proxy,
            clip["start"],
            clip["end"],
            clip["fps"],
            recipe=recipe,
            net=net,
            weights_sha256=weights_sha256,
            rejected=clip.get("rejected", ()),
        )
    except MediaError as error:
        return {"error": error.sentence}
    except IndexError as error:
        return {"error": f"The clip lies outside its video: {error}."}
    features.save(path)
    content = path.read_bytes()
    return {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "candidates": len(features),
        "seconds": round(time.monotonic() - began, 3),
    }
