"""`python -m training.ml evaluate MODEL --data ROOT`: how good a model is on one side of a data set."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_data, add_views, read_as, seen_as
from training.ml.cli.reading import bar_told
from training.ml.datasets import WrongProtocol
from training.ml.errors import TooLittle
from training.ml.fit.measure import measured_on
from training.ml.fit.model import Fitted
from training.ml.fit.reading import reader_of
from training.ml.fit.stock import stock_of
from training.ml.fit.team import team


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("model", type=Path, help="model.safetensors of `fit`")
    parser.add_argument("--data", type=Path, required=True, metavar="ROOT", help="folder of the data set")
    add_data(parser)
    add_views(parser)
    parser.add_argument("--side", default="test", help="train, val or test")


def run(args: Namespace) -> Answer:
    """Measure. Raises LearningError for what cannot be read, and for classes that the model does not know."""
    found = Fitted.load(args.model)
    found = replace(found, recipe=seen_as(found.recipe, args))
    # The model's own classes, in its order: a data set that lacks one cannot be measured by it.
    data = replace(read_as(found.recipe.data, args), classes=found.classes)
    with team(args.device) as here:
        network = found.network.to(here.device)
        reader = reader_of(found.recipe.sees, args.cache)
        stock = stock_of(data, found.recipe.sees, reader, args.data)
        if stock.left_out and not found.recipe.data.classes:
            raise WrongProtocol(
                f"The data set has classes that the model does not know: {', '.join(stock.left_out)}. Their "
                "clips cannot be told rightly: take them out, or a model that learned them."
            )
        side = stock.side(args.side).there()
        if not len(side):
            raise TooLittle(f"There is no sample on the side {args.side}: ask for another by --side.")
        with tqdm(total=len(side), desc=args.side, unit="clip", leave=False) as bar:
            report = measured_on(side, found.recipe, network, found.feed, here, bar_told(bar))
    facts = {"model": str(args.model), "recipe": found.recipe.name, "side": args.side, **report}
    return Answer(facts, _text(report))


def _text(report: dict[str, Any]) -> str:
    low, high = 100 * report["top1_low"], 100 * report["top1_high"]
    five = "n/a" if report["top5"] is None else f"{100 * report['top5']:.2f} %"
    return "\n".join(
        (
            f"Top-1 {100 * report['top1']:.2f} % (95 %: {low:.1f} to {high:.1f}) of {_clips(report)}",
            f"Top-5 {five}, mAP {report['map']:.4f}, ECE {report['ece']:.4f}",
            f"Macro: {_scores(report, 'macro_')}",
            *(f"  {each['label']}: {_scores(each)} ({each['support']})" for each in report["per_class"]),
        )
    )


def _clips(report: dict[str, Any]) -> str:
    clips = f"{report['clips']} clips"
    if report.get("moments", 1) * report.get("crops", 1) == 1:
        return clips
    return f"{clips}, each in {report['moments']} x {report['crops']} views, mean of {report['scores']}"


def _scores(held: dict[str, Any], prefix: str = "") -> str:
    return ", ".join(f"{name} {held[prefix + name]:.3f}" for name in ("precision", "recall", "f1"))
