"""`python -m training.ml bench`: what networks cost on this machine, beside what their references say.

With `--videos`, how fast clips of recordings reach a network, beside bare decoding.
"""

import os
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from training.ml.bench.loading import USUAL, loading_of
from training.ml.bench.networks import Cost, NotMeasured, measured
from training.ml.cli.answer import Answer
from training.ml.cli.reading import at_least
from training.ml.errors import LearningError
from training.ml.models import NETWORKS, UnknownNetwork

_HEAD = ("network", "input", "parameters", "GMACs", "published", "forward", "MB", "step", "MB")


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="their names; all without any")
    parser.add_argument(
        "--videos", type=Path, nargs="+", metavar="FILE", help="measure how fast clips of these are loaded"
    )
    parser.add_argument(
        "--recipe", default=USUAL, metavar="NAME", help=f"whose clips of the videos; else {USUAL}"
    )
    parser.add_argument(
        "--workers", type=at_least(0), default=0, metavar="N", help="processes that load clips"
    )
    parser.add_argument("--batch", type=at_least(1), default=1, metavar="N")
    parser.add_argument(
        "--repeats", type=at_least(1), default=3, metavar="N", help="of which the median is told"
    )
    parser.add_argument("--threads", type=at_least(1), default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--device", choices=("cpu", "cuda"), default=_device())


def run(args: Namespace) -> Answer:
    """Measure one after the other. Raises UnknownNetwork, or NotMeasured where every one fails.

    One that fails among others is told with its sentence.
    """
    if args.videos:
        return _loading(args)
    names = args.networks or sorted(NETWORKS)
    if wrong := sorted(set(names) - set(NETWORKS)):
        raise UnknownNetwork(
            f"No network is named {', '.join(wrong)}: `python -m training.ml models` lists them."
        )
    costs: list[Cost] = []
    failed: dict[str, str] = {}
    for name in tqdm(names, "measuring", unit="network", leave=False):
        try:
            costs.append(
                measured(
                    name, batch=args.batch, device=args.device, repeats=args.repeats, threads=args.threads
                )
            )
        except NotMeasured as error:
            failed[name] = error.sentence
    if not costs:
        raise NotMeasured("\n".join(failed.values()))
    facts = {"threads": args.threads, "networks": [asdict(each) for each in costs], "failed": failed}
    return Answer(facts, "\n".join([_table(costs), *failed.values()]))


def _loading(args: Namespace) -> Answer:
    """Raises LearningError where networks are named too: each is measured alone."""
    if args.networks:
        raise LearningError("Networks and the loading of videos are measured one at a time: name either.")
    found = loading_of(args.videos, recipe=args.recipe, workers=args.workers)
    facts = asdict(found) | {
        "first_ratio": round(found.first_ratio, 3),
        "kept_ratio": round(found.kept_ratio, 3),
    }
    text = (
        f"{found.frames:,} frames of {found.recordings} recordings are decoded in "
        f"{found.decode_seconds:.2f} s. A clip of each, as {found.recipe} learns from it: "
        f"{found.decoded_seconds:.2f} s decoding anew, "
        f"{found.first_seconds:.2f} s keeping frames ({found.first_ratio:.2f} of bare decoding's speed), "
        f"{found.kept_seconds:.2f} s from kept frames ({found.kept_ratio:.1f} times that speed)."
    )
    return Answer(facts, text)


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _table(costs: list[Cost]) -> str:
    rows = [_HEAD, *map(_row, costs)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) if k < 2 else cell.rjust(width) for k, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    )


def _row(cost: Cost) -> tuple[str, ...]:
    published = "" if cost.published_gmacs is None else f"{cost.published_gmacs:g}"
    return (
        cost.network,
        cost.takes,
        f"{cost.parameters:,}",
        f"{cost.gmacs:.3f}",
        published,
        f"{cost.forward_seconds:.3f} s",
        f"{cost.forward_mb:,.0f}",
        f"{cost.step_seconds:.3f} s",
        f"{cost.step_mb:,.0f}",
    )
