"""Frames of any clip as pictures to look at."""

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from training.ml.augment.clips import Clips, Kind, as_bytes, worked
from training.ml.flow.drawing import coloured
from training.ml.flow.storage import LIMIT
from training.ml.models.skeleton.graphs import graph_named
from training.ml.sheets import Picture

LEFT, RIGHT, MIDDLE = (213, 94, 0), (0, 114, 178), (128, 128, 128)
"""RGB of a person's own sides, told apart by colour-blind people as well (Okabe and Ito)."""
_FINE = 3
"""Lines are drawn so many times as large, then shrunk."""


class Look:
    """How one recording is drawn, so that all changed copies of it have the scale of the original."""

    def __init__(self, original: Clips, paper: tuple[int, int, int]) -> None:
        self._kind, self._graph, self._paper = original.kind, original.graph, paper
        x = worked(original.x, original.kind)[0]
        self._px = LIMIT if original.x.dtype == torch.uint8 else 1.0  # bytes were stored within a limit
        self._scale = 1.0
        if self._kind == Kind.FLOW:
            speed_P = x[:2].square().sum(0).sqrt().flatten().numpy() * self._px
            self._scale = max(1.0, float(np.quantile(speed_P, 0.995)))
        elif self._kind == Kind.SKELETON:
            flat_2P = x[:2, (x != 0).any(0)]
            low_2, high_2 = flat_2P.amin(1), flat_2P.amax(1)
            self._middle_2 = ((low_2 + high_2) / 2).numpy()
            # Room for what a random move adds.
            self._scale = 1.5 * max(float((high_2 - low_2).max()), 1e-6)

    def pictures(self, clips: Clips) -> list[Picture]:
        """The frames of the first clip, RGB; skeletons on squares of 3 x 96 px."""
        if self._kind == Kind.PICTURES:
            shown_THWC = as_bytes(clips.x[0], clips.kind).permute(1, 2, 3, 0).numpy()
            return [np.ascontiguousarray(each) for each in shown_THWC]
        if self._kind == Kind.FLOW:
            fields_THW2 = worked(clips.x, clips.kind)[0, :2].permute(1, 2, 3, 0).numpy() * self._px
            return [coloured(each, self._scale) for each in fields_THW2]
        return [self._bodies(frame_CVM) for frame_CVM in clips.x[0].transpose(0, 1)]

    def _bodies(self, x_CVM: Tensor) -> Picture:
        graph, side = graph_named(self._graph), 96 * _FINE
        canvas = Image.new("RGB", (side, side), self._paper)
        pen = ImageDraw.Draw(canvas)
        up = -1 if graph.dims == 3 else 1  # metres go up, px go down
        for person_CV in x_CVM.permute(2, 0, 1).numpy():
            at_V2 = ((person_CV[:2].T - self._middle_2) * (1, up) / self._scale + 0.5) * side
            seen_V = person_CV.any(0)
            for a, b in graph.bones:
                if seen_V[a] and seen_V[b]:
                    names = graph.joints[a] + graph.joints[b]
                    colour = LEFT if "left_" in names else RIGHT if "right_" in names else MIDDLE
                    pen.line([tuple(at_V2[a]), tuple(at_V2[b])], fill=colour, width=2 * _FINE)
        return np.asarray(canvas, np.uint8)
