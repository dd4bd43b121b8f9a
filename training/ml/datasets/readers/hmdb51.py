"""HMDB51: 6,766 clips of 51 classes, three official splits of 70 clips to learn from and 30 to test a class.

Kuehne et al.: "HMDB: A Large Video Database for Human Motion Recognition" (ICCV 2011). A split is a file a
class, `brush_hair_test_split1.txt`, with lines `April_09_brush_hair_u_nm_np1_ba_goo_0.avi 1`: 1 is to learn
from, 2 to test, 0 neither. Names tell the film, and from where it was seen.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.ml.datasets.base import Check, Dataset, Protocol, Sample
from training.ml.datasets.readers.places import first_folder
from training.ml.datasets.text import folder_of, lines_of, refuse
from training.ml.errors import BadFile

LISTS = ("", "testTrainMulti_7030_splits", "test_train_splits", "annotations", "splits")
VIDEOS = ("hmdb51_org", "hmdb51", "videos")
SPLITS = (1, 2, 3)
PUBLISHED = {1: 3570, 2: 1530, 0: 1666}
"""Clips a split by the mark: to learn from, to test, neither."""
CLASSES = 51
VIEWS = {"ba": "back", "fr": "front", "le": "left", "ri": "right"}
_SPLIT = re.compile(r"(?P<label>.+)_test_split(?P<number>[123])\.txt")
_LISTED = re.compile(r"(?P<file>\S.*\.avi)\s+(?P<mark>[012])")
_ABOUT = r"_[a-z]+_[a-z]+_np\d_(?P<view>ba|fr|le|ri)_[a-z]+_\d+\.avi"


def read(root: Path) -> Dataset:
    """The clips of the splits whose lists are there. Raises BadFile, which names the list and the line.

    Lists lie in `root` or its `testTrainMulti_7030_splits`; clips in `hmdb51_org`, `videos` or `root`, a
    folder a class. Clips that no split takes on a side are samples too. A split that one class has is asked
    of all.
    """
    lists = _lists(folder_of(root))
    classes = sorted(lists)
    videos = first_folder(root, VIDEOS)
    places: dict[str, int] = {}
    samples: list[Sample] = []
    marks: dict[int, dict[int, int]] = {number: {} for number in sorted(lists[classes[0]])}
    for label in classes:
        for number, path in sorted(lists[label].items()):
            for file, mark in _marked(path).items():
                sample = _sample(videos / label / file, label)
                place = places.setdefault(f"{label}/{file}", len(samples))
                if place == len(samples):
                    samples.append(sample)
                marks[number][place] = mark
    return _dataset(classes, samples, marks)


def _lists(root: Path) -> dict[str, dict[int, Path]]:
    """The files of the splits by class and number. Raises BadFile where one of a class is missing."""
    for place in LISTS:
        found: dict[str, dict[int, Path]] = {}
        for path in sorted((root / place).glob("*_test_split*.txt")):
            if name := _SPLIT.fullmatch(path.name):
                found.setdefault(name["label"], {})[int(name["number"])] = path
        splits = {number for numbers in found.values() for number in numbers}
        for label, numbers in found.items():
            if lost := splits - set(numbers):
                raise BadFile(f"{root / place} lacks {label}_test_split{min(lost)}.txt: put it there.")
        if found:
            return found
    raise BadFile(f"No list named CLASS_test_split1.txt lies in {root} or its {', '.join(LISTS[1:])}.")


def _marked(path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for line, text in lines_of(path):
        parts = _LISTED.fullmatch(text)
        if parts is None:
            refuse(path, line, f'is "{text}" and no NAME.avi with 0, 1 or 2')
        if parts["file"] in found:
            refuse(path, line, f"lists {parts['file']} again")
        found[parts["file"]] = int(parts["mark"])
    return found


def _sample(path: Path, label: str) -> Sample:
    """Film and view where the name follows the data set's own rule, unknown where it does not."""
    about = re.fullmatch(f"(?P<film>.+?)_{re.escape(label)}{_ABOUT}", path.name)
    if about is None:
        return Sample(path=path, label=label)
    return Sample(path=path, label=label, group=about["film"], view=VIEWS[about["view"]])


def _dataset(classes: Sequence[str], samples: Sequence[Sample], marks: dict[int, dict[int, int]]) -> Dataset:
    protocols: dict[str, Protocol] = {}
    files = CLASSES * len(SPLITS)
    sentence = f"{len(classes) * len(marks)} files of splits, {files} published."
    checks = [Check(len(classes) * len(marks) == files, sentence)]
    for number, marked in marks.items():
        sides = {mark: tuple(sorted(p for p, its in marked.items() if its == mark)) for mark in PUBLISHED}
        counts = {mark: len(side) for mark, side in sides.items()}
        protocols[f"split{number}"] = Protocol(sides[1], (), sides[2])
        sentence = (
            f"split{number}: {counts[1]} to learn from, {counts[2]} to test and {counts[0]} unused, "
            f"{PUBLISHED[1]}, {PUBLISHED[2]} and {PUBLISHED[0]} published."
        )
        checks.append(Check(counts == PUBLISHED, sentence))
    found = Dataset(name="hmdb51", classes=tuple(classes), samples=tuple(samples), protocols=protocols)
    return replace(found, checks=tuple(checks), using=next(iter(protocols)))
