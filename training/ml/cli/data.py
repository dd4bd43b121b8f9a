"""`python -m training.ml data NAME ROOT`: what a data set holds, who learns from what, and what is wrong."""

from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import Any

from tqdm import tqdm

from training.ml.cli.answer import Answer
from training.ml.cli.reading import add_options, options_of
from training.ml.datasets import READERS, Dataset, read_dataset
from training.ml.datasets.looking import not_there, unreadable
from training.ml.datasets.protocols import HOW
from training.ml.manifest import SIDES

FEW = 10
"""So many problems are told; all are counted."""


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    readers = "; ".join(f"{each.name}: {each.title}" for each in READERS.values())
    parser.add_argument("name", help=readers)
    parser.add_argument("root", type=Path, help="its folder, or a list in it")
    parser.add_argument("--protocol", default="", metavar="P", help=f"its own, or {HOW}")
    add_options(parser)
    parser.add_argument(
        "--read", action="store_true", help="read every file from its first frame to its last"
    )


def run(args: Namespace) -> Answer:
    """Read, count, check. Raises LearningError for a data set that cannot be read."""
    dataset = read_dataset(args.name, args.root, protocol=args.protocol, **options_of(args))
    problems = not_there(dataset)
    if args.read:
        there = len(dataset.samples) - len(dataset.missing)
        found = tqdm(unreadable(dataset), desc="data", unit=" samples", total=there, leave=False)
        problems += [problem for problem in found if problem is not None]
    counts = _counts(dataset)
    facts = {
        "name": dataset.name,
        "classes": list(dataset.classes),
        "samples": len(dataset.samples),
        "protocol": dataset.using,
        "protocols": list(dataset.protocols),
        "sides": {side: sum(each[side] for each in counts.values()) for side in _columns(dataset)},
        "per_class": counts,
        "checks": [{"holds": check.holds, "sentence": check.sentence} for check in dataset.checks],
        "missing": len(dataset.missing),
        "problems": len(problems),
        "first_problems": problems[:FEW],
    }
    return Answer(facts, _text(facts))


def _columns(dataset: Dataset) -> tuple[str, ...]:
    return SIDES if dataset.using else ("all",)


def _counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Samples by class and side; those without a label under ""."""
    columns = _columns(dataset)
    sides = {side: dataset.side(side) if dataset.using else dataset.samples for side in columns}
    counted = {side: Counter(sample.label for sample in samples) for side, samples in sides.items()}
    labels = [*dataset.classes, *([""] if any(each[""] for each in counted.values()) else [])]
    return {label: {side: counted[side][label] for side in columns} for label in labels}


def _text(facts: dict[str, Any]) -> str:
    columns = list(facts["sides"])
    width = max(len("class"), *(len(label) for label in facts["per_class"]), len("all of them"))
    rows = [
        ("class", columns),
        *((label or "(no label)", each.values()) for label, each in facts["per_class"].items()),
    ]
    lines = [f"{label:{width}}" + "".join(f"{cell:>8}" for cell in cells) for label, cells in rows]
    lines.append(f"{'all of them':{width}}" + "".join(f"{count:>8}" for count in facts["sides"].values()))
    told = f"{facts['name']}: {facts['samples']:,} samples of {len(facts['classes'])} classes"
    by = (
        f", parted by {facts['protocol']} (there are: {', '.join(facts['protocols'])})."
        if facts["protocol"]
        else "."
    )
    checks = [f"{'ok   ' if each['holds'] else 'WRONG'} {each['sentence']}" for each in facts["checks"]]
    problems = [f"      {each}" for each in facts["first_problems"]]
    if facts["problems"]:
        problems = [f"Problems: {facts['problems']}, the first of them:", *problems]
    return "\n".join([told + by, "", *lines, *([""] if checks or problems else []), *checks, *problems])
