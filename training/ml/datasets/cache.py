"""What is made of recordings, kept by what they hold: frames to learn from, proxies, and features.

A file is named after the recording's bytes and the recipe, so copies share it, a changed recording or recipe
makes another, and nothing has to be thrown away to be right. Several processes may fill one folder.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from curation.media.decode import decode_pass, decoder_version
from curation.media.probe import probe
from curation.media.proxies import ProxySink
from curation.media.stills import StillReader
from curation.media.timebase import FrameIndex
from training.ml.datasets.base import Holds, Sample
from training.ml.datasets.content import content_of, key_of
from training.ml.datasets.frames import (
    FrameRecipe,
    Frames,
    HeldFrames,
    PassingFrames,
    ProxyFrames,
    Seconds,
    StoredFrames,
    edges_of,
    range_of,
    read_pictures,
    read_video,
)
from training.ml.errors import BadFile
from training.ml.features.eyes import Eye
from training.ml.features.keys import feature_key

PROXY_HEIGHT = 720
_ENDING = ".safetensors"


class FrameSource(Protocol):
    """Whoever brings a sample's recording as frames."""

    def frames_of(self, sample: Sample) -> Frames:
        """All frames of the recording that a sample lies in. Raises LearningError or MediaError."""


@dataclass(frozen=True)
class Decoded:
    """Decodes a recording each time it is asked for: right for clips that are looked at once."""

    recipe: FrameRecipe = field(default_factory=FrameRecipe)

    def frames_of(self, sample: Sample) -> Frames:
        """See FrameSource."""
        if sample.holds == Holds.PROXY:
            return ProxyFrames.open(sample.path, self.recipe)
        if sample.holds == Holds.VIDEO:
            return PassingFrames.open(sample.path, self.recipe)
        return _read(sample, self.recipe)


@dataclass(frozen=True)
class FrameCache:
    """Decodes each recording once and keeps its frames in a folder; proxies are read as they are."""

    folder: Path
    recipe: FrameRecipe = field(default_factory=FrameRecipe)

    def frames_of(self, sample: Sample) -> Frames:
        """See FrameSource."""
        if sample.holds == Holds.PROXY:
            return ProxyFrames.open(sample.path, self.recipe)
        key = key_of([content_of(sample.path), self.recipe.fingerprint])
        path = self.folder / "frames" / key[:2] / f"{key}{_ENDING}"
        made_once(path, lambda part: _read(sample, self.recipe).save(part))
        return StoredFrames.load(path)


@dataclass(frozen=True)
class FeatureCache:
    """Keeps what an eye reads of samples. Recordings that are no proxies get one first, kept as well."""

    folder: Path
    eye: Eye

    def file_of(self, sample: Sample) -> Path:
        """The file with what is read of a sample. Raises LearningError or MediaError with a sentence."""
        if sample.holds not in (Holds.VIDEO, Holds.PROXY):
            raise BadFile(f"{sample.name} is no video: features are read of videos.")
        footage = _own(sample.path) if sample.holds == Holds.PROXY else self._proxied(sample.path)
        frames = range_of(sample, footage)
        named = content_of(sample.path), footage.index_sha256, frames.start, frames.stop
        key = feature_key(*named, self.eye.fingerprint)
        path = self.folder / "features" / key[:2] / f"{key}{_ENDING}"
        clip = {"proxy": footage.path, "start": frames.start, "end": frames.stop, "fps": footage.fps}
        made_once(path, lambda part: self.eye.read(clip).save(part))
        return path

    def _proxied(self, source: Path) -> "_Footage":
        key = key_of([content_of(source), decoder_version(), PROXY_HEIGHT])
        proxy = self.folder / "proxies" / key[:2] / f"{key}.mp4"
        index = proxy.with_suffix(".json")

        def make(part: Path) -> None:
            result = decode_pass(source, [ProxySink(part, PROXY_HEIGHT)])
            # The index first: a proxy that has its name has an index too.
            made_once(index, lambda beside: _written(beside, json.dumps(result.index.to_json())))

        made_once(proxy, make)
        try:
            found = FrameIndex.from_json(json.loads(index.read_text()))
        except (OSError, ValueError, KeyError) as error:
            raise BadFile(f"{index} is damaged ({error}): delete it and {proxy.name}.") from error
        return _Footage(proxy, len(found), found.fps, found.hash, edges_of(found))


@dataclass(frozen=True)
class _Footage:
    path: Path
    count: int
    fps: float
    index_sha256: str
    """Empty for a proxy that came without the index of its source."""
    edges: Seconds | None

    def __len__(self) -> int:
        return self.count


def made_once(path: Path, make: Callable[[Path], None]) -> None:
    """See that a file is there, whole: where it is not, `make` writes it, under another name first."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{uuid4().hex}.part{path.suffix}")
    try:
        make(part)
        os.replace(part, path)  # noqa: PTH105 - Path.replace is the same call
    finally:
        part.unlink(missing_ok=True)


def _read(sample: Sample, recipe: FrameRecipe) -> HeldFrames:
    if sample.holds == Holds.VIDEO:
        return read_video(sample.path, recipe)
    if sample.holds == Holds.PICTURES:
        return read_pictures(sample.path, recipe)
    raise BadFile(f"{sample.name} holds no pictures, but joints: read it as a skeleton.")


def _own(proxy: Path) -> _Footage:
    with StillReader(proxy) as reader:
        return _Footage(proxy, len(reader), float(probe(proxy).fps), "", None)


def _written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
