"""Eyes: how a recipe reads clips, with the weights that it needs for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.ml import weights
from training.ml.errors import LearningError, TooLittle
from training.ml.features.appearance import Looker
from training.ml.features.bundle import ClipBundle, Kept
from training.ml.features.clip import ClipFeatures
from training.ml.features.extract import Extractor
from training.ml.features.pack import ClipPack
from training.ml.features.packing import pack
from training.ml.features.posing import posed
from training.ml.pose.network import PoseNetwork
from training.ml.pose.poses import Poses
from training.ml.recipes.base import Recipe
from training.ml.recipes.fusion import FusionRecipe, together
from training.ml.recipes.motion import MotionRecipe
from training.ml.recipes.networks import NetworkRecipe, Reads

Read = ClipFeatures | ClipPack | Poses | ClipBundle


@dataclass(frozen=True)
class Eye:
    """Reads clips by a recipe; `extractor` for what moves, `poses` for people, where that is wanted."""

    recipe: Recipe
    extractor: Extractor | None = None
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
        if self.extractor is None:
            raise LearningError(f"Nothing here reads clips for the recipe {self.recipe.name}.")
        return self.extractor.read(proxy, start, end, fps, rejected)


@dataclass(frozen=True)
class Eyes:
    """Reads clips for a recipe of several parts, by an eye each."""

    recipe: FusionRecipe
    parts: tuple[Eye, ...]

    @property
    def weights_sha256(self) -> str:
        """Those of all parts."""
        return together([each.weights_sha256 for each in self.parts])

    @property
    def fingerprint(self) -> str:
        """Names what it reads."""
        return self.recipe.feature_fingerprint(self.weights_sha256)

    def read(self, clip: Mapping[str, Any]) -> Read:
        """What all parts keep of a clip. Where one finds too little, the others do.

        Raises what the parts raise, TooLittle only where all of them do.
        """
        kept: dict[str, Kept] = {}
        missing: dict[str, str] = {}
        for eye in self.parts:
            try:
                kept[eye.recipe.name] = eye.read(clip)
            except TooLittle as error:
                missing[eye.recipe.name] = error.sentence
        if not kept:
            raise TooLittle(" ".join(missing.values()))
        return ClipBundle.of(kept, missing, recipe=self.fingerprint, weights=self.weights_sha256)


def eye_of(recipe: Recipe, folder: str) -> Eye | Eyes:
    """The eye of a recipe with the weights of `folder` ("": none).

    Raises BadFile for damaged weights, and where poses are wanted for missing ones.
    """
    if isinstance(recipe, FusionRecipe):
        return Eyes(recipe, tuple(_eye_of(part, folder) for part in recipe.parts))
    return _eye_of(recipe, folder)


def _eye_of(recipe: Recipe, folder: str) -> Eye:
    if isinstance(recipe, NetworkRecipe) and recipe.clip.reads == Reads.POSES:
        poses = PoseNetwork(Path(folder) if folder else None)
        return Eye(recipe, poses=poses, weights_sha256=poses.sha256)
    if not isinstance(recipe, MotionRecipe):
        return Eye(recipe)
    net, found = weights.load(Path(folder) if folder else None)
    sha256 = found.sha256 if found else ""
    extractor = Extractor(recipe, Looker(net, recipe.features.side), sha256)
    return Eye(recipe, extractor=extractor, weights_sha256=sha256)
