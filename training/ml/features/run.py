"""Features of several clips, as the child process of a job makes them.

    run({"clips": [{"name", "proxy", "start", "end", "fps", "rejected"?}], "recipe", "weights"}, out,
        report)

`name` is the stem of the file in `out`; `weights` a folder or "". Returned: {"clips": {name: told}},
told being {"bytes", "sha256", "candidates", "seconds"}, or {"error": sentence}. One bad clip spoils no other.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import torch

from curation.media.errors import MediaError
from training.ml.errors import LearningError
from training.ml.features.eyes import Eye, Eyes, eye_of
from training.ml.recipes import find_recipe

Report = Callable[..., None]


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """Extract and write every clip. Raises LearningError for a recipe or weights that cannot be used."""
    # One thread: the worker's processes share the machine, and sums do not depend on how many there are.
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    eye = eye_of(find_recipe(params["recipe"]), params["weights"])
    done: dict[str, dict[str, Any]] = {}
    for n, clip in enumerate(params["clips"]):
        report(n / len(params["clips"]), "reading frames", clips=n)
        done[clip["name"]] = extracted(clip, out, eye)
    return {"clips": done}


def extracted(clip: Mapping[str, Any], out: Path, eye: Eye | Eyes) -> dict[str, Any]:
    """Write what is kept of one clip; what `run` tells of it."""
    began = time.monotonic()
    path = out / f"{clip['name']}.safetensors"
    try:
        features = eye.read(clip)
    except (MediaError, LearningError, IndexError) as error:
        return {"error": unread(error)}
    features.save(path)
    content = path.read_bytes()
    return {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "candidates": len(features),
        "seconds": round(time.monotonic() - began, 3),
    }


def unread(error: MediaError | LearningError | IndexError) -> str:
    """Why a clip could not be read, in a sentence."""
    if isinstance(error, IndexError):
        return f"The clip lies outside its video: {error}."
    return error.sentence
