"""I3D on ResNet-50, UCF101."""

from training.ml.augment.presets import CENTRE, KINETICS
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, MultiStep
from training.ml.sampling import Dense

UCF101 = FitRecipe(
    name="i3d_r50_ucf101",
    title="I3D, ResNet-50, UCF101",
    source=(
        "The TSN+I3D learning report: 32 frames, every second one; GluonCV reports 83.9 % from ImageNet and "
        "95.4 % from Kinetics (--weights takes either). The network here is PyTorchVideo's. Rate, steps and "
        "epochs are GluonCV's for TSN in the same report."
    ),
    network="i3d_r50",
    data=Data(reader="ucf101", protocol="split1"),
    sees=Sight(
        sampler=Dense(length=32, stride=2),
        tested=Dense(length=32, stride=2, views=10),
        pipeline=KINETICS,
        test_pipeline=CENTRE,
    ),
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=1e-4),
    schedule=MultiStep(after=(40, 70, 90)),
    epochs=100,
    batch=8,
)
RECIPES = (UCF101,)
