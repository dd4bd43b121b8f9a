"""`python -m training.ml augment`: what a pipeline makes of a recording, on a sheet, or as files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from tqdm import tqdm

from training.ml.augment import reading
from training.ml.augment.export import TABLE, export
from training.ml.augment.files import to_facts
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.presets import PRESETS, pipeline_named
from training.ml.augment.sheet import rows, sheet
from training.ml.cli.answer import Answer
from training.ml.cli.reading import add_range, at_least, bar
from training.ml.errors import LearningError

_EACH = 4
"""Frames that are changed for each that is shown, so that there is something to jitter in time."""


class NothingAsked(LearningError):  # noqa: N818
    """A call that would leave nothing behind."""


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument(
        "source",
        type=Path,
        help="a video, poses (.safetensors) or an NTU recording (.skeleton); for --export a folder of videos",
    )
    parser.add_argument(
        "--pipeline",
        default="all",
        metavar="NAME|FILE",
        help=f"one of {', '.join(PRESETS)}, or a .toml or .json file (default: all)",
    )
    parser.add_argument("--seed", type=int, default=0, help="the same seed draws the same (default: 0)")
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="draw a contact sheet here")
    parser.add_argument(
        "--rows", type=at_least(1), default=5, metavar="N", help="draws on the sheet (default: 5)"
    )
    parser.add_argument(
        "--columns", type=at_least(1), default=8, metavar="N", help="frames a row (default: 8)"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--flow", action="store_true", help="show the video's flow and not its pictures")
    parser.add_argument("--export", type=Path, metavar="FOLDER", help="write a folder's changed copies here")
    parser.add_argument(
        "--copies", type=at_least(1), default=1, metavar="N", help="of each video (default: 1)"
    )
    parser.add_argument(
        "--height",
        type=at_least(2),
        default=480,
        metavar="PX",
        help="make higher frames so low first (default: 480)",
    )
    add_range(parser)


def run(args: Namespace) -> Answer:
    """Draw a sheet, or write copies. Raises LearningError or MediaError with a sentence."""
    pipeline = pipeline_named(args.pipeline)
    if args.export is not None:
        return _exported(args, pipeline)
    if args.sheet is None:
        raise NothingAsked("Say what to make: --sheet for a contact sheet, or --export for changed copies.")
    source = _source(args)
    drawn = rows(pipeline, source, draws=args.rows, columns=args.columns, seed=args.seed, theme=args.theme)
    subtitle = f"{source.name} · seed {args.seed}"
    picture = sheet(pipeline.name or args.pipeline, subtitle, drawn, args.theme)
    picture.save(args.sheet, "PNG")
    facts = {
        "pipeline": to_facts(pipeline),
        "kind": str(source.clips.kind),
        "seed": args.seed,
        "rows": [{"name": row.name, "drawn": row.caption} for row in drawn],
        "width": picture.width,
        "height": picture.height,
        "files": [str(args.sheet)],
    }
    lines = [f"{row.name}: {row.caption}" for row in drawn[1:]]
    return Answer(facts, "\n".join([*lines, f"Written: {args.sheet}."]))


def _source(args: Namespace) -> reading.Source:
    most = _EACH * args.columns
    if args.source.suffix in (".safetensors", ".skeleton"):
        return reading.skeletons(args.source, most=most)
    span = {"start": args.start, "end": args.end}
    with bar("frames") as told:
        if args.flow:
            return reading.flow(args.source, most=most, report=told, **span)
        return reading.video(args.source, most=most, height=args.height, report=told, **span)


def _exported(args: Namespace, pipeline: Pipeline) -> Answer:
    with tqdm(desc="clips", unit="clip", leave=False) as shown:

        def told(done: int, wanted: int) -> None:
            shown.total = wanted
            shown.update(done - shown.n)

        found = export(
            args.source,
            args.export,
            pipeline,
            copies=args.copies,
            seed=args.seed,
            height=args.height,
            report=told,
        )
    facts = {
        "pipeline": to_facts(pipeline),
        "seed": args.seed,
        "clips": len(found),
        "labels": sorted({each.label for each in found}),
        "table": str(args.export / TABLE),
        "folder": str(args.export),
    }
    return Answer(facts, f"{len(found):,} clips in {args.export}, and their labels in {TABLE}.")
