"""`python -m training.ml evaluate MODEL ... --data ROOT`: how good models are on one side of a data set."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.fitting import add_data, add_views, add_weighing, read_as, spoken
from training.ml.cli.reading import at_least, bar_told
from training.ml.cli.telling import text_of
from training.ml.datasets import WrongProtocol
from training.ml.errors import TooLittle
from training.ml.fit.fusion import Voice, aligned, measured_together
from training.ml.fit.measure import measured_on
from training.ml.fit.one_shot import PROTOCOL, anchored, exemplified, measured_by, novel
from training.ml.fit.reading import reader_of
from training.ml.fit.recipe import WrongRecipe
from training.ml.fit.rows import Told
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
    parser.add_argument(
        "--one-shot", action="store_true", help="tell classes, new ones too, by the nearest exemplar"
    )
    parser.add_argument(
        "--exemplars",
        metavar="SIDE",
        help="where they are taken from; else train, or the anchors of NTU's protocol",
    )
    parser.add_argument("--shots", type=at_least(1), metavar="K", help="exemplars of each class; else 1")


def run(args: Namespace) -> Answer:
    """Measure. Raises LearningError for what cannot be read, and for classes that the models do not know."""
    voices = spoken(args.models, args)
    roots = args.data * len(voices) if len(args.data) == 1 else args.data
    if len(roots) != len(voices):
        raise WrongRecipe(
            f"There are {len(roots)} --data for {len(voices)} models: give one, or one for each."
        )
    if args.one_shot:
        return _one_shot(voices, args)
    if args.exemplars or args.shots is not None:
        raise WrongRecipe("--exemplars and --shots are of --one-shot: give that too.")
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
    return Answer(facts, text_of(report))


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


def _one_shot(voices: Sequence[Voice], args: Namespace) -> Answer:
    """By exemplars: what the model learned to tell apart does not matter, and no class is left out."""
    if len(voices) > 1:
        raise WrongRecipe("By exemplars one model is measured at a time: name one.")
    model = voices[0].model
    data = replace(read_as(model.recipe.data, args), classes=())
    stock = stock_of(data, model.recipe.sees, reader_of(model.recipe.sees, args.cache), args.data[0])
    asked = stock.side(args.side).there()
    if args.exemplars is None and data.protocol == PROTOCOL and novel(asked):
        (exemplars, asked), said = anchored(asked), "the published anchors"
    else:
        said = args.exemplars or "train"
        exemplars, rest = exemplified(stock.side(said).there(), args.shots or 1)
        asked = rest if said == args.side else asked
    with team(args.device) as here, _bars(asked) as bar:
        network = model.network.to(here.device)
        report = measured_by(network, model.feed, exemplars, asked, here, bar(voices[0]))
    facts = {
        "model": voices[0].name,
        "recipe": model.recipe.name,
        "side": args.side,
        "exemplars_of": said,
        "shots": args.shots or 1,
        **report,
    }
    return Answer(facts, text_of(report))


@contextmanager
def _bars(side: Side) -> Iterator[Callable[[Voice], Told]]:
    """A bar for each model, over the clips."""
    with ExitStack() as shown:

        def begun(voice: Voice) -> Told:
            bar = tqdm(total=len(side), desc=Path(voice.name).parent.name, unit="clip", leave=False)
            return bar_told(shown.enter_context(bar))

        yield begun
