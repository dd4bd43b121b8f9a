"""Recordings of skeletons as clips: the main bodies, on the network's graph, centred, of one length."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from training.ml.augment.clips import Clips, Kind
from training.ml.datasets import Sample
from training.ml.datasets.skeletons import Skeletons, read_skeletons
from training.ml.fit.recipe import Bodies
from training.ml.models.skeleton.graphs import graph_named
from training.ml.pose.mapping import sources
from training.ml.pose.poses import most_certain
from training.ml.skeletons.bodies import Array, fitted, main_bodies, phases
from training.ml.skeletons.one_shot import fixed_views, random_view, whole_frames
from training.ml.skeletons.poses import centred, upright


@dataclass(frozen=True)
class SkeletonReader:
    """Reads samples of skeletons, whatever files they lie in."""

    sees: Bodies

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        """The whole recording, whose changes are the pipeline's; or a random part for the one-shot TCN."""
        if self.sees.view == "whole":
            return next(self.fixed(sample, 1))
        return self._clips(random_view(self._frames(sample), generator, frames=self.sees.frames))

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        """See `Reader`. What is no longer than the network sees has one moment, whatever is asked for."""
        x_CTVM = self._frames(sample)
        if self.sees.view == "one_shot":
            yield from map(self._clips, fixed_views(x_CTVM, moments, frames=self.sees.frames))
            return
        graph = graph_named(self.sees.graph)
        for part_CTVM in phases(x_CTVM, self.sees.frames, moments, self.sees.padding):
            centred_CTVM = centred(part_CTVM, graph)
            yield self._clips(upright(centred_CTVM, graph) if self.sees.upright else centred_CTVM)

    def _frames(self, sample: Sample) -> Array:
        """The main bodies on the network's skeleton; for the one-shot TCN without frames that are bad."""
        found = read_skeletons(sample)
        x_CTVM = renamed(_main(found, self.sees.people), found.layout, self.sees.graph)
        return whole_frames(x_CTVM, graph_named(self.sees.graph)) if self.sees.view == "one_shot" else x_CTVM

    def _clips(self, x_CTVM: Array) -> Clips:
        x_CTVM = fitted(x_CTVM, self.sees.frames, self.sees.padding)
        x_NCTVM = torch.from_numpy(np.ascontiguousarray(x_CTVM, np.float32))[None]
        return Clips(x_NCTVM, Kind.SKELETON, graph=self.sees.graph)


def _main(found: Skeletons, people: int) -> Array:
    """The bodies that move most, and of flat poses the surest (ST-GCN; Yan et al., AAAI 2018)."""
    if graph_named(found.layout).dims == 3:
        return main_bodies(found.x_CTVM, people)
    return most_certain(found.x_CTVM.transpose(1, 3, 2, 0), people).transpose(3, 0, 2, 1)


def renamed(x_CTVM: Array, before: str, after: str) -> Array:
    """The joints of one skeleton as those of another, by `training.ml.pose.mapping`; missing ones are zeros.

    Raises UnknownLayout for a name that is not there.
    """
    if before == after:
        return x_CTVM
    wanted = sources(before, after)
    moved_CTWM = np.zeros((*x_CTVM.shape[:2], len(wanted), x_CTVM.shape[3]), x_CTVM.dtype)
    for w, numbers in enumerate(wanted):
        if numbers:
            part_CTKM = x_CTVM[:, :, list(numbers)]
            there_TM = (part_CTKM != 0).any(0).all(1)
            moved_CTWM[:, :, w] = part_CTKM.mean(2) * there_TM
    return moved_CTWM
