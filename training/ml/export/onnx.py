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

from training.ml.export.exportable import Exportable, NotExported

OPSET = 18
TOLERANCE = 1e-3
"""The largest difference of a logit, in deviations of all of them, with which a file is kept."""
_PACKAGES = ("onnx", "onnxruntime", "onnxscript")
_BATCHES = (1, 3)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Exported:
    """A file that was written, the shape of its input, and how far its logits are from the network's."""

    path: Path
    takes: str
    shape: tuple[int, ...]
    """Of one clip."""
    difference: float
    """The largest of a logit, in deviations of all of them."""


def to_onnx(model: Exportable, path: Path) -> Exported:
    """Write a model, whole or not at all. Raises NotExported with what stands in the way, and OSError."""
    if missing := [each for each in _PACKAGES if find_spec(each) is None]:
        raise NotExported(
            f"ONNX files need the packages {', '.join(missing)}: pip install -r requirements-onnx.txt"
        )
    example = model.example(2)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(b"")  # what keeps any file from being written there is told as that
        _write(model, example, part)
        _tell(part, model)
        difference = max(_difference(part, model, model.example(batch)) for batch in _BATCHES)
        if not difference < TOLERANCE:
            raise NotExported(
                f"The file says other than the network, by up to {difference:.2g} deviations of its logits, "
                "so it was not kept."
            )
        os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call
    finally:
        part.unlink(missing_ok=True)
    return Exported(path, model.takes, tuple(example.shape[1:]), difference)


def _write(model: Exportable, example: torch.Tensor, path: Path) -> None:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model.whole,
                (example,),
                path,
                dynamo=True,
                opset_version=OPSET,
                input_names=["x"],
                output_names=list(model.outputs),
                dynamic_shapes=({0: torch.export.Dim("batch", min=1)},),
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


def _tell(path: Path, model: Exportable) -> None:
    onnx = import_module("onnx")
    written = onnx.load(path)
    facts = {
        "classes": json.dumps(model.classes, ensure_ascii=False),
        "recipe": model.recipe,
        "takes": model.takes,
        "pixels": "RGB in 0..1, or flow u, v in -1..1; skeletons as the recipe prepares them",
        **model.facts,
    }
    for name, value in facts.items():
        written.metadata_props.add(key=name, value=value)
    onnx.checker.check_model(written)
    onnx.save(written, path)


def _difference(path: Path, model: Exportable, x: torch.Tensor) -> float:
    """The largest of a number of any output, in deviations of all of that output's."""
    runtime = import_module("onnxruntime")
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        told: Any = model.whole(x)
    ours = [each.numpy() for each in (told if isinstance(told, tuple) else (told,))]
    try:
        theirs = session.run(list(model.outputs), {"x": x.numpy()})
    except Exception as error:
        raise NotExported(f"The file cannot be run on {len(x)} clips: {_first_line(error)}") from error
    return max(
        float(np.abs(their - our).max() / (our.std() + 1e-12))
        for our, their in zip(ours, theirs, strict=True)
    )
