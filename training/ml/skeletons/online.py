"""Actions found while they happen: a window slides over poses as they come, and is matched with anchors.

Sabater et al.: "One-shot action recognition in challenging therapy scenarios" (CVPR workshops 2021, arXiv
2102.08997), section 4.3.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from training.ml.skeletons.bodies import Array
from training.ml.skeletons.matching import Floats, Matcher, near_enough

Embed = Callable[[Array], Floats]
"""Makes an embedding (D,) of a clip x_CTVM."""


@dataclass(frozen=True)
class Found:
    """An action that a window shows."""

    frame: int
    """The number of the window's last frame, from 0."""
    label: str
    distance: float


@dataclass
class Online:
    """Keeps the last `window` poses, and looks at them whenever `stride` more have come.

    A window shows an action where its nearest class is nearer than it was before by `deviations` standard
    deviations, see `near_enough`; nothing is found while fewer than `window` poses are known.
    """

    matcher: Matcher
    embed: Embed
    window: int = 32
    stride: int = 4
    deviations: float = 1.0
    history: int = 200
    """How many windows the thresholds remember."""
    _poses: deque[Array] = field(init=False)
    _past: list[deque[float]] = field(init=False)
    _frames: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._poses = deque(maxlen=self.window)
        self._past = [deque(maxlen=self.history) for _ in self.matcher.classes]

    def push(self, pose_CVM: Array) -> Found | None:
        """Takes the next pose; says what action it completes, if any. Raises WrongMatching."""
        self._poses.append(pose_CVM)
        self._frames += 1
        if len(self._poses) < self.window or (self._frames - self.window) % self.stride:
            return None
        distances_C = self.matcher.distances(self.embed(np.stack(self._poses, 1))[None])[0]
        for past, distance in zip(self._past, distances_C, strict=True):
            past.append(float(distance))
        nearest = int(distances_C.argmin())
        if not near_enough(list(self._past[nearest]), deviations=self.deviations):
            return None
        return Found(self._frames - 1, self.matcher.classes[nearest], float(distances_C[nearest]))
