"""`python -m training.ml predict MODEL FILE ...`: what a model says of recordings."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_views, seen_as
from training.ml.cli.reading import at_least, bar_told
from training.ml.datasets import Holds, Sample
from training.ml.datasets.base import UNKNOWN
from training.ml.errors import BadFile
from training.ml.fit.measure import logits_of
from training.ml.fit.model import Fitted
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import Bodies
from training.ml.fit.stock import Side
from training.ml.fit.team import Team


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("model", type=Path, help="model.safetensors of `fit`")
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="videos, folders of pictures, or joints"
    )
    parser.add_argument("--start", type=at_least(0), metavar="N", help="first frame, counted from 0")
    parser.add_argument("--end", type=at_least(1), metavar="N", help="frame to stop before")
    parser.add_argument(
        "--top", type=at_least(1), default=5, metavar="K", help="tell the K likeliest classes"
    )
    add_views(parser)


def run(args: Namespace) -> Answer:
    """Look and tell. Raises LearningError or MediaError for what cannot be read."""
    found = Fitted.load(args.model)
    found = replace(found, recipe=seen_as(found.recipe, args))
    sees = found.recipe.sees
    samples = tuple(_sample(path, isinstance(sees, Bodies), args) for path in args.files)
    labels = torch.full((len(samples),), UNKNOWN)
    side = Side(samples, labels, found.classes, sees, reader_of(sees, None))
    with tqdm(total=len(samples), unit="file", leave=False) as bar:
        logits_NC = logits_of(
            found.network, found.feed, side, Team(), bar_told(bar), scores=found.recipe.scores
        )
    p_NC = torch.softmax(logits_NC.double(), 1)
    rows = []
    for sample, p_C in zip(samples, p_NC, strict=True):
        best = p_C.argsort(descending=True, stable=True)[: args.top].tolist()
        likely = [{"label": found.classes[c], "p": round(float(p_C[c]), 6)} for c in best]
        rows.append({"file": str(sample.path), "label": found.classes[best[0]], "likeliest": likely})
    text = "\n".join(
        f"{row['file']}: " + ", ".join(f"{each['label']} {each['p']:.3f}" for each in row["likeliest"])
        for row in rows
    )
    return Answer({"model": str(args.model), "predictions": rows}, text)


def _sample(path: Path, joints: bool, args: Namespace) -> Sample:
    if not path.exists():
        raise BadFile(f"{path} is not there.")
    holds = Holds.SKELETON if joints else Holds.PICTURES if path.is_dir() else Holds.VIDEO
    return Sample(path=path, label="", holds=holds, start=args.start, end=args.end)
