"""What `fit`, `evaluate` and `predict` share: how a recipe's data are read, where, and in how many views."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.ml.augment.crops import COUNTS
from training.ml.cli.reading import add_options, at_least, options_of
from training.ml.fit.fusion import Voice, voices_of
from training.ml.fit.recipe import Data, FitRecipe
from training.ml.fit.views import seen


def add_data(parser: ArgumentParser) -> None:
    """Let the caller say how a recipe's data are read, and where."""
    parser.add_argument("--reader", metavar="NAME", help="read them as another data set than the recipe says")
    parser.add_argument("--protocol", metavar="NAME", help="who learns, and who is tested")
    add_options(parser)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="", help="else a GPU where there is one")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep decoded frames here")


def read_as(data: Data, args: Namespace) -> Data:
    """What a recipe says of its data, and what the caller says otherwise; another reader has its own rest."""
    if args.reader:
        data = Data(reader=args.reader, val_share=data.val_share)
    data = replace(data, options={**data.options, **options_of(args)})
    return replace(data, protocol=args.protocol) if args.protocol else data


def add_views(parser: ArgumentParser) -> None:
    """Let the caller say in how many views a clip is seen, where it is not as the recipe's source has it."""
    parser.add_argument(
        "--views", type=at_least(1), metavar="N", help="moments that are looked at, if not the recipe's"
    )
    parser.add_argument(
        "--crops",
        type=int,
        choices=COUNTS,
        help="squares of each: the middle, along the longer side, or corners and middle with their mirrors",
    )
    parser.add_argument("--scores", choices=("logits", "softmax"), help="what is averaged over the views")


def seen_as(recipe: FitRecipe, args: Namespace) -> FitRecipe:
    """The recipe tested in the views that the caller asks for. Raises WrongRecipe where it cannot be."""
    return seen(recipe, moments=args.views, crops=args.crops, scores=args.scores)


def add_weighing(parser: ArgumentParser) -> None:
    """Let the caller say what each of several models counts."""
    parser.add_argument(
        "--weights", type=float, nargs="+", default=[], metavar="W", help="what each model counts; else 1"
    )


def spoken(models: Sequence[Path], args: Namespace) -> tuple[Voice, ...]:
    """The models, seen as the caller asks. Raises what `voices_of` and `seen_as` raise."""
    voices = voices_of(models, args.weights)
    return tuple(
        replace(each, model=replace(each.model, recipe=seen_as(each.model.recipe, args))) for each in voices
    )
