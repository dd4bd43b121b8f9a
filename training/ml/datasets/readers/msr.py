"""MSRAction3D and MSR DailyActivity3D: texts of 20 joints, by ten people each.

Li, Zhang, Liu: "Action Recognition Based on a Bag of 3D Points" (CVPR workshops 2010), and Wang, Liu, Wu,
Yuan: "Mining Actionlet Ensemble for Action Recognition with Depth Cameras" (CVPR 2012).

`a01_s01_e01_skeleton3D.txt` of the first has 20 rows `x y z confidence` a frame and nothing else.
`a01_s01_e01_skeleton.txt` of the second begins with the numbers of frames and joints; a frame is its number
of rows, then for each joint of each person a row in the world `x y z confidence` and one on the screen. A
frame without a person has 0 rows. Subjects of odd number are learned from, and the others tested.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.ml.datasets.base import Check, Dataset, Protocol
from training.ml.datasets.readers.named import Naming, named_samples, odd_learn, present, skeleton_by_number
from training.ml.datasets.text import lines_of, refuse
from training.ml.errors import BadFile
from training.ml.skeletons.bodies import Array

JOINTS = 20
ACTION = (
    *("high_arm_wave", "horizontal_arm_wave", "hammer", "hand_catch", "forward_punch", "high_throw"),
    *("draw_x", "draw_tick", "draw_circle", "hand_clap", "two_hand_wave", "side_boxing", "bend"),
    *("forward_kick", "side_kick", "jogging", "tennis_swing", "tennis_serve", "golf_swing"),
    "pickup_throw",
)
SUBSETS = {
    "as1": (2, 3, 5, 6, 10, 13, 18, 20),
    "as2": (1, 4, 7, 8, 9, 11, 12, 14),
    "as3": (6, 14, 15, 16, 17, 18, 19, 20),
}
"""The three sets of eight actions that the first paper compares within."""
DAILY = (
    *("drink", "eat", "read_book", "call_cellphone", "write_on_paper", "use_laptop", "use_vacuum_cleaner"),
    *("cheer_up", "sit_still", "toss_paper", "play_game", "lie_down_on_sofa", "walk", "play_guitar"),
    *("stand_up", "sit_down"),
)
_NAME = r"a(?P<action>\d\d)_s(?P<subject>\d\d)_e(?P<take>\d\d)_"
ACTION_NAMING = Naming(
    "*_skeleton3D.txt", re.compile(_NAME + r"skeleton3D\.txt"), "aNN_sNN_eNN_skeleton3D.txt"
)
DAILY_NAMING = Naming("*_skeleton.txt", re.compile(_NAME + r"skeleton\.txt"), "aNN_sNN_eNN_skeleton.txt")
PUBLISHED = {"msr_action3d": 567, "msr_daily": 320}
"""Recordings; many papers leave out ten of the 567, whose skeletons are poor."""


def read_action(root: Path) -> Dataset:
    """The recordings of MSRAction3D below `root`. Raises BadFile, which names the file."""
    found = _read("msr_action3d", root, ACTION_NAMING, ACTION)
    whole = found.protocols["cross-subject"]
    for name, numbers in SUBSETS.items():
        labels = {ACTION[number - 1] for number in numbers}
        sides = [
            tuple(n for n in side if found.samples[n].label in labels) for side in (whole.train, whole.test)
        ]
        found = _also(found, name, Protocol(sides[0], (), sides[1]))
    return found


def read_daily(root: Path) -> Dataset:
    """The recordings of MSR DailyActivity3D below `root`. Raises BadFile, which names the file."""
    return _read("msr_daily", root, DAILY_NAMING, DAILY)


def read_action_joints(path: Path) -> Array:
    """One recording of MSRAction3D, x_CTVM. Raises BadFile, which names the file and the line."""
    rows = lines_of(path)
    numbers_N4 = np.array([_numbers(path, line, text) for line, text in rows], np.float32)
    if len(rows) % JOINTS:
        refuse(path, rows[-1][0], f"ends a frame after {len(rows) % JOINTS} of {JOINTS} joints")
    joints_TV3 = numbers_N4[:, :3].reshape(-1, JOINTS, 3)
    return np.ascontiguousarray(joints_TV3.transpose(2, 0, 1)[..., None])


def read_daily_joints(path: Path) -> Array:
    """The world coordinates of one recording of MSR DailyActivity3D, x_CTVM; zeros where nobody is.

    Raises BadFile, which names the file and the line.
    """
    rows = iter(lines_of(path))
    line, head = next(rows)
    if not re.fullmatch(rf"\d+\s+{JOINTS}", head):
        refuse(path, line, f'is "{head}", where the number of frames and {JOINTS} joints belong')
    people_T: list[list[list[tuple[float, ...]]]] = []
    for _ in range(int(head.split()[0])):
        line, count = next(rows, (line + 1, ""))
        if not count.isdecimal() or int(count) % (2 * JOINTS):
            refuse(path, line, f'is "{count}", where a number of rows, a multiple of {2 * JOINTS}, belongs')
        numbers = []
        for _ in range(int(count)):
            line, text = next(rows, (line + 1, ""))
            numbers.append(_numbers(path, line, text))
        world = [row[:3] for row in numbers[::2]]
        people_T.append([world[at : at + JOINTS] for at in range(0, len(world), JOINTS)])
    if (more := next(rows, None)) is not None:
        refuse(path, more[0], f"goes on after the {len(people_T)} frames that the first line promises")
    return _table(path, people_T)


def _table(path: Path, people_T: Sequence[Sequence[Sequence[tuple[float, ...]]]]) -> Array:
    if not people_T:
        raise BadFile(f"{path.name} has no frame.")
    x_CTVM = np.zeros((3, len(people_T), JOINTS, max(1, *map(len, people_T))), np.float32)
    for t, people in enumerate(people_T):
        for m, joints_V3 in enumerate(people):
            x_CTVM[:, t, :, m] = np.array(joints_V3, np.float32).T
    return x_CTVM


def _numbers(path: Path, line: int, text: str) -> tuple[float, ...]:
    try:
        row = tuple(map(float, text.split()))
    except ValueError:
        row = ()
    if len(row) != 4 or not np.isfinite(row).all():
        refuse(path, line, f'is "{text[:40]}", where four numbers x, y, z and confidence belong')
    return row


def _read(name: str, root: Path, naming: Naming, classes: Sequence[str]) -> Dataset:
    samples = named_samples(root, naming, skeleton_by_number(classes))
    train, test = odd_learn(samples)
    published = PUBLISHED[name]
    return Dataset(
        name=name,
        classes=present(classes, samples),
        samples=samples,
        protocols={"cross-subject": Protocol(train, (), test)},
        checks=(Check(len(samples) == published, f"{len(samples)} recordings, {published} published."),),
        using="cross-subject",
    )


def _also(dataset: Dataset, name: str, protocol: Protocol) -> Dataset:
    return replace(dataset, protocols={**dataset.protocols, name: protocol})
