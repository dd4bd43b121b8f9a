"""`python -m training.ml predict MODEL FILE ...`: what a model says of recordings."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_views, add_weighing, spoken
from training.ml.cli.reading import at_least, bar_told
from training.ml.datasets import Holds, Sample
from training.ml.datasets.base import UNKNOWN
from training.ml.errors import BadFile
from training.ml.fit.fusion import Voice, added, asked, scores_of
from training.ml.fit.model import Fitted
from training.ml.fit.online import occurrences
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import Bodies, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("model", type=Path, help="model.safetensors of `fit`")
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="videos, folders of pictures, or joints"
    )
    parser.add_argument(
        "--with",
        type=Path,
        nargs="+",
        default=[],
        dest="others",
        metavar="MODEL",
        help="more models of the same classes, whose scores are added up",
    )
    add_weighing(parser)
    parser.add_argument("--start", type=at_least(0), metavar="N", help="first frame, counted from 0")
    parser.add_argument("--end", type=at_least(1), metavar="N", help="frame to stop before")
    parser.add_argument(
        "--top", type=at_least(1), default=5, metavar="K", help="tell the K likeliest classes"
    )
    parser.add_argument(
        "--exemplars",
        type=_exemplar,
        nargs="+",
        metavar="LABEL=FILE",
        help="joints that show an action; tells where in each FILE it occurs (one-shot TCN)",
    )
    add_views(parser)


def run(args: Namespace) -> Answer:
    """Look and tell. Raises LearningError or MediaError for what cannot be read."""
    if args.exemplars:
        return _occurring(args)
    voices = spoken([args.model, *args.others], args)
    classes, scores = voices[0].model.classes, scores_of(voices)
    logits = []
    for voice in voices:
        side = _side(voice, args)
        with tqdm(total=len(side), unit="file", leave=False) as bar:
            logits.append(asked(voice, side, classes, scores, Team(), bar_told(bar)))
    p_NC = added(voices, logits, scores).softmax(1)
    rows = []
    for path, p_C in zip(args.files, p_NC, strict=True):
        best = p_C.argsort(descending=True, stable=True)[: args.top].tolist()
        likely = [{"label": classes[c], "p": round(float(p_C[c]), 6)} for c in best]
        rows.append({"file": str(path), "label": classes[best[0]], "likeliest": likely})
    text = "\n".join(
        f"{row['file']}: " + ", ".join(f"{each['label']} {each['p']:.3f}" for each in row["likeliest"])
        for row in rows
    )
    facts = {"model": str(args.model), "with": [str(path) for path in args.others], "predictions": rows}
    return Answer(facts, text)


def _occurring(args: Namespace) -> Answer:
    """Where in each file what the exemplars show occurs. Raises WrongRecipe for what is asked besides."""
    if args.others or args.weights or args.views or args.crops or args.scores:
        raise WrongRecipe(
            "Windows are matched by one model, each seen once: leave --with, --weights, --views, --crops and "
            "--scores out beside --exemplars."
        )
    model, rows, said = Fitted.load(args.model), [], []
    for path in tqdm(args.files, unit="file", leave=False):
        found = occurrences(model, args.exemplars, _sample(path, True, args))
        rows.append({"file": str(path), "found": [asdict(each) for each in found]})
        told = ", ".join(f"{each.label} until frame {each.frame} ({each.distance:.3f})" for each in found)
        said.append(f"{path}: {told or 'nothing that stands out'}")
    return Answer({"model": str(args.model), "occurrences": rows}, "\n".join(said))


def _exemplar(text: str) -> Sample:
    label, equals, path = text.partition("=")
    if not (label and equals and path):
        raise ArgumentTypeError(f"{text} is no LABEL=FILE, as in waving=wave.skeleton")
    return Sample(path=Path(path), label=label, holds=Holds.SKELETON)


def _side(voice: Voice, args: Namespace) -> Side:
    sees = voice.model.recipe.sees
    samples = tuple(_sample(path, isinstance(sees, Bodies), args) for path in args.files)
    labels = torch.full((len(samples),), UNKNOWN)
    return Side(samples, labels, voice.model.classes, sees, reader_of(sees, None))


def _sample(path: Path, joints: bool, args: Namespace) -> Sample:
    if not path.exists():
        raise BadFile(f"{path} is not there.")
    holds = Holds.SKELETON if joints else Holds.PICTURES if path.is_dir() else Holds.VIDEO
    return Sample(path=path, label="", holds=holds, start=args.start, end=args.end)
