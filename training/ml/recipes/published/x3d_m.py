"""X3D-M on 6, 8 and 16 frames from Kinetics' weights, and from scratch on Kinetics."""

from dataclasses import replace

from training.ml.augment.presets import CENTRE, THREE_CROPS, X3D_M
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import ASGD, SGD, Cosine, Plateau, Step, Warmup
from training.ml.sampling import Dense, Dynamic


def _frames(frames: int) -> FitRecipe:
    return FitRecipe(
        name=f"x3d_m_{frames}",
        title=f"X3D-M, {frames} frames, a folder per class",
        source=(
            "The X3D+SlowFast notes: from Kinetics' weights (give them by --weights), ASGD 0.01, random "
            "frames, batch 8, at most 20 epochs, stopped after 5 without a better val. Their 'StepLR, factor "
            "0.1, patience 10' is two things: here every 10 epochs, in x3d_m_16_plateau on a plateau of 10."
        ),
        network="x3d_m",
        data=Data(reader="folders", val_share=0.2),
        sees=Sight(
            sampler=Dynamic(length=frames),
            tested=Dynamic(length=frames),
            pipeline=X3D_M,
            test_pipeline=CENTRE,
        ),
        optimizer=ASGD(rate=0.01),
        schedule=Step(every=10, by=0.1),
        epochs=20,
        batch=8,
        patience=5,
    )


SIX, EIGHT, SIXTEEN = _frames(6), _frames(8), _frames(16)
ON_PLATEAU = replace(
    SIXTEEN,
    name="x3d_m_16_plateau",
    title="X3D-M, 16 frames, rate by plateau",
    source=(
        f"{SIXTEEN.source} As it stops after 5 epochs without a better one, a plateau of 10 is reached only "
        "where top-1 stands still and the loss goes on falling: raise `patience` to see the rate fall."
    ),
    schedule=Plateau(of="val_top1", best="highest", by=0.1, patience=10),
)
FROM_SCRATCH = FitRecipe(
    name="x3d_m_kinetics",
    title="X3D-M, from scratch, Kinetics",
    source=(
        "Feichtenhofer (CVPR 2020), X3D_M.yaml of PySlowFast: 75.94 % in PyTorchVideo. Tested on 30 "
        "views, whose softmax is averaged: 10 moments by 3 crops of 256 px. Its cosine starts with the run, "
        "this one after the warm-up. Norms do not decay and the last ones start at 0."
    ),
    network="x3d_m",
    data=Data(reader="kinetics"),
    sees=Sight(
        sampler=Dense(length=16, stride=5),
        tested=Dense(length=16, stride=5, views=10),
        pipeline=X3D_M,
        test_pipeline=THREE_CROPS,
        short=320,
    ),
    optimizer=SGD(rate=0.1, momentum=0.9, nesterov=True, weight_decay=5e-5),
    rate_batch=128,
    schedule=Cosine(warmup=Warmup(epochs=35, start=0.1)),
    epochs=300,
    batch=128,
    scores="softmax",
)
RECIPES = (SIX, EIGHT, SIXTEEN, ON_PLATEAU, FROM_SCRATCH)
