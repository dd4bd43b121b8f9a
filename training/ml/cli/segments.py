"""`python -m training.ml segments FOUND --truth TRUTH`: how well actions were found in time."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from training.ml.cli.answer import Answer
from training.ml.datasets.readers.segments import SIDES
from training.ml.datasets.spans import Told, found_of, truth_of
from training.ml.errors import TooLittle
from training.ml.metrics import DETECTION_IOUS, Detections, Span, detections


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument(
        "found",
        type=Path,
        help="video, start, end, label and score as .csv or .json, or ActivityNet's results",
    )
    parser.add_argument(
        "--truth",
        type=Path,
        required=True,
        metavar="FILE",
        help="the same without a score, ActivityNet's JSON, or a manifest of Rushes (.jsonl)",
    )
    parser.add_argument(
        "--unit", choices=("seconds", "frames"), default="seconds", help="that starts and ends are in"
    )
    parser.add_argument("--subset", metavar="NAME", help="train, val or test of a truth that says; else all")
    parser.add_argument(
        "--iou", type=_share, nargs="+", default=DETECTION_IOUS, metavar="X", help="overlaps; else 0.3 to 0.7"
    )


def run(args: Namespace) -> Answer:
    """Measure. Raises LearningError for a line that is wrong, and where nothing is true."""
    every, found = truth_of(args.truth, args.unit), found_of(args.found, args.unit)
    side = SIDES.get((args.subset or "").lower(), args.subset)
    true = [each for each in every if side in (None, each.side)]
    if not true:
        of = f" of the subset {args.subset}" if args.subset else ""
        raise TooLittle(f"{args.truth.name} tells no span{of}: there is nothing to measure by.")
    said = _renamed(found, {each.video for each in every})
    elsewhere = {each.video for each in every} - {each.video for each in true}
    asked = [each for each in said if each.video not in elsewhere]
    labels = sorted({each.label for each in true})
    number = {label: n for n, label in enumerate(labels)}
    measured = detections(
        [_span(each, number) for each in true],
        [_span(each, number) for each in asked if each.label in number],
        args.iou,
    )
    facts = _facts(args, true, asked, labels, measured)
    return Answer({**facts, "left_out": len(said) - len(asked)}, _text(facts))


def _renamed(found: Sequence[Told], known: Collection[str]) -> list[Told]:
    """Videos called as the truth calls them, where that differs in folder, ending or YouTube's `v_` alone."""
    plain = {_plain(name): name for name in known}
    return [
        each if each.video in known else replace(each, video=plain.get(_plain(each.video), each.video))
        for each in found
    ]


def _plain(video: str) -> str:
    return PurePosixPath(video).stem.removeprefix("v_")


def _span(each: Told, number: dict[str, int]) -> Span:
    return Span(each.video, number[each.label], each.start, each.end, each.score)


def _facts(
    args: Namespace, true: Sequence[Told], asked: Sequence[Told], labels: Sequence[str], measured: Detections
) -> dict[str, Any]:
    support, videos = Counter(each.label for each in true), {each.video for each in true}
    return {
        "found": str(args.found),
        "truth": str(args.truth),
        "unit": args.unit,
        "videos": len(videos),
        "true_spans": len(true),
        "found_spans": len(asked),
        "in_other_videos": sum(each.video not in videos for each in asked),
        "of_other_classes": sum(each.label not in support for each in asked),
        "map": {f"{iou:g}": round(value, 6) for iou, value in measured.by_iou.items()},
        "mean": round(measured.mean, 6),
        "per_class": [
            {
                "label": label,
                "ap": {
                    f"{iou:g}": round(value, 6)
                    for iou, value in zip(args.iou, measured.by_class[n], strict=True)
                },
                "support": support[label],
            }
            for n, label in enumerate(labels)
        ],
    }


def _text(facts: dict[str, Any]) -> str:
    spans = f"{facts['found_spans']} spans found against {facts['true_spans']} true ones"
    told = [
        f"{spans} of {facts['videos']} videos.",
        *(f"mAP at {iou}: {100 * value:.2f} %" for iou, value in facts["map"].items()),
        f"mean: {100 * facts['mean']:.2f} %",
        *(f"  {each['label']}: {_percents(each['ap'])} ({each['support']})" for each in facts["per_class"]),
    ]
    if facts["in_other_videos"]:
        told.append(f"{facts['in_other_videos']} lie in videos of which nothing is true, and are wrong.")
    if facts["of_other_classes"]:
        told.append(f"{facts['of_other_classes']} are of classes that are nowhere true, and do not count.")
    return "\n".join(told)


def _percents(by_iou: dict[str, float]) -> str:
    return ", ".join(f"{100 * value:.1f}" for value in by_iou.values()) + " %"


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise ArgumentTypeError(f"{text} is no overlap above 0 and up to 1")
    return value
