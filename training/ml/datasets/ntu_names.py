"""What the names of NTU RGB+D's files say, who learns by which protocol, and which files are left out.

`S001C003P008R002A058` is setup 1, camera 3, person 8, repetition 2, action 58. Shahroudy et al. (CVPR 2016,
arXiv 1604.02808), section 3.2, and Liu et al. (TPAMI 2019, arXiv 1905.04757), section 3.3.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from training.ml.datasets.text import lines_of, refuse
from training.ml.errors import BadFile

Side = Literal["train", "test"]
NAME = re.compile(r"S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})")
SETUPS, CAMERAS, PERSONS, REPETITIONS, ACTIONS = 32, 3, 106, 2, 120
SETUPS_OF_60, ACTIONS_OF_60 = 17, 60
LEARNING_60 = frozenset({1, 2, 4, 5, 8, 9, *range(13, 20), 25, 27, 28, 31, 34, 35, 38})
"""The persons of the first 40 who are learnt from."""
LEARNING_120 = LEARNING_60 | {
    *(45, 46, 47, 49, 50, *range(52, 60), 70, 74, 78, *range(80, 87), 89, *range(91, 96)),
    *(97, 98, 100, 103),
}
NOVEL = tuple(range(1, ACTIONS + 1, 6))
"""Actions 1, 7, ... 115, which nobody learns in the one-shot protocol of NTU RGB+D 120: section 5.2."""


class Protocol(StrEnum):
    """Who learns and who is tested."""

    XSUB60 = "xsub60"
    XVIEW60 = "xview60"
    XSUB120 = "xsub120"
    XSET120 = "xset120"


@dataclass(frozen=True, order=True)
class Name:
    """The five numbers of a file's name, each from 1."""

    setup: int
    camera: int
    person: int
    repetition: int
    action: int

    @classmethod
    def of(cls, file: Path | str) -> "Name":
        """What a file's name says, whatever its ending. Raises BadFile for another name or other numbers."""
        stem = Path(file).name.partition(".")[0]
        found = NAME.fullmatch(stem)
        if found is None:
            raise BadFile(f"{stem} is no name of NTU RGB+D, which is like S001C003P008R002A058.")
        name = cls(*map(int, found.groups()))
        for part, most in _MOST.items():
            if not 1 <= getattr(name, part) <= most:
                raise BadFile(f"{stem} is of {part} {getattr(name, part)}; there are 1 to {most}.")
        return name

    def __str__(self) -> str:
        return f"S{self.setup:03}C{self.camera:03}P{self.person:03}R{self.repetition:03}A{self.action:03}"

    @property
    def label(self) -> int:
        """The number of its class, from 0, as published weights number them."""
        return self.action - 1

    @property
    def of_60(self) -> bool:
        """Whether it is of the first part too, NTU RGB+D with its 60 actions."""
        return self.setup <= SETUPS_OF_60 and self.action <= ACTIONS_OF_60


_MOST = {
    "setup": SETUPS,
    "camera": CAMERAS,
    "person": PERSONS,
    "repetition": REPETITIONS,
    "action": ACTIONS,
}


def side(name: Name, protocol: Protocol | str) -> Side:
    """On which side a recording is. Raises BadFile for one that the protocol does not know."""
    asked = Protocol(protocol)
    if asked in (Protocol.XSUB60, Protocol.XVIEW60) and not name.of_60:
        raise BadFile(
            f"{name} is of NTU RGB+D 120, of which {asked} is no protocol: take xsub120 or xset120."
        )
    learns = {
        Protocol.XSUB60: name.person in LEARNING_60,
        Protocol.XVIEW60: name.camera in (2, 3),
        Protocol.XSUB120: name.person in LEARNING_120,
        Protocol.XSET120: name.setup % 2 == 0,
    }[asked]
    return "train" if learns else "test"


def anchor(action: int) -> Name:
    """The one recording by which the one-shot protocol shows a novel action.

    `NOVEL` are the actions. Raises BadFile for another.
    """
    if action not in NOVEL:
        raise BadFile(
            f"Action {action} is learnt, and none of the one-shot protocol: {NOVEL[0]}, {NOVEL[1]}, ..."
        )
    return Name(1 if action <= ACTIONS_OF_60 else 18, 3, 8, 1, action)


def anchors(names: Iterable[Name]) -> dict[int, Name]:
    """The recording that shows each novel action of which there is any, by the action.

    Where the official one is not there, as it is for three actions of some copies, another by the same person
    and then the first of all takes its place.
    """
    of_action: dict[int, list[Name]] = {}
    for name in sorted(names):
        if name.action in NOVEL:
            of_action.setdefault(name.action, []).append(name)
    chosen = {}
    for action, there in sorted(of_action.items()):
        official = anchor(action)
        by_person = [name for name in there if name.person == official.person]
        chosen[action] = official if official in there else (by_person or there)[0]
    return chosen


def missing_names(path: Path) -> frozenset[Name]:
    """The recordings that an official list says have no or damaged skeletons: one name a line.

    The publishers' files begin with two sentences and how many names follow, which is checked. Raises
    BadFile, which names the file and the line, for a line that is no name, or one that comes again.
    """
    found: dict[Name, int] = {}
    promised: int | None = None
    for number, text in lines_of(path):
        if not found and (heading := re.match(r"(\d+) of the captured samples", text)):
            promised = int(heading[1])
        if not found and " " in text:
            continue
        try:
            name = Name.of(text)
        except BadFile as error:
            raise BadFile(f"Line {number} of {path.name}: {error.sentence}") from error
        if name in found:
            refuse(path, number, f"has {name} again, which is in line {found[name]}")
        found[name] = number
    if promised is not None and promised != len(found):
        raise BadFile(
            f"{path.name} has {len(found)} names where it says {promised}: it is cut off or changed."
        )
    return frozenset(found)
