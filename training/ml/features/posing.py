"""Reading the poses of a clip as a recipe wants them."""

from dataclasses import replace
from math import ceil
from pathlib import Path

from training.ml.errors import TooLittle
from training.ml.pose.network import PoseNetwork
from training.ml.pose.poses import Poses
from training.ml.pose.video import read_poses
from training.ml.recipes.networks import NetworkRecipe

NOBODY = (
    "Nobody is seen in this clip: the pose network finds people who take a third of the picture's height "
    "or more."
)


def posed(
    proxy: Path, start: int, end: int, fps: float, *, recipe: NetworkRecipe, network: PoseNetwork
) -> Poses:
    """Poses in frames `start` to `end` (exclusive) of a proxy, at most as many as the recipe has moments.

    What the gate rejected is read too: a body is followed through it. Raises TooLittle where nobody is seen,
    ProxyMismatch for a file that is no proxy, IndexError outside the video.
    """
    what = recipe.clip
    every = max(1, round(fps / what.rate), ceil((end - start) / what.moments))
    found = read_poses(proxy, start, end, network=network, every=every, people=what.people)
    if not len(found.people_M):
        raise TooLittle(NOBODY)
    return replace(found, recipe=recipe.feature_fingerprint(network.sha256))
