"""TSN on VGG-16 in GluonCV's flavour, UCF101."""

from training.ml.augment.presets import TEN_CROPS, TSN
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, MultiStep
from training.ml.sampling import Segments

VGG16_UCF101 = FitRecipe(
    name="tsn_vgg16_ucf101",
    title="TSN, VGG-16, UCF101",
    source=(
        "The TSN+I3D learning report and GluonCV: consensus of the 4096 features before the head, 83.4 % on "
        "split 1 with 3 segments (81.5 % with 1). Tested as TSN's paper does, on 25 segments x 10 crops."
    ),
    network="tsn",
    options={"backbone": "vgg16", "segments": 3, "level": "feature", "dropout": 0.9, "partial_bn": False},
    data=Data(reader="ucf101", protocol="split1"),
    sees=Sight(
        sampler=Segments(segments=3), tested=Segments(segments=25), pipeline=TSN, test_pipeline=TEN_CROPS
    ),
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=1e-4),
    schedule=MultiStep(after=(40, 70, 90)),
    epochs=100,
    batch=5,
)
RECIPES = (VGG16_UCF101,)
