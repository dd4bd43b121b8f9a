"""Two streams, pictures and flow, that learn together: ConvNet + LSTM of TL-HAR, UCF101."""

from training.ml.augment.clips import Kind
from training.ml.augment.presets import CENTRE, KINETICS
from training.ml.fit.recipe import Data, FitRecipe, Sight
from training.ml.optim import SGD, Plateau
from training.ml.sampling import Uniform

UCF101 = FitRecipe(
    name="two_stream_cnn_lstm_ucf101",
    title="ConvNet + LSTM, two streams, UCF101",
    source=(
        "TL-HAR (Abdulazeem et al., IEEE Access 2021): backbones that learned from pictures (give those of "
        "ResNet-50 by --weights; both streams begin with them), two streams as one network. Its abstract "
        "tells no numbers: frames, rate, epochs and batch are choices, and flow is measured by DIS."
    ),
    network="two_stream_cnn_lstm",
    data=Data(reader="ucf101", protocol="split1", val_share=0.1),
    sees=Sight(
        kind=Kind.STREAMS,
        sampler=Uniform(length=16),
        tested=Uniform(length=16),
        pipeline=KINETICS,
        test_pipeline=CENTRE,
    ),
    optimizer=SGD(rate=1e-3, momentum=0.9, weight_decay=5e-4),
    schedule=Plateau(patience=3),
    clip_norm=20.0,
    epochs=40,
    batch=16,
    accumulate=4,
)
RECIPES = (UCF101,)
