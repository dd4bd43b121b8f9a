"""`python -m training.ml export MODEL --out FILE.onnx`: a learned network for other programs."""

import hashlib
from argparse import ArgumentParser, Namespace
from pathlib import Path

from training.ml.cli.answer import Answer
from training.ml.export.exportable import exportable
from training.ml.export.onnx import to_onnx


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("model", type=Path, help="model.safetensors of `fit`, or a network's file of the app")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the ONNX file to write")


def run(args: Namespace) -> Answer:
    """Write, compare, tell. Raises BadFile for what is no model, NotExported for what cannot be written."""
    model = exportable(args.model)
    made = to_onnx(model, args.out)
    digest = hashlib.sha256(made.path.read_bytes()).hexdigest()
    facts = {
        "file": str(made.path),
        "bytes": made.path.stat().st_size,
        "sha256": digest,
        "takes": made.takes,
        "shape": ["batch", *made.shape],
        "classes": list(model.classes),
        "outputs": list(model.outputs),
        "difference": made.difference,
    }
    shape = " x ".join(map(str, made.shape))
    text = (
        f"{made.path}: {facts['bytes']:,} bytes, SHA-256 {digest}.\n"
        f"It takes x, any number of clips of {shape}, and says {' and '.join(model.outputs)}, of "
        f"{len(model.classes)} classes. "
        f"ONNX Runtime's numbers are within {made.difference:.1e} deviations of the network's."
    )
    return Answer(facts, text)
