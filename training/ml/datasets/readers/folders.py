"""A folder a class, with or without `train`, `val` and `test` above: what anybody's own videos come as."""

from pathlib import Path

from training.ml.datasets.base import Dataset, Holds, Sample, natural
from training.ml.datasets.frames import PICTURES
from training.ml.datasets.readers.places import VIDEOS
from training.ml.datasets.readers.sides import by_split
from training.ml.datasets.text import folder_of
from training.ml.errors import BadFile
from training.ml.manifest import SIDES


def read(root: Path) -> Dataset:
    """Every video below a folder that bears its class's name, and every folder of pictures, a frame each.

    Hidden files and folders are passed over. With one of the folders `train`, `val` and `test`, other folders
    in `root` are refused. Raises BadFile for what lies in no class, or where there is nothing.
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
    found: dict[Path, Sample] = {}
    for path in sorted(folder.rglob("*"), key=lambda path: natural(path.as_posix())):
        inside = path.relative_to(folder)
        kind = path.suffix.lower()
        if kind not in VIDEOS | PICTURES or any(part.startswith(".") for part in inside.parts):
            continue
        clip = path if kind in VIDEOS else path.parent
        if clip.parent == folder or clip == folder:
            wants = "a class" if kind in VIDEOS else "a clip within one of its class"
            raise BadFile(f"{path} lies in no folder of {wants}: put it into one named after what it shows.")
        holds = Holds.VIDEO if kind in VIDEOS else Holds.PICTURES
        found.setdefault(clip, Sample(path=clip, label=inside.parts[0], holds=holds, split=split))
    return list(found.values())
