"""Videos as clips: the frames that a sampler takes, as pictures, as the flow that begins in them, or both."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.ml.augment.clips import Clips, Kind
from training.ml.datasets import Sample
from training.ml.datasets.cache import FrameSource
from training.ml.datasets.frames import Frames, decoded_once, range_of
from training.ml.fit.recipe import Sight
from training.ml.flow.methods import measure
from training.ml.flow.storage import stored
from training.ml.places import Places

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class VideoReader:
    """Reads samples of videos and of folders of pictures."""

    sees: Sight
    source: FrameSource

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        """See `Reader`."""
        frames = self.source.frames_of(sample)
        whole = range_of(sample, frames)
        return self._clips(frames, whole, self.sees.sampler.drawn(len(whole), generator))

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        """See `Reader`; no more than one moment's frames are held as pixels."""
        frames = self.source.frames_of(sample)
        whole = range_of(sample, frames)
        place_NT = replace(self.sees.tested, views=moments).fixed(len(whole))
        once = decoded_once(frames, self._needed(whole, np.unique(place_NT)) + whole.start)
        for place_T in place_NT:
            yield self._clips(once, whole, place_T[None])

    def _clips(self, frames: Frames, whole: range, place_NT: Places) -> Clips:
        taken = np.unique(place_NT)
        x_NTHWC = torch.from_numpy(self._pixels(frames, whole, taken))[np.searchsorted(taken, place_NT)]
        x_NCTHW: Tensor = x_NTHWC.permute(0, 4, 1, 2, 3).contiguous()
        return Clips(x_NCTHW, self.sees.kind)

    def _pixels(self, frames: Frames, whole: range, taken: Places) -> Pixels:
        """What is seen at each place (N, H, W, C): the frame, its flow, or one after the other."""
        if self.sees.kind is Kind.PICTURES:
            return frames.at(taken + whole.start)
        needed = self._needed(whole, taken)
        pictures = dict(zip(needed.tolist(), frames.at(needed + whole.start), strict=True))
        flow_NHW2 = self._flows(pictures, taken, len(whole) - 1)
        if self.sees.kind is Kind.FLOW:
            return flow_NHW2
        return np.concatenate([np.stack([pictures[n] for n in taken.tolist()]), flow_NHW2], -1)

    def _needed(self, whole: range, taken: Places) -> Places:
        """The places that are read for these: flow goes from each to the next one."""
        if self.sees.kind is Kind.PICTURES:
            return taken
        later = np.minimum(taken + 1, len(whole) - 1)
        return np.union1d(taken, later)

    def _flows(self, pictures: dict[int, Pixels], taken: Places, last: int) -> Pixels:
        """Flow (N, H, W, 2) from each frame to the next one; the last frame of a clip stands still."""
        grey: dict[int, Pixels] = {
            n: cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.uint8) for n, each in pictures.items()
        }
        between = measure("dis", warp=self.sees.warp)
        return np.stack([stored(between(grey[n], grey[min(n + 1, last)])) for n in taken.tolist()])
