"""`python -m training.ml fit --recipe NAME --data ROOT`: learn by a recipe, under torchrun by many."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_data, read_as
from training.ml.cli.reading import at_least
from training.ml.fit.codec import recipe_of, told
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import FitRecipe, WrongRecipe
from training.ml.fit.run import Interrupted, fit
from training.ml.fit.stock import stock_of
from training.ml.fit.team import team
from training.ml.optim import Precision
from training.ml.recipes.published import PUBLISHED, published

_NUMBERS = ("epochs", "batch", "accumulate", "seed")


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("--recipe", metavar="NAME", help="which recipe; without it all are listed")
    parser.add_argument("--data", type=Path, metavar="ROOT", help="folder of the data set, or its list")
    add_data(parser)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="else var/fit/NAME; a run goes on from it")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="what the network begins with")
    parser.add_argument(
        "--steps", type=at_least(0), default=0, metavar="N", help="one epoch of N steps, to try it out"
    )
    for name in _NUMBERS:
        parser.add_argument(f"--{name}", type=int, metavar="N", help="if not the recipe's")
    parser.add_argument(
        "--mixed", action="store_true", help="compute in float16 on a GPU, bfloat16 on the CPU"
    )
    parser.add_argument(
        "--workers", type=at_least(0), default=0, metavar="N", help="processes that read clips"
    )


def run(args: Namespace) -> Answer:
    """Learn, measure, write. Raises LearningError, or KeyboardInterrupt after leaving a checkpoint."""
    if not args.recipe:
        every = [
            {"name": each.name, "title": each.title, "source": each.source} for each in PUBLISHED.values()
        ]
        return Answer({"recipes": every}, "\n".join(f"{each['name']}: {each['title']}" for each in every))
    if args.data is None:
        raise WrongRecipe(f"Say where the data of {args.recipe} lie: --data ROOT.")
    recipe = asked_for(published(args.recipe), args)
    out = args.out or Path("var") / "fit" / recipe.name
    with team(args.device) as found:
        stock = stock_of(recipe.data, recipe.sees, reader_of(recipe.sees, args.cache), args.data)
        for side in ("train", "val", "test"):
            stock.side(side).there()
        bar = _Bar() if found.leads else None
        try:
            report = fit(
                recipe,
                stock,
                out,
                found,
                weights=args.weights,
                workers=args.workers,
                most_steps=args.steps,
                heard=bar,
            )
        except Interrupted as stopped:
            if found.leads:
                print(f"\n{stopped.sentence}", file=sys.stderr)
            raise
    return Answer({**report, "out": str(out)}, _text(report, out))


def asked_for(recipe: FitRecipe, args: Namespace) -> FitRecipe:
    """The recipe with what the shell says otherwise. Raises WrongRecipe for numbers that cannot be."""
    changes: dict[str, Any] = {
        name: getattr(args, name) for name in _NUMBERS if getattr(args, name) is not None
    }
    if args.mixed:
        changes["precision"] = Precision.MIXED
    if args.steps:
        changes["epochs"] = 1
        if recipe.links:
            changes["links"] = replace(recipe.links, epochs=1)
    # Told and made again, so that what is kept in files is what was carried out.
    return recipe_of(told(replace(recipe, data=read_as(recipe.data, args), **changes)))


class _Bar:
    """A bar for each epoch on standard error."""

    def __init__(self) -> None:
        self._what = ""
        self._shown: tqdm[Any] | None = None

    def __call__(self, what: str, done: int, of: int) -> None:
        if what != self._what or self._shown is None:
            self._what, self._shown = what, tqdm(total=of, desc=what, unit="step", leave=False)
        self._shown.update(done - self._shown.n)
        if done == of:
            self._shown.close()


def _text(report: dict[str, Any], out: Path) -> str:
    said = [f"{report['recipe']}: epoch {report['best_epoch']} of {report['epochs']} is kept, in {out}."]
    if measured := report["measured"]:
        low, high = 100 * measured["top1_low"], 100 * measured["top1_high"]
        said.append(
            f"Top-1 on {measured['clips']} clips of {report['measured_on']}: {100 * measured['top1']:.2f} % "
            f"(95 %: {low:.1f} to {high:.1f}), macro F1 {measured['macro_f1']:.3f}."
        )
    if report["divergence"]:
        said.append(report["divergence"]["sentence"])
    return "\n".join([*said, *report["notes"]])
