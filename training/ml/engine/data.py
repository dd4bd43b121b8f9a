"""What a run reads: the frozen clips and their features, the test side's labels put away until the end."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import torch

from training.ml.encoder import EncodedClip, Encoder
from training.ml.engine.checkpoints import Slot, settle
from training.ml.errors import BadFile, LearningError, TooLittle
from training.ml.features.clip import ClipFeatures
from training.ml.manifest import SIDES, Manifest, ManifestClip

UNKNOWN = -1


class Vanished(LearningError):  # noqa: N818 - named after what happened
    """A file that should lie here does not; it may be there when the work is tried again."""

    permanent = False


@dataclass(frozen=True)
class Sample:
    """A clip with features. `label` is its class's number, and UNKNOWN for a clip of the test side."""

    clip: ManifestClip
    label: int
    path: Path

    @property
    def content(self) -> str:
        """What the clip shows, as text: what random numbers may hang on."""
        return content_of(self.clip)


@dataclass(frozen=True)
class Dataset:
    """The clips of each side that have features, in the manifest's order, and those that have none by id."""

    manifest: Manifest
    train: tuple[Sample, ...]
    val: tuple[Sample, ...]
    test: tuple[Sample, ...]
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All of them: train, val, test."""
        return (*self.train, *self.val, *self.test)

    def truth(self, side: str) -> dict[str, int]:
        """The class of every clip of a side, those without features too: asked of "test" once, at the end."""
        return {clip.clip: self.manifest.index[clip.label] for clip in self.manifest.side(side)}


def content_of(clip: ManifestClip) -> str:
    """The video's hash and the frames."""
    return ":".join(map(str, clip.content))


def dataset_of(manifest: Manifest, features: Mapping[str, str], missing: Mapping[str, str]) -> Dataset:
    """Put together what can be learned from. Raises TooLittle without two classes on the train side."""
    sides: dict[str, list[Sample]] = {"train": [], "val": [], "test": []}
    gone = {}
    for clip in manifest.clips:
        if clip.clip in missing or clip.clip not in features:
            gone[clip.clip] = missing.get(clip.clip, "Its features were not made.")
            continue
        label = UNKNOWN if clip.split == "test" else manifest.index[clip.label]
        sides[clip.split].append(Sample(clip, label, Path(features[clip.clip])))
    if len({sample.label for sample in sides["train"]}) < 2:
        lost = f" {len(gone)} clips have no features." if gone else ""
        raise TooLittle(f"Learning needs clips of at least two classes on the train side.{lost}")
    train, val, test = (tuple(sides[side]) for side in SIDES)
    return Dataset(manifest, train, val, test, gone)


class Features(Sequence[ClipFeatures]):
    """The features of samples, read when they are looked at: they do not have to fit in memory together."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples

    def __len__(self) -> int:
        return len(self._samples)

    @overload
    def __getitem__(self, at: int) -> ClipFeatures: ...
    @overload
    def __getitem__(self, at: slice) -> "Features": ...
    def __getitem__(self, at: int | slice) -> "ClipFeatures | Features":
        if isinstance(at, slice):
            return Features(self._samples[at])
        return features_of(self._samples[at].path, self._samples[at].clip.name)


def features_of(path: Path, name: str) -> ClipFeatures:
    """Read the features of the clip called `name`. Raises Vanished, or BadFile for what cannot be used."""
    if not path.is_file():
        raise Vanished(f"The features of {name} are not where they should be.")
    features = ClipFeatures.load(path)
    if not len(features):
        raise BadFile(f"The features of {name} hold no frame.")
    for part in ("appearance_ND", "motion_N"):
        if not np.isfinite(getattr(features, part)).all():
            raise BadFile(f"The features of {name} hold numbers that are none.")
    return features


class EncodedClips(Sequence[EncodedClip]):
    """Encoded clips in one file that is mapped, not read: the system keeps in memory what is used.

    For each clip of N candidates there lie x_ND, appearance_ND and fisher_NF, one after the other.
    """

    def __init__(self, path: Path, ordinals: Sequence[npt.NDArray[np.int32]], widths: Sequence[int]) -> None:
        self._numbers = np.memmap(path, np.float32, "r")
        self._ordinals, self._widths = ordinals, widths
        self._starts = np.cumsum([0, *(len(each) * sum(widths) for each in ordinals)]).tolist()

    def __len__(self) -> int:
        return len(self._ordinals)

    @overload
    def __getitem__(self, at: int) -> EncodedClip: ...
    @overload
    def __getitem__(self, at: slice) -> list[EncodedClip]: ...
    def __getitem__(self, at: int | slice) -> EncodedClip | list[EncodedClip]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        ordinals_N, start, blocks = self._ordinals[at], self._starts[at], []
        for width in self._widths:
            stop = start + len(ordinals_N) * width
            blocks.append(np.asarray(self._numbers[start:stop]).reshape(len(ordinals_N), width))
            start = stop
        return EncodedClip(ordinals_N, *blocks)


def encoded(
    encoder: Encoder, samples: Sequence[Sample], folder: Path, tell: Callable[[float], None]
) -> EncodedClips:
    """Encode the samples into a file in `folder`, or take the file that an earlier attempt completed."""
    path, slot = folder / "encoded.f32", Slot(folder, "encoded")
    if not (saved := slot.load()):
        part = path.with_name(path.name + ".part")
        ordinals = []
        with part.open("wb") as file:
            for place, sample in enumerate(samples):
                clip = encoder.encode(features_of(sample.path, sample.clip.name))
                ordinals.append(torch.from_numpy(clip.ordinals_N.astype(np.int32)))
                for block in (clip.x_ND, clip.appearance_ND, clip.fisher_NF):
                    file.write(np.ascontiguousarray(block, np.float32).tobytes())
                tell((place + 1) / len(samples))
            file.flush()
            os.fsync(file.fileno())
        settle(part, path)
        widths = [block.shape[1] for block in (clip.x_ND, clip.appearance_ND, clip.fisher_NF)]
        counts = torch.tensor([len(each) for each in ordinals])
        slot.save({"ordinals": torch.cat(ordinals), "counts": counts}, {"widths": widths})
        saved = slot.load()
    if saved is None:
        raise Vanished("What was written to the run's checkpoints could not be read back.")
    tensors, facts = saved
    by_clip = torch.split(tensors["ordinals"], tensors["counts"].tolist())
    return EncodedClips(path, [each.numpy() for each in by_clip], facts["widths"])


def one_recipe(samples: Sequence[Sample]) -> tuple[str, str]:
    """The recipe and the weights ("none": none) by which all of these features were made.

    Raises BadFile where they were made by several: vectors of two networks cannot be compared.
    """
    seen = {(features.recipe, features.weights) for features in Features(samples)}
    if len(seen) > 1:
        raise BadFile(
            "The features of these clips were made in different ways. Make them again for this run."
        )
    return seen.pop()


def fingerprint_of(manifest: Manifest, dataset: Dataset, facts: Mapping[str, Any]) -> str:
    """Names everything that decides what a run learns: checkpoints of another are not taken for its own."""
    sizes = {
        sample.content: sample.path.stat().st_size for sample in dataset.samples if sample.path.is_file()
    }
    whole = {"manifest": manifest.sha256, "features": sizes, "torch": torch.__version__, **facts}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
