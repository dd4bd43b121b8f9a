"""ONNX files of learned networks, compared with the networks before they are kept.

They hold everything from pixels in 0..1 to logits, take any number of clips at once, and tell in their
metadata the classes in the order of the logits, what they take, and which recipe they were learned by.
"""

import json
import logging
import os
import re
import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from training.ml.errors import LearningError
from training.ml.export.whole import example_of, whole_of
from training.ml.fit.model import Fitted
from training.ml.models import NETWORKS

OPSET = 18
TOLERANCE = 1e-3
"""The largest difference of a logit, in deviations of all of them, with which a file is kept."""
_PACKAGES = ("onnx", "onnxruntime", "onnxscript")
_BATCHES = (1, 3)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotExported(LearningError):  # noqa: N818 - named after what happened
    """A network that this format, or this installation, cannot hold."""


@dataclass(frozen=True)
class Exported:
    """A file that was written, the shape of its input, and how far its logits are from the network's."""

    path: Path
    takes: str
    shape: tuple[int, ...]
    """Of one clip."""
    difference: float
    """The largest of a logit, in deviations of all of them."""


def to_onnx(model: Fitted, path: Path) -> Exported:
    """Write a model, whole or not at all. Raises NotExported with what stands in the way, and OSError."""
    if missing := [each for each in _PACKAGES if find_spec(each) is None]:
        raise NotExported(
            f"ONNX files need the packages {', '.join(missing)}: pip install -r requirements-onnx.txt"
        )
    whole, example = whole_of(model), example_of(model, 2)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(b"")  # what keeps any file from being written there is told as that
        _write(whole, example, part)
        takes = str(NETWORKS[model.recipe.network].takes)
        _tell(part, model, takes)
        difference = max(_difference(part, whole, example_of(model, batch)) for batch in _BATCHES)
        if not difference < TOLERANCE:
            raise NotExported(
                f"The file says other than the network, by up to {difference:.2g} deviations of its logits, "
                "so it was not kept."
            )
        os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call
    finally:
        part.unlink(missing_ok=True)
    return Exported(path, takes, tuple(example.shape[1:]), difference)


def _write(whole: nn.Module, example: torch.Tensor, path: Path) -> None:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                whole,
                (example,),
                path,
                dynamo=True,
                opset_version=OPSET,
                input_names=["x"],
                output_names=["logits"],
                dynamic_shapes={"x": {0: torch.export.Dim("batch", min=1)}},
                external_data=False,
                verbose=False,
            )
    except Exception as error:
        raise NotExported(f"This network cannot be written as ONNX: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    """What lies at the bottom of an error of the exporter, which wraps them several times and in colours."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = _COLOURS.sub("", str(error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _tell(path: Path, model: Fitted, takes: str) -> None:
    onnx = import_module("onnx")
    written = onnx.load(path)
    facts = {
        "classes": json.dumps(model.classes, ensure_ascii=False),
        "recipe": model.recipe.name,
        "takes": takes,
        "pixels": "RGB in 0..1, or flow u, v in -1..1; skeletons as the recipe prepares them",
    }
    for name, value in facts.items():
        written.metadata_props.add(key=name, value=value)
    onnx.checker.check_model(written)
    onnx.save(written, path)


def _difference(path: Path, whole: nn.Module, x: torch.Tensor) -> float:
    runtime = import_module("onnxruntime")
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        ours_BC: Any = whole(x).numpy()
    try:
        (theirs_BC,) = session.run(["logits"], {"x": x.numpy()})
    except Exception as error:
        raise NotExported(f"The file cannot be run on {len(x)} clips: {_first_line(error)}") from error
    return float(np.abs(theirs_BC - ours_BC).max() / (ours_BC.std() + 1e-12))
