"""TSN on ResNet-50, HMDB51."""

from training.ml.augment.presets import TEN_CROPS, TSN
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, MultiStep
from training.ml.sampling import Segments

RESNET50_HMDB51 = FitRecipe(
    name="tsn_resnet50_hmdb51",
    title="TSN, ResNet-50, HMDB51",
    source=(
        "GluonCV reports 55.2 % on split 1 with 3 segments (52.2 % with 1). Its numbers for HMDB51 are not "
        "in our sources: these are those of the VGG-16 in the same report. Tested as "
        "TSN's paper does, on 25 segments x 10 crops."
    ),
    network="tsn",
    options={"backbone": "resnet50", "segments": 3, "dropout": 0.8, "partial_bn": True},
    data=Data(reader="hmdb51", protocol="split1"),
    sees=Sight(
        sampler=Segments(segments=3), tested=Segments(segments=25), pipeline=TSN, test_pipeline=TEN_CROPS
    ),
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=1e-4),
    schedule=MultiStep(after=(40, 70, 90)),
    epochs=100,
    batch=5,
)
RECIPES = (RESNET50_HMDB51,)
