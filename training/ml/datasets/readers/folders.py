"""A folder a class, with or without `train`, `val` and `test` above: what anybody's own videos come as."""

from pathlib import Path

from training.ml.datasets.base import Dataset, Sample, natural
from training.ml.datasets.readers.places import VIDEOS
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile
from training.ml.manifest import SIDES


def read(root: Path) -> Dataset:
    """Every video below a folder that bears its class's name; hidden files and folders are passed over.

    With one of the folders `train`, `val` and `test`, all else in `root` is refused, and each side has the
    classes. Raises BadFile for a video in no class, or no video at all.
    """
    top = [path for path in sorted(folder_of(root).iterdir()) if not path.name.startswith(".")]
    parted = [path for path in top if path.name in SIDES and path.is_dir()]
    if parted and (beside := [path for path in top if path.is_dir() and path not in parted]):
        raise BadFile(f"{beside[0]} lies beside {parted[0].name}: is it a class or a side?")
    samples = [sample for side in parted or [root] for sample in _classes(side, side.name if parted else "")]
    if not samples:
        raise BadFile(f"No video lies in a folder of a class in {root}.")
    classes = sorted({sample.label for sample in samples}, key=natural)
    return by_split(Dataset(name="folders", classes=tuple(classes), samples=tuple(samples)))


def _classes(folder: Path, split: str) -> list[Sample]:
    found = []
    for path in sorted(folder.rglob("*"), key=lambda path: natural(path.as_posix())):
        inside = path.relative_to(folder)
        if path.suffix.lower() not in VIDEOS or any(part.startswith(".") for part in inside.parts):
            continue
        if len(inside.parts) < 2:
            raise BadFile(f"{path} lies in no folder of a class: put it into one named after what it shows.")
        found.append(Sample(path=path, label=inside.parts[0], split=split))
    return found
