"""UCF101: 13,320 videos of 101 classes in 25 groups a class, three official splits of whole groups.

Soomro, Zamir, Shah: "UCF101: A Dataset of 101 Human Actions Classes From Videos in The Wild" (2012, arXiv
1212.0402). `classInd.txt` has lines `1 ApplyEyeMakeup`, `trainlist01.txt` lines
`ApplyEyeMakeup/v_ApplyEyeMakeup_g08_c01.avi 1`, and `testlist01.txt` the same without a number.
"""

import re
from dataclasses import replace
from pathlib import Path

from training.ml.datasets.base import Check, Dataset, Protocol, Sample
from training.ml.datasets.protocols import apart
from training.ml.datasets.readers.places import first_folder, folder_with
from training.ml.datasets.text import lines_of, refuse
from training.ml.errors import BadFile

LISTS = ("", "ucfTrainTestlist", "annotations", "splits")
VIDEOS = ("UCF-101", "UCF101", "videos")
PUBLISHED = {1: (9537, 3783), 2: (9586, 3734), 3: (9624, 3696)}
"""Videos to learn from and to be tested on, by split."""
CLASSES = 101
_FILE = re.compile(r"(?P<folder>[^/\s]+)/v_(?P<label>\w+)_g(?P<group>\d+)_c\d+\.avi")
_LISTED = re.compile(r"(?P<file>\S+)(?:\s+(?P<number>\d+))?")


def read(root: Path) -> Dataset:
    """The videos that the splits list. Raises BadFile, which names the list and the line.

    Lists lie in `root` or its `ucfTrainTestlist`; videos in `UCF-101`, `videos` or `root`, a folder a class.
    A split of which neither list is there is left out, and said by a check.
    """
    lists = folder_with(root, LISTS, "classInd.txt")
    classes = _classes(lists / "classInd.txt")
    videos = first_folder(root, VIDEOS)
    places: dict[str, int] = {}
    samples: list[Sample] = []
    protocols: dict[str, Protocol] = {}
    for number in _splits(lists):
        sides: dict[str, tuple[int, ...]] = {}
        for side in ("train", "test"):
            listed = _listed(lists / f"{side}list{number:02}.txt", classes)
            for file, sample in listed.items():
                if places.setdefault(file, len(samples)) == len(samples):
                    samples.append(replace(sample, path=videos / file))
            sides[side] = tuple(sorted(places[file] for file in listed))
        protocols[f"split{number}"] = Protocol(sides["train"], (), sides["test"])
    found = Dataset(name="ucf101", classes=tuple(classes), samples=tuple(samples), protocols=protocols)
    return _checked(replace(found, using=next(iter(protocols))))


def _splits(lists: Path) -> list[int]:
    """The numbers of the splits of which a list is there. Raises BadFile where there is none."""
    there = [
        n for n in PUBLISHED if any((lists / f"{side}list{n:02}.txt").exists() for side in ("train", "test"))
    ]
    if not there:
        raise BadFile(
            f"No trainlist01.txt lies beside classInd.txt in {lists}: put the official lists there."
        )
    return there


def _classes(path: Path) -> dict[str, int]:
    """Every class with its number from 1, in their order."""
    classes: dict[str, int] = {}
    for line, text in lines_of(path):
        number, _, name = text.partition(" ")
        if not number.isdecimal() or int(number) != len(classes) + 1 or not name.strip():
            refuse(path, line, f'is "{text}" where class {len(classes) + 1} with its name belongs')
        if classes.setdefault(name.strip(), int(number)) != int(number):
            refuse(path, line, f"names the class {name.strip()} again")
    return classes


def _listed(path: Path, classes: dict[str, int]) -> dict[str, Sample]:
    """What a list names, by its path below the videos."""
    found: dict[str, Sample] = {}
    for line, text in lines_of(path):
        parts = _LISTED.fullmatch(text)
        name = _FILE.fullmatch(parts["file"]) if parts else None
        if parts is None or name is None:
            refuse(path, line, f'is "{text}" and no Class/v_Class_gGG_cCC.avi')
        label = name["folder"]
        if label not in classes:
            refuse(path, line, f"has a video of {label}, a class that classInd.txt does not list")
        if parts["number"] and int(parts["number"]) != classes[label]:
            refuse(path, line, f"says class {parts['number']}, but {label} is class {classes[label]}")
        if parts["file"] in found:
            refuse(path, line, f"lists {parts['file']} again")
        group = f"{label} g{name['group']}"
        found[parts["file"]] = Sample(path=Path(parts["file"]), label=label, group=group)
    return found


def _checked(dataset: Dataset) -> Dataset:
    checks = [Check(len(dataset.classes) == CLASSES, f"{len(dataset.classes)} classes, {CLASSES} published.")]
    for number, (train, test) in PUBLISHED.items():
        name = f"split{number}"
        if name not in dataset.protocols:
            checks.append(Check(False, f"{name}: its lists are not there."))
            continue
        sides = dataset.protocols[name]
        there = len(sides.train), len(sides.test)
        sentence = f"{name}: {there[0]} to learn from and {there[1]} to test, {train} and {test} published."
        checks += [Check(there == (train, test), sentence), apart(dataset, name, "group")]
    return replace(dataset, checks=tuple(checks))
