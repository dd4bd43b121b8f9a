"""Who is in a frame: proposals looked at, the good ones again from close by, each person once."""

from dataclasses import dataclass

import cv2
import numpy as np

from training.ml.pose.joints import Floats, Picture, plausible, score
from training.ml.pose.network import Looks, Square
from training.ml.pose.proposals import around, moving, renewed, sweep
from training.ml.pose.similarity import alike, distinct


@dataclass(frozen=True)
class Search:
    """How hard people are looked for."""

    sweep_every: int = 20
    """Frames read from one sweep to the next, which leaves out what shows no change since the last one."""
    empty_every: int = 5
    """The same while nobody is known, and then of the whole picture."""
    promising: float = 0.15
    """Score of a first look from which a second one from close by is worth it."""
    sure: float = 0.3
    """Least score of a pose that is kept."""
    agreeing: float = 0.3
    """Least likeness of what the second look shows to the first, or to the frame before."""
    people: int = 6
    """Most people of a frame."""


class Finder:
    """Finds the people of frames that come one after the other."""

    def __init__(self, network: Looks, search: Search | None = None) -> None:
        self._network = network
        self._search = search or Search()
        self._frames = 0
        self._grey: Picture | None = None
        self._known: list[Floats] = []
        self._swept: tuple[Picture, list[Floats]] | None = None
        """The picture of the last sweep, and who was found in it."""

    def __call__(self, picture_HW3: Picture) -> list[Floats]:
        """Poses (14, 3) of the people in a BGR picture, the surest first."""
        grey = np.asarray(cv2.cvtColor(picture_HW3, cv2.COLOR_BGR2GRAY), np.uint8)
        again = self._confirmed(picture_HW3, self._known)
        sweeps = self._frames % (self._search.sweep_every if again else self._search.empty_every) == 0
        places = self._swept_again(grey, again) if sweeps else self._moved(grey, again)
        first = self._network.look(picture_HW3, places)
        hopeful = distinct([each for each in first if score(each) >= self._search.promising])
        closer = self._confirmed(picture_HW3, hopeful[: 2 * self._search.people])
        found = distinct([*again, *closer])[: self._search.people]
        self._known, self._grey = found, grey
        if sweeps:
            self._swept = grey, found
        self._frames += 1
        return found

    def _confirmed(self, picture_HW3: Picture, poses: list[Floats]) -> list[Floats]:
        """The poses as a look from close by shows them, without those that it shows otherwise.

        What is taken for a person by mistake changes with the square that it is seen in.
        """
        closer_NJ3 = self._network.look(picture_HW3, [around(each) for each in poses])
        return [
            close
            for pose_J3, close in zip(poses, closer_NJ3, strict=True)
            if score(close) >= self._search.sure
            and plausible(close)
            and alike(pose_J3, close) >= self._search.agreeing
        ]

    def _swept_again(self, grey: Picture, known: list[Floats]) -> list[Square]:
        """Squares all over the picture; while somebody is known, those that changed since the last sweep."""
        squares = sweep(*grey.shape)
        if not known or self._swept is None or self._swept[0].shape != grey.shape:
            return squares
        before, found = self._swept
        return renewed(before, grey, squares, [*found, *known])

    def _moved(self, grey: Picture, known: list[Floats]) -> list[Square]:
        """Squares about what moves since the last frame and is not one of those who are known."""
        if self._grey is None or self._grey.shape != grey.shape:
            return []
        return moving(self._grey, grey, [*self._known, *known])
