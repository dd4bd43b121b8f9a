"""Make footage: ``python -m curation.simulator OUT --hours H --seed S``; see ``--help``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from curation.simulator.make import make
from curation.simulator.plan import Order

PRESETS = {
    "demo": Order(
        seed=1, cameras=4, subjects=6, clips=7, hours=150 / 3600,
        rates=(Fraction(15), Fraction(15), Fraction(25)),
        size=(640, 360), codes=False, recording_seconds=(48.0, 54.0),
    ),
    "test": Order(
        seed=1, cameras=2, subjects=3, clips=1, hours=12 / 3600, rates=(Fraction(12),), size=(320, 180),
        clip_seconds=(1.2, 2.0), recording_seconds=(12.0, 12.0),
    ),
}  # fmt: skip


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m curation.simulator", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to fill (made if it is not there)")
    parser.add_argument(
        "--preset", choices=sorted(PRESETS), help="start from what `make demo` or the tests need"
    )
    parser.add_argument("--seed", type=int, help="same seed, same footage (default 1)")
    parser.add_argument("--hours", type=float, help="hours of long recordings (default 0.25)")
    parser.add_argument("--clips", type=int, help="short clips of each action (default 8)")
    parser.add_argument("--cameras", type=int, help="cameras (default 4)")
    parser.add_argument("--subjects", type=int, help="people (default 6)")
    parser.add_argument(
        "--fps", help="frames a second; several are used by turns: 15,25,30000/1001 (default 30)"
    )
    parser.add_argument("--size", help="picture size, even numbers (default 1280x720)")
    parser.add_argument(
        "--codes", action=argparse.BooleanOptionalAction, help="burn in frame numbers (default yes)"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: all cores)"
    )
    return parser.parse_args(argv)


def order_from(args: argparse.Namespace) -> Order:
    """Return the order that arguments stand for; ValueError with a sentence where they make no sense."""
    order = PRESETS[args.preset] if args.preset else Order()
    for name in ("seed", "hours", "clips", "cameras", "subjects", "codes"):
        if getattr(args, name) is not None:
            order = replace(order, **{name: getattr(args, name)})
    if args.fps:
        order = replace(order, rates=_rates(args.fps))
    if args.size:
        order = replace(order, size=_size(args.size))
    if order.size[0] % 2 or order.size[1] % 2 or min(order.size) < 90:
        raise ValueError("The size must be two even numbers of at least 90, such as 640x360.")
    if min(order.cameras, order.subjects) < 1 or order.clips < 0 or order.hours < 0:
        raise ValueError("There must be a camera and a subject, and no count may be negative.")
    if not all(1 <= rate <= 120 for rate in order.rates):
        raise ValueError("Frame rates must lie between 1 and 120.")
    return order


def _rates(text: str) -> tuple[Fraction, ...]:
    try:
        return tuple(Fraction(rate) for rate in text.split(","))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"Frame rates are numbers such as 25 or 15,25,30000/1001, not {text!r}.") from error


def _size(text: str) -> tuple[int, int]:
    wide, _, high = text.partition("x")
    if not (wide.isdecimal() and high.isdecimal()):
        raise ValueError(f"A size is two numbers such as 640x360, not {text!r}.")
    return int(wide), int(high)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the footage is made, 2 for arguments or a folder that will not do."""
    args = _arguments(argv)
    try:
        order = order_from(args)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        plan = make(order, args.out, args.jobs)
    except OSError as error:
        sys.stderr.write(f"{args.out} cannot be filled with footage: {error.strerror or error}.\n")
        return 2
    seconds = sum(float(shot.times[-1]) for shot in plan)
    sys.stdout.write(
        f"{len(plan)} videos, {sum(s.frames for s in plan)} frames, {seconds / 60:.1f} min in {args.out}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
