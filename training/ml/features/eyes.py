"""Eyes: how a recipe reads clips, with the weights that it needs for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.ml import weights
from training.ml.errors import LearningError
from training.ml.features.clip import ClipFeatures
from training.ml.features.extract import extract
from training.ml.features.pack import ClipPack
from training.ml.features.packing import pack
from training.ml.features.posing import posed
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.pose.network import PoseNetwork
from training.ml.pose.poses import Poses
from training.ml.recipes.base import Recipe
from training.ml.recipes.motion import MotionRecipe
from training.ml.recipes.networks import NetworkRecipe, Reads

Read = ClipFeatures | ClipPack | Poses


@dataclass(frozen=True)
class Eye:
    """Reads clips by a recipe; `net` looks at single frames, `poses` for people, where that is wanted."""

    recipe: Recipe
    net: MobileNetV2 | None = None
    poses: PoseNetwork | None = None
    weights_sha256: str = ""

    @property
    def fingerprint(self) -> str:
        """Names what it reads."""
        return self.recipe.feature_fingerprint(self.weights_sha256)

    def read(self, clip: Mapping[str, Any]) -> Read:
        """What is kept of `{"proxy", "start", "end", "fps", "rejected"?}`.

        Raises ProxyMismatch for a file that is no proxy, IndexError outside the video, TooLittle where poses
        are wanted and nobody is seen.
        """
        proxy, start, end, fps = Path(clip["proxy"]), clip["start"], clip["end"], clip["fps"]
        rejected = clip.get("rejected", ())
        if isinstance(self.recipe, NetworkRecipe) and self.poses is not None:
            return posed(proxy, start, end, fps, recipe=self.recipe, network=self.poses)
        if isinstance(self.recipe, NetworkRecipe):
            return pack(proxy, start, end, fps, recipe=self.recipe, rejected=rejected)
        if not isinstance(self.recipe, MotionRecipe) or self.net is None:
            raise LearningError(f"Nothing here reads clips for the recipe {self.recipe.name}.")
        return extract(
            proxy,
            start,
            end,
            fps,
            recipe=self.recipe,
            net=self.net,
            weights_sha256=self.weights_sha256,
            rejected=rejected,
        )


def eye_of(recipe: Recipe, folder: str) -> Eye:
    """The eye of a recipe with the weights of `folder` ("": none).

    Raises BadFile for damaged weights, and where poses are wanted for missing ones.
    """
    if isinstance(recipe, NetworkRecipe) and recipe.clip.reads == Reads.POSES:
        poses = PoseNetwork(Path(folder) if folder else None)
        return Eye(recipe, poses=poses, weights_sha256=poses.sha256)
    if not isinstance(recipe, MotionRecipe):
        return Eye(recipe)
    net, found = weights.load(Path(folder) if folder else None)
    return Eye(recipe, net=net, weights_sha256=found.sha256 if found else "")
