"""Recipes that train a network end to end, from pictures, flow or poses of clips.

What is read of a clip is small: so many moments spread over it, cut to where something moves. Each network's
numbers follow its paper where a site's few hundred clips and two cores allow; what differs is said beside it.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self

from training.ml.recipes.base import Recipe, sha256_of

PACK_FORMAT = 1
"""Counts the changes of the code that packs clips."""
POSE_FORMAT = 2
"""The same of the code that reads poses."""


class Reads(StrEnum):
    """What a network is shown of a clip."""

    PICTURES = "pictures"
    FLOW = "flow"
    POSES = "poses"


@dataclass(frozen=True)
class ClipRecipe:
    """What is packed of a clip: moments spread over it, and of each some frames in a row."""

    reads: Reads = Reads.PICTURES
    moments: int = 32
    """At most so many."""
    frames: int = 1
    """Pictures, or fields of flow, a moment."""
    rate: float = 15.0
    """Pictures a second within a moment, or poses a second, at most about this many."""
    people: int = 2
    """Persons whose poses are kept, the surest ones."""
    side: int = 128
    """Side in px of the square that each is squeezed into."""
    margin: float = 0.25
    """How much wider than what moves the part is that is cut out, as a share."""
    least: float = 0.4
    """Its least side as a share of the picture's height."""


@dataclass(frozen=True, kw_only=True)
class NetworkRecipe(Recipe):
    """A network by its name in `training.ml.models`, and how it learns."""

    network: str
    options: dict[str, Any] = field(default_factory=dict)
    """What `create_model` is given besides the number of classes."""
    clip: ClipRecipe = field(default_factory=ClipRecipe)
    moments: int
    """Moments that the network sees at once, one from each of so many equal parts of a clip."""
    side: int
    """Side in px of the crop that it sees."""
    pathway: int = 0
    """Of networks with two pathways: the slow one sees every n-th picture; 0 for one pathway."""
    pretrained: bool = False
    """Whether its first layers begin with the installation's ImageNet weights, where those are."""
    epochs: int
    batch: int = 8
    optimizer: Literal["sgd", "adam", "adamw", "asgd"] = "adamw"
    schedule: Literal["constant", "cosine"] = "cosine"
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warmup: float = 0.1
    """Share of all steps in which the rate rises from nearly 0."""
    smoothing: float = 0.1
    """Label smoothing."""
    clip_norm: float = 20.0
    """Longest gradient of all parameters together."""
    least_area: float = 0.5
    """Smallest share of the picture that a training view shows."""
    flip: float = 0.5
    """How often a training view is mirrored."""
    jitter: float = 0.2
    """How much brightness and contrast of pictures change at most, as a share."""
    refit: bool = True
    """Whether it learns once more from train and val together."""
    link_epochs: int = 0
    """Epochs in which AS-GCN first learns, without labels, which joints move together."""

    def feature_fingerprint(self, weights_sha256: str = "") -> str:
        """Names what is kept of a clip; pixels need no weights, poses those of the pose network."""
        weights = (weights_sha256 or "none") if self.clip.reads == Reads.POSES else "none"
        facts = {"format": self.format, "kind": "pack", "weights": weights}
        return sha256_of(facts | dataclasses.asdict(self.clip))

    @classmethod
    def of(cls, numbers: Mapping[str, Any]) -> Self:
        """The recipe that `dataclasses.asdict` made these of. Raises TypeError, KeyError or ValueError."""
        clip = {**numbers["clip"], "reads": Reads(numbers["clip"]["reads"])}
        return cls(**{**numbers, "clip": ClipRecipe(**clip)})

    @property
    def format(self) -> int:
        """Of the packs, or poses."""
        return POSE_FORMAT if self.clip.reads == Reads.POSES else PACK_FORMAT


TSN_RGB = NetworkRecipe(
    name="tsn_rgb",
    title="TSN on MobileNetV2, pictures",
    why="Eight pictures spread over a clip: good where a single look gives the action away.",
    network="tsn",
    options={"backbone": "mobilenet_v2", "segments": 8, "dropout": 0.5},
    clip=ClipRecipe(side=160),
    moments=8,
    side=144,
    pretrained=True,
    epochs=25,
    learning_rate=3e-4,
)
TSN_FLOW = NetworkRecipe(
    name="tsn_flow",
    title="TSN on MobileNetV2, optical flow",
    why="Short stretches of movement spread over a clip, and nothing of how it looks.",
    network="tsn",
    options={"backbone": "mobilenet_v2", "segments": 8, "modality": "flow", "length": 5, "dropout": 0.5},
    clip=ClipRecipe(reads=Reads.FLOW, moments=16, frames=5, side=128),
    moments=8,
    side=112,
    pretrained=True,
    epochs=40,
    learning_rate=5e-4,
)
X3D = NetworkRecipe(
    name="x3d_xs",
    title="X3D-XS, from scratch",
    why="A small network that sees space and time at once: good where many clips are labelled.",
    network="x3d_xs",
    moments=8,
    side=112,
    epochs=40,
)

SLOWFAST = NetworkRecipe(
    name="slowfast_4x16_r50",
    title="SlowFast 4x16 on ResNet-50, from scratch",
    why="A slow look at what is there and a quick one at how it moves. Large: for many clips, and patience.",
    network="slowfast_4x16_r50",
    clip=ClipRecipe(side=112),
    moments=32,
    side=96,
    pathway=8,
    epochs=20,
    refit=False,
)
I3D = NetworkRecipe(
    name="i3d_inception",
    title="I3D on Inception, from scratch",
    why="Pictures widened to clips: the network that others are compared with. Large, and slow to learn.",
    network="i3d_inception",
    clip=ClipRecipe(moments=16, side=128),
    moments=16,
    side=112,
    epochs=20,
    refit=False,
)
AS_GCN = NetworkRecipe(
    name="as_gcn",
    title="AS-GCN on poses",
    why="Sees how bodies move and nothing else. People must take a third of the picture's height or more.",
    network="as_gcn",
    options={"graph": "cpm14"},
    clip=ClipRecipe(reads=Reads.POSES, moments=48, rate=10.0),
    moments=48,
    side=0,
    epochs=20,
    link_epochs=5,
    refit=False,
)

LIMBS = NetworkRecipe(
    name="limbs",
    title="Limbs on poses, linear",
    why="How arms and head move, told by few numbers: learns from few clips. People must take a third of the "
    "picture's height or more.",
    network="limb_statistics",
    options={"graph": "cpm14"},
    clip=AS_GCN.clip,
    moments=48,
    side=0,
    epochs=40,
    batch=16,
    weight_decay=1.0,
)
"""On eight small actions of one person, 216 clips, three folds by subject: 0.44 (chance 0.13)."""

NETWORK_RECIPES: tuple[NetworkRecipe, ...] = (TSN_RGB, TSN_FLOW, X3D, SLOWFAST, I3D, LIMBS, AS_GCN)
