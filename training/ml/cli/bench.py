"""`python -m training.ml bench`: what networks cost on this machine, beside what their references say."""

import os
from argparse import ArgumentParser, Namespace
from dataclasses import asdict

import torch
from tqdm import tqdm

from training.ml.bench.networks import Cost, NotMeasured, measured
from training.ml.cli.answer import Answer
from training.ml.cli.reading import at_least
from training.ml.models import NETWORKS, UnknownNetwork

_HEAD = ("network", "input", "parameters", "GMACs", "published", "forward", "MB", "step", "MB")


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="their names; all without any")
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
