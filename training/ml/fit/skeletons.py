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
from training.ml.pose.mapping import mapped, mapped_in_space
from training.ml.pose.poses import most_certain
from training.ml.skeletons.bodies import Array, fitted, main_bodies, phases, seen
from training.ml.skeletons.matching import Ints
from training.ml.skeletons.one_shot import SKIP, fixed_views, random_view, whole_frames
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

    def followed(self, sample: Sample) -> tuple[Ints, Array]:
        """Every other frame in which somebody is, as the one-shot TCN sees it, beside their numbers."""
        found = read_skeletons(sample)
        x_CTVM = _on(self.sees.graph, _main(found, self.sees.people), found.layout)
        there_T = np.flatnonzero(seen(x_CTVM).any(1))
        return there_T[::SKIP], whole_frames(x_CTVM, graph_named(self.sees.graph))[:, ::SKIP]

    def _frames(self, sample: Sample) -> Array:
        """The main bodies on the network's skeleton; for the one-shot TCN without frames that are bad."""
        found = read_skeletons(sample)
        x_CTVM = _on(self.sees.graph, _main(found, self.sees.people), found.layout)
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


def _on(graph: str, x_CTVM: Array, layout: str) -> Array:
    """The joints of one skeleton as those of another; missing ones are zeros. Raises UnknownLayout."""
    if layout == graph:
        return x_CTVM
    rename = mapped_in_space if graph_named(layout).dims == 3 else mapped
    return rename(x_CTVM.transpose(1, 3, 2, 0), layout, graph).transpose(3, 0, 2, 1)
