"""OpenPose's JSON, a file a frame, BODY_25 (format 1.3 of its documentation).

`people` is a list; each has `pose_keypoints_2d`, 75 numbers x, y, confidence in px of the frame; (0, 0, 0) is
a joint that was not seen. A frame without people is an empty list.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from training.ml.errors import BadFile
from training.ml.pose.joints import Floats

LAYOUT, JOINTS = "openpose25", 25
_NUMBERS = 3 * JOINTS


def read_frame(path: Path) -> Floats:
    """The people of one frame, (M, 25, 3), as the file has them; M may be 0.

    Raises BadFile, which names the file and the line or the field, for anything else than BODY_25.
    """
    people = _people(path)
    return np.array([_joints(path, n, person) for n, person in enumerate(people)], np.float32).reshape(
        -1, JOINTS, 3
    )


def read_folder(folder: Path) -> list[tuple[int, Floats]]:
    """Every frame's number and people of a folder of one video's files, by number.

    The number is the last one in the file's name (`Kick_10_000000000072_keypoints.json` is 72). Raises
    BadFile for a folder without such files, two files of one number, or what `read_frame` refuses.
    """
    numbered = sorted((_number(path), path) for path in folder.glob("*.json"))
    if not numbered:
        raise BadFile(f"The folder {folder.name} holds no JSON files of OpenPose.")
    _refuse_twice(numbered)
    return [(number, read_frame(path)) for number, path in numbered]


def _people(path: Path) -> list[Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise BadFile(f"{path.name} is no JSON: {error.msg} in line {error.lineno}.") from error
    except RecursionError as error:
        raise BadFile(f"{path.name} is nested too deeply to be read.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name} cannot be read: {error}.") from error
    people = document.get("people") if isinstance(document, dict) else None
    if not isinstance(people, list):
        raise BadFile(f"{path.name} has no list `people`: it is no file of OpenPose.")
    return people


def _joints(path: Path, n: int, person: Any) -> Floats:
    field = f"people[{n}].pose_keypoints_2d"
    numbers = person.get("pose_keypoints_2d") if isinstance(person, dict) else None
    if not isinstance(numbers, list):
        raise BadFile(f"{path.name} has no list {field}.")
    if len(numbers) != _NUMBERS:
        raise BadFile(
            f"{path.name} has {len(numbers)} numbers in {field}; BODY_25 has {_NUMBERS}: run OpenPose with "
            "--model_pose BODY_25."
        )
    for k, number in enumerate(numbers):
        if isinstance(number, bool) or not isinstance(number, int | float) or not np.isfinite(number):
            raise BadFile(f"{path.name} has {number!r} in {field}[{k}], where a number belongs.")
    joints_J3 = np.array(numbers, np.float32).reshape(JOINTS, 3)
    joints_J3[joints_J3[:, 2] <= 0] = 0
    return joints_J3


def _number(path: Path) -> int:
    found = re.findall(r"\d+", path.stem)
    if not found:
        raise BadFile(f"{path.name} has no number of a frame in its name.")
    return int(found[-1])


def _refuse_twice(numbered: Iterable[tuple[int, Path]]) -> None:
    seen: dict[int, Path] = {}
    for number, path in numbered:
        if number in seen:
            raise BadFile(f"{seen[number].name} and {path.name} are both of frame {number}.")
        seen[number] = path
