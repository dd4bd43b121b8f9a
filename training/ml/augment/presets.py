"""The pipelines of the sources, by name."""

from pathlib import Path

from training.ml.augment import files
from training.ml.augment.bodies import RandomMove
from training.ml.augment.crops import Crops
from training.ml.augment.holes import Cutout
from training.ml.augment.mixing import CutMix, Mixup
from training.ml.augment.moments import TemporalJitter
from training.ml.augment.moves import (
    Affine,
    Crop,
    Flip,
    MultiScaleCornerCrop,
    RandomResizedCrop,
    Resize,
    ResizeShort,
)
from training.ml.augment.pipeline import BadPipeline, Pipeline
from training.ml.augment.rand_augment import RandAugment
from training.ml.augment.tint import ColourJitter

TSN = Pipeline("tsn", (MultiScaleCornerCrop(224), Flip()))
"""Pictures of TSN (Wang et al., ECCV 2016)."""
TSN_FLOW = Pipeline("tsn_flow", (MultiScaleCornerCrop(224, (1.0, 0.875, 0.75)), Flip()))
"""Flow, and differences of pictures, of TSN: without the smallest scale."""
KINETICS = Pipeline("kinetics", (ResizeShort(256, 320), Crop(224), Flip()))
"""SlowFast, I3D-ResNet (Feichtenhofer et al., ICCV 2019) and X3D-M (Feichtenhofer, CVPR 2020)."""
X3D_XS = Pipeline("x3d_xs", (ResizeShort(182, 228), Crop(160), Flip()))
"""X3D-XS and X3D-S, whose crops are of 160 px."""
X3D_M = Pipeline("x3d_m", KINETICS.steps)
X3D_L = Pipeline("x3d_l", (ResizeShort(356, 446), Crop(312), Flip()))
RAND_AUGMENT = Pipeline(
    "rand_augment", (RandomResizedCrop(224), Flip(), RandAugment(2, 9.0)), (Mixup(0.8), CutMix(1.0))
)
"""RandAugment (Cubuk et al., 2020) with Mixup and CutMix by turns, as video transformers are trained."""
ALL = Pipeline(
    "all",
    (
        TemporalJitter(),
        ResizeShort(256, 320),
        Affine(shear=5.0),
        RandomResizedCrop(224, (0.3, 1.0)),
        Flip(),
        ColourJitter(hue=0.05),
        Cutout(0.3, chance=0.5),
    ),
    (Mixup(), CutMix(form="cuboid")),
)
"""Everything at once, to be looked at."""
SKELETON = Pipeline("skeleton", (TemporalJitter(), Flip(), RandomMove()))
"""ST-GCN's moves (Yan et al., AAAI 2018), with mirrors and other speeds."""
CENTRE = Pipeline("centre", (ResizeShort(256, 256), Crop(224, "centre")))
"""What is tested on."""
THREE_CROPS = Pipeline("three_crops", (ResizeShort(256, 256), Crops(256, 3)))
"""X3D's and SlowFast's test, which sees all of a frame, in larger squares than were learned from."""
TEN_CROPS = Pipeline("ten_crops", (ResizeShort(256, 256), Crops(224, 10)))
"""TSN's test, of each of its segments."""
SQUARE = Pipeline("square", (Resize(224),))

PRESETS = {
    each.name: each
    for each in (
        TSN,
        TSN_FLOW,
        KINETICS,
        X3D_XS,
        X3D_M,
        X3D_L,
        RAND_AUGMENT,
        ALL,
        SKELETON,
        CENTRE,
        THREE_CROPS,
        TEN_CROPS,
        SQUARE,
    )
}


def pipeline_named(name: str) -> Pipeline:
    """The preset of that name, or the pipeline of a file that ends in .toml or .json. Raises BadPipeline."""
    if name.endswith((".toml", ".json")):
        return files.read(Path(name))
    if name not in PRESETS:
        raise BadPipeline(
            f"There is no pipeline named {name}; there are: {', '.join(PRESETS)}, or a .toml or .json file."
        )
    return PRESETS[name]
