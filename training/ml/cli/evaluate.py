"""`python -m training.ml evaluate MODEL ... --data ROOT`: how good models are on one side of a data set."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_data, add_views, add_weighing, read_as, spoken
from training.ml.cli.reading import bar_told
from training.ml.datasets import WrongProtocol
from training.ml.errors import TooLittle
from training.ml.fit.fusion import Voice, aligned, measured_together
from training.ml.fit.measure import Told, measured_on
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import WrongRecipe
from training.ml.fit.stock import Side, stock_of
from training.ml.fit.team import team


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument(
        "models", type=Path, nargs="+", metavar="MODEL", help="model.safetensors of `fit`, one or more"
    )
    add_weighing(parser)
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        metavar="ROOT",
        help="folder of the data set, or one for each model where they see different files",
    )
    add_data(parser)
    add_views(parser)
    parser.add_argument("--side", default="test", help="train, val or test")


def run(args: Namespace) -> Answer:
    """Measure. Raises LearningError for what cannot be read, and for classes that the models do not know."""
    voices = spoken(args.models, args)
    roots = args.data * len(voices) if len(args.data) == 1 else args.data
    if len(roots) != len(voices):
        raise WrongRecipe(
            f"There are {len(roots)} --data for {len(voices)} models: give one, or one for each."
        )
    with team(args.device) as here:
        sides = [_side(voice, voices[0], root, args) for voice, root in zip(voices, roots, strict=True)]
        sides[1:] = [
            aligned(sides[0], side, voice.name) for side, voice in zip(sides[1:], voices[1:], strict=True)
        ]
        with _bars(sides[0]) as bar:
            if len(voices) > 1:
                report = measured_together(voices, sides, here, bar)
            else:
                model = voices[0].model
                network = model.network.to(here.device)
                report = measured_on(sides[0], model.recipe, network, model.feed, here, bar(voices[0]))
    facts = {"model": voices[0].name, "recipe": voices[0].model.recipe.name, "side": args.side, **report}
    return Answer(facts, _text(report))


def _side(voice: Voice, first: Voice, root: Path, args: Namespace) -> Side:
    """What a model is asked about; its labels are numbered by the classes of the first one."""
    model = voice.model
    # The models' own classes, in their order: a data set that lacks one cannot be measured by them.
    data = replace(read_as(model.recipe.data, args), classes=first.model.classes)
    reader = reader_of(model.recipe.sees, args.cache)
    stock = stock_of(data, model.recipe.sees, reader, root)
    if stock.left_out and not model.recipe.data.classes:
        raise WrongProtocol(
            f"The data set has classes that the model does not know: {', '.join(stock.left_out)}. Their "
            "clips cannot be told rightly: take them out, or a model that learned them."
        )
    side = stock.side(args.side).there()
    if not len(side):
        raise TooLittle(f"There is no sample on the side {args.side}: ask for another by --side.")
    return side


@contextmanager
def _bars(side: Side) -> Iterator[Callable[[Voice], Told]]:
    """A bar for each model, over the clips."""
    with ExitStack() as shown:

        def begun(voice: Voice) -> Told:
            bar = tqdm(total=len(side), desc=Path(voice.name).parent.name, unit="clip", leave=False)
            return bar_told(shown.enter_context(bar))

        yield begun


def _text(report: dict[str, Any]) -> str:
    low, high = 100 * report["top1_low"], 100 * report["top1_high"]
    five = "n/a" if report["top5"] is None else f"{100 * report['top5']:.2f} %"
    models = report.get("models", [])
    return "\n".join(
        (
            *(f"{each['model']} alone, {_percent(each)}, counts {each['weight']:g}" for each in models),
            f"Top-1 {100 * report['top1']:.2f} % (95 %: {low:.1f} to {high:.1f}) of {_clips(report)}",
            f"Top-5 {five}, mAP {report['map']:.4f}, ECE {report['ece']:.4f}",
            f"Macro: {_scores(report, 'macro_')}",
            *(f"  {each['label']}: {_scores(each)} ({each['support']})" for each in report["per_class"]),
        )
    )


def _percent(model: dict[str, Any]) -> str:
    return f"top-1 {100 * model['top1']:.2f} % of {model['moments']} x {model['crops']} views"


def _clips(report: dict[str, Any]) -> str:
    clips = f"{report['clips']} clips"
    if report.get("moments", 1) * report.get("crops", 1) == 1:
        return clips
    return f"{clips}, each in {report['moments']} x {report['crops']} views, mean of {report['scores']}"


def _scores(held: dict[str, Any], prefix: str = "") -> str:
    return ", ".join(f"{name} {held[prefix + name]:.3f}" for name in ("precision", "recall", "f1"))
