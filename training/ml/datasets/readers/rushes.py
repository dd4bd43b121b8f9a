"""A frozen data set of Rushes itself: its manifest, and the proxies that lie where its storage keeps them."""

from pathlib import Path

from training.ml.datasets.base import Check, Dataset, Holds, Sample
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile
from training.ml.manifest import Manifest
from training.ml.manifest import read as read_manifest

MANIFEST = "manifest.jsonl"


def read(root: Path) -> Dataset:
    """The clips of the manifest at `root`, or of the `manifest.jsonl` in it.

    Proxies are looked for by their storage keys below the manifest's folder. Raises BadManifest, which names
    the line.
    """
    path = root if root.is_file() else folder_of(root) / MANIFEST
    if not path.is_file():
        raise BadFile(f"There is no {MANIFEST} in {root}: name the file itself.")
    return dataset_of(read_manifest(path), path.parent)


def dataset_of(manifest: Manifest, storage: Path) -> Dataset:
    """The data set of a manifest whose proxies lie below `storage`."""
    names = {each.id: each.name for each in manifest.classes}
    samples = tuple(
        Sample(
            path=storage / clip.proxy.key,
            label=names[clip.label],
            holds=Holds.PROXY,
            start=clip.start,
            end=clip.end,
            subject=clip.subject,
            camera=clip.camera,
            group=clip.group,
            split=clip.split,
        )
        for clip in manifest.clips
    )
    told = (*manifest.split.leakage, manifest.split.note)
    checks = tuple(Check(False, sentence) for sentence in told if sentence)
    return by_split(Dataset(name="rushes", classes=tuple(names.values()), samples=samples, checks=checks))
