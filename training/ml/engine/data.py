"""What a run reads: the frozen clips and their features, the test side's labels put away until the end."""

import hashlib
import json
import os
from collections import Counter
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
from training.ml.features.bundle import ClipBundle
from training.ml.features.clip import ClipFeatures
from training.ml.features.eyes import Read
from training.ml.features.pack import ClipPack
from training.ml.manifest import SIDES, Manifest, ManifestClip
from training.ml.pose.poses import Poses

UNKNOWN = -1
CLIPS_A_FILE = 64
"""So that a kill costs seconds of encoding and no file grows beyond what a process may write."""


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


def left_out(dataset: Dataset) -> list[dict[str, Any]]:
    """The clips that were done without, by recording and reason, most of them first."""
    counts = Counter(
        (clip.video, clip.name, dataset.missing[clip.clip])
        for clip in dataset.manifest.clips
        if clip.clip in dataset.missing
    )
    return [
        {"video": video, "name": name, "clips": clips, "sentence": sentence}
        for (video, name, sentence), clips in sorted(
            counts.items(), key=lambda item: (-item[1], item[0][1:], item[0])
        )
    ]


def unlearned(dataset: Dataset) -> list[str]:
    """The classes without a clip to learn from, which are never suggested."""
    learned = {sample.label for sample in dataset.train}
    return [each.id for place, each in enumerate(dataset.manifest.classes) if place not in learned]


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
    features = ClipFeatures.load(_there(path, name))
    if not len(features):
        raise BadFile(f"The features of {name} hold no frame.")
    for part in ("appearance_ND", "motion_N"):
        if not np.isfinite(getattr(features, part)).all():
            raise BadFile(f"The features of {name} hold numbers that are none.")
    return features


def pack_of(path: Path, name: str) -> ClipPack:
    """Read the packed clip called `name`. Raises Vanished, or BadFile for what cannot be used."""
    return ClipPack.load(_there(path, name))


def poses_of(path: Path, name: str) -> Poses:
    """Read the poses of the clip called `name`. Raises Vanished, or BadFile for what cannot be used."""
    return Poses.load(_there(path, name))


def bundle_of(path: Path, name: str) -> ClipBundle:
    """Read what the parts of a recipe keep of the clip called `name`. Raises Vanished or BadFile."""
    return ClipBundle.load(_there(path, name))


def _there(path: Path, name: str) -> Path:
    if not path.is_file():
        raise Vanished(f"The features of {name} are not where they should be.")
    return path


@dataclass(frozen=True)
class _Part:
    """Some encoded clips in one mapped file: of each x_ND, appearance_ND, fisher_NF, one after the other."""

    numbers: npt.NDArray[np.float32]
    ordinals: Sequence[npt.NDArray[np.int32]]
    motion: Sequence[npt.NDArray[np.float32]]
    starts: Sequence[int]
    widths: Sequence[int]

    def __getitem__(self, at: int) -> EncodedClip:
        ordinals_N, start, blocks = self.ordinals[at], self.starts[at], []
        for width in self.widths:
            stop = start + len(ordinals_N) * width
            blocks.append(self.numbers[start:stop].reshape(len(ordinals_N), width))
            start = stop
        x_ND, appearance_ND, fisher_NF = blocks
        return EncodedClip(ordinals_N, x_ND, appearance_ND, fisher_NF, self.motion[at])


class EncodedClips(Sequence[EncodedClip]):
    """Encoded clips in files that are mapped, not read: the system keeps in memory what is used."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._places = [(part, at) for part in parts for at in range(len(part.ordinals))]

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> EncodedClip: ...
    @overload
    def __getitem__(self, at: slice) -> list[EncodedClip]: ...
    def __getitem__(self, at: int | slice) -> EncodedClip | list[EncodedClip]:
        if isinstance(at, slice):
            return [part[place] for part, place in self._places[at]]
        part, place = self._places[at]
        return part[place]


def encoded(
    encoder: Encoder, samples: Sequence[Sample], folder: Path, tell: Callable[[float], None]
) -> EncodedClips:
    """Encode the samples into files in `folder`, or take those that an earlier attempt completed."""
    parts = []
    for number, start in enumerate(range(0, len(samples), CLIPS_A_FILE)):
        path, slot = folder / f"encoded-{number}.f32", Slot(folder, f"encoded-{number}")
        if not (saved := slot.load()):
            saved = _written(encoder, samples[start : start + CLIPS_A_FILE], path)
            slot.save(*saved)
        tensors, facts = saved
        counts = tensors["counts"].tolist()
        ordinals, motion = (
            [each.numpy() for each in torch.split(tensors[name], counts)] for name in ("ordinals", "motion")
        )
        sizes = [len(each) * sum(facts["widths"]) for each in ordinals]
        numbers = np.asarray(np.memmap(path, np.float32, "r"))
        parts.append(_Part(numbers, ordinals, motion, np.cumsum([0, *sizes]).tolist(), facts["widths"]))
        tell(min(1.0, (start + CLIPS_A_FILE) / len(samples)))
    return EncodedClips(parts)


def _written(
    encoder: Encoder, samples: Sequence[Sample], path: Path
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Encode into a file, which is whole on the disk when it has its name; what a slot must keep of it."""
    part = path.with_name(path.name + ".part")
    ordinals, motion, widths = [], [], set()
    with part.open("wb") as file:
        for sample in samples:
            clip = encoder.encode(features_of(sample.path, sample.clip.name))
            blocks = (clip.x_ND, clip.appearance_ND, clip.fisher_NF)
            widths.add(tuple(block.shape[1] for block in blocks))
            ordinals.append(torch.from_numpy(clip.ordinals_N.astype(np.int32)))
            motion.append(torch.from_numpy(clip.motion_N.astype(np.float32)))
            for block in blocks:
                file.write(np.ascontiguousarray(block, np.float32).tobytes())
        file.flush()
        os.fsync(file.fileno())
    settle(part, path)
    counts = torch.tensor([len(each) for each in ordinals])
    told = {"ordinals": torch.cat(ordinals), "motion": torch.cat(motion), "counts": counts}
    return told, {"widths": list(widths.pop())}


def looked_through(
    manifest: Manifest, features: Mapping[str, str], read: Callable[[Path, str], Read]
) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Read all features once: why some cannot be used, by clip, and the (recipe, weights) of the others.

    Raises Vanished for a file that is not there.
    """
    torn, made_by = {}, set()
    for clip in manifest.clips:
        if clip.clip in features:
            try:
                found = read(Path(features[clip.clip]), clip.name)
            except BadFile as error:
                torn[clip.clip] = error.sentence
            else:
                made_by.add((found.recipe, found.weights))
    return torn, made_by


def one_recipe(made_by: set[tuple[str, str]]) -> tuple[str, str]:
    """The recipe and the weights ("none": none) by which all features were made; there are some.

    Raises BadFile where they were made by several: vectors of two networks cannot be compared.
    """
    if len(made_by) > 1:
        raise BadFile(
            "The features of these clips were made in different ways. Make them again for this run."
        )
    (one,) = made_by
    return one


def fingerprint_of(manifest: Manifest, dataset: Dataset, facts: Mapping[str, Any]) -> str:
    """Names everything that decides what a run learns: checkpoints of another are not taken for its own."""
    files = {each.content: hashlib.sha256(each.path.read_bytes()).hexdigest() for each in dataset.samples}
    whole = {"manifest": manifest.sha256, "features": files, "torch": torch.__version__, **facts}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
