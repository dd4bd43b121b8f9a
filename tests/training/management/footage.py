"""Folders of small recordings in which something goes across or down, with a labels.csv."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from tests.curation.factories import Frame, write_video

WIDTH, HEIGHT, FRAMES = 160, 120, 10
ACTIONS = ("across", "down")


def filmed(path: Path, *, action: int, person: int) -> None:
    """A sharp, well lit recording; each person has a wall and a pace of their own."""
    rng = np.random.default_rng(person)
    texture = rng.integers(60, 200, (HEIGHT // 4, WIDTH // 4), dtype=np.uint8)
    wall = np.repeat(np.kron(texture, np.ones((4, 4), np.uint8))[:, :, None], 3, axis=2)
    write_video(path, [_frame(wall, action, person, n) for n in range(FRAMES)])


def _frame(wall: Frame, action: int, person: int, n: int) -> Frame:
    frame = wall.copy()
    at = 4 + (6 + person % 2) * n
    x, y = (at, 40 + 2 * person) if action == 0 else (60 + 3 * person, min(at, 88))
    frame[y : y + 28, x : x + 28] = (240, 230, 30)
    frame[y + 6 : y + 12, x + 6 : x + 22] = (20, 20, 120)
    return frame


def folder_of(
    place: Path,
    *,
    people: Iterable[int],
    label: Callable[[int, int], str] = lambda action, _: ACTIONS[action],
) -> Path:
    """A recording of each action by each person, and `label(action, person)` in the table."""
    place.mkdir(parents=True)
    lines = ["file,label,subject"]
    for person in people:
        for action in range(len(ACTIONS)):
            filmed(place / f"{person}-{action}.mp4", action=action, person=person)
            lines.append(f"{person}-{action}.mp4,{label(action, person)},S{person}")
    (place / "labels.csv").write_text("\n".join(lines))
    return place
