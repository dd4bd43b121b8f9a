"""What `fit` and `evaluate` share: how a recipe's data are read, and where."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from training.ml.fit.recipe import Data


def add_data(parser: ArgumentParser) -> None:
    """Let the caller say how a recipe's data are read, and where."""
    parser.add_argument("--reader", metavar="NAME", help="read them as another data set than the recipe says")
    parser.add_argument("--protocol", metavar="NAME", help="who learns, and who is tested")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="", help="else a GPU where there is one")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep decoded frames here")


def read_as(data: Data, args: Namespace) -> Data:
    """What a recipe says of its data, and what the caller says otherwise; another reader has its own rest."""
    if args.reader:
        data = Data(reader=args.reader, val_share=data.val_share)
    return replace(data, protocol=args.protocol) if args.protocol else data
