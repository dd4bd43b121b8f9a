"""`python -m training.ml pose VIDEO`: who is in a video and how they stand, kept and drawn."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from training.ml.cli.answer import Answer
from training.ml.cli.reading import add_range, add_weights, at_least, bar
from training.ml.pose.drawing import sheet
from training.ml.pose.mapping import LAYOUTS, mapped
from training.ml.pose.network import PoseNetwork
from training.ml.pose.video import poses_of


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("video", type=Path)
    parser.add_argument("--every", type=at_least(1), default=1, metavar="N", help="look at every N-th frame")
    parser.add_argument(
        "--people", type=at_least(1), default=2, metavar="M", help="keep the M surest persons"
    )
    parser.add_argument(
        "--layout", choices=sorted(LAYOUTS), default="cpm14", help="name the joints as this skeleton has them"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep the poses here, as .safetensors")
    parser.add_argument(
        "--draw", type=Path, metavar="PNG", help="draw twelve of the frames with their people"
    )
    add_weights(parser)
    add_range(parser)


def run(args: Namespace) -> Answer:
    """Look, keep, draw. Raises BadFile without the network's weights, MediaError for what is no video."""
    network = PoseNetwork(args.weights)
    with bar("poses") as told:
        found = poses_of(
            args.video,
            network=network,
            start=args.start,
            end=args.end,
            every=args.every,
            people=args.people,
            report=told,
        )
    made = []
    if args.out is not None:
        joints = mapped(found.joints_TMV3, found.layout, args.layout)
        replace(found, joints_TMV3=joints, layout=args.layout).save(args.out)
        made.append(str(args.out))
    if args.draw is not None:
        Image.fromarray(sheet(args.video, found)).save(args.draw, "PNG")
        made.append(str(args.draw))
    sure_TMV = found.joints_TMV3[..., 2]
    seen_TM = sure_TMV.max(-1, initial=0) > 0
    shown_T = seen_TM.max(1, initial=False)
    facts = {
        "frames": len(found),
        "people": len(found.people_M),
        "frames_with_people": int(shown_T.sum()),
        "frames_a_person": [int(each) for each in seen_TM.sum(0)],
        "confidence": [
            round(float(sure_TMV[seen_TM[:, m], m].mean()), 4) for m in range(len(found.people_M))
        ],
        "layout": args.layout,
        "width": found.width,
        "height": found.height,
        "weights": found.weights,
        "files": made,
    }
    kept = f" Written: {', '.join(made)}." if made else " Nothing was kept: ask for --out or --draw."
    text = (
        f"{len(found.people_M)} people in {len(found):,} frames; {np.mean(shown_T):.0%} of the frames show "
        f"one or more.{kept}"
    )
    return Answer(facts, text)
