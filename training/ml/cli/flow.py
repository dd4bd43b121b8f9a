"""`python -m training.ml flow VIDEO`: optical flow, kept as bytes, and drawn."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
from PIL import Image

from training.ml.cli.answer import Answer
from training.ml.cli.reading import add_range, at_least, bar
from training.ml.flow import Method, restored
from training.ml.flow.drawing import sheet
from training.ml.flow.video import flow_of


def add(parser: ArgumentParser) -> None:
    """Say what the verb takes."""
    parser.add_argument("video", type=Path)
    parser.add_argument("--method", choices=[each.value for each in Method], default=Method.DIS.value)
    parser.add_argument("--warp", action="store_true", help="take the camera's own motion off")
    parser.add_argument(
        "--width", type=at_least(0), default=0, metavar="PX", help="make frames so narrow first"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep the flow here, as .safetensors")
    parser.add_argument("--draw", type=Path, metavar="PNG", help="draw twelve moments of it")
    add_range(parser)


def run(args: Namespace) -> Answer:
    """Measure, keep, draw. Raises NoFlow, or MediaError for what is no video."""
    with bar("flow") as told:
        found = flow_of(
            args.video,
            method=args.method,
            warp=args.warp,
            width=args.width,
            start=args.start,
            end=args.end,
            report=told,
        )
    fields, height, width = found.flow_THW2.shape[:3]
    speed_T = [float(np.hypot(*np.moveaxis(restored(each), -1, 0)).mean()) for each in found.flow_THW2]
    made = []
    if args.out is not None:
        found.save(args.out)
        made.append(str(args.out))
    if args.draw is not None:
        Image.fromarray(sheet(found.flow_THW2)).save(args.draw, "PNG")
        made.append(str(args.draw))
    facts = {
        "fields": fields,
        "width": width,
        "height": height,
        "method": found.method,
        "warp": found.warp,
        "mean_px": [round(each, 4) for each in speed_T],
        "files": made,
    }
    kept = f" Written: {', '.join(made)}." if made else " Nothing was kept: ask for --out or --draw."
    text = f"{fields:,} fields of {width} x {height}, {np.mean(speed_T):.2f} px a frame on average.{kept}"
    return Answer(facts, text)
