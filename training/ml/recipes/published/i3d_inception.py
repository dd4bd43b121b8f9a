"""I3D on Inception, pictures and flow, UCF101; the two are fused by the sum of their logits."""

from dataclasses import replace

from training.ml.augment.clips import Kind
from training.ml.augment.presets import CENTRE, KINETICS
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, Plateau
from training.ml.sampling import Dense

_PICTURES = Sight(
    sampler=Dense(length=64), tested=Dense(length=64, views=4), pipeline=KINETICS, test_pipeline=CENTRE
)
RGB = FitRecipe(
    name="i3d_inception_rgb_ucf101",
    title="I3D, Inception, pictures, UCF101",
    source=(
        "Carreira, Zisserman (CVPR 2017): 64 frames in a row, momentum 0.9; the edge-devices paper reports "
        "78.21 % for pictures and 83.76 % with flow. Rate, its fall on a plateau, epochs and batch are "
        "choices: our sources tell none for UCF101."
    ),
    network="i3d_inception",
    data=Data(reader="ucf101", protocol="split1", val_share=0.1),
    sees=_PICTURES,
    optimizer=SGD(rate=0.01, momentum=0.9, weight_decay=1e-7),
    schedule=Plateau(patience=3),
    epochs=40,
    batch=16,
    accumulate=2,
)
FLOW = replace(
    RGB,
    name="i3d_inception_flow_ucf101",
    title="I3D, Inception, optical flow, UCF101",
    source="As the recipe of pictures. Flow is measured by DIS, cut at 20 px, and not by TV-L1.",
    options={"in_channels": 2},
    sees=replace(_PICTURES, kind=Kind.FLOW),
)
RECIPES = (RGB, FLOW)
