"""What naming a clip costs in processor seconds: all candidates read, against a glance and what it chose.

Everything is counted from the proxy to the class: decoding, shrinking, looking, choosing and classifying. A
proxy is there already, as in the application.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from curation.media.decode import decode_pass
from curation.media.proxies import ProxySink
from tests.bench.bench_actions import Row
from training.ml.engine.glancing import filmed, told_at_a_glance
from training.ml.engine.model import ActionModel
from training.ml.features.extract import Extractor
from training.ml.places import spread

CLIPS = 24
"""So many clips are timed, spread evenly over those that there are."""


@dataclass(frozen=True)
class Cost:
    """Mean seconds of the processor a clip: with all candidates read, and by budget from a glance."""

    whole: float
    glanced: Mapping[int, float]


def cost_of(
    model: ActionModel, extractor: Extractor, folder: Path, rows: Sequence[Row], budgets: Sequence[int]
) -> Cost | None:
    """Both for some of the clips; None for a model that does not glance."""
    if model.encoder.glimpses is None:
        return None
    whole: list[float] = []
    glanced: dict[int, list[float]] = {n: [] for n in budgets}
    for place in spread(len(rows), min(CLIPS, len(rows))):
        with tempfile.TemporaryDirectory() as room:
            proxy = Path(room) / "proxy.mp4"
            index = decode_pass(folder / rows[place].file, [ProxySink(proxy, 720)]).index
            frames = len(index.pts)
            seconds = float((index.pts[-1] - index.pts[0]) * index.time_base)
            clip = {"proxy": proxy, "start": 0, "end": frames, "fps": (frames - 1) / seconds}
            whole.append(_seconds(lambda clip=clip: _read_whole(model, extractor, clip)))  # type: ignore[misc]
            for n in budgets:
                glanced[n].append(
                    _seconds(
                        lambda clip=clip, n=n: told_at_a_glance(  # type: ignore[misc]
                            model, extractor, filmed(extractor, clip), "", n
                        )
                    )
                )
    return Cost(float(np.mean(whole)), {n: float(np.mean(each)) for n, each in glanced.items()})


@torch.no_grad()
def _read_whole(model: ActionModel, extractor: Extractor, clip: Mapping[str, object]) -> int:
    """The class by all candidates, without a glance."""
    pooled = model.encoder.pool_read(extractor.features(filmed(extractor, clip)))
    return int(model.classifier(torch.from_numpy(pooled).unsqueeze(0)).argmax())


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
