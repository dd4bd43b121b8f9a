"""ConvNet + LSTM: a network for pictures looks at each frame, an LSTM at what it saw; in one or two streams.

Donahue et al.: "Long-term Recurrent Convolutional Networks for Visual Recognition and Description" (CVPR
2015, arXiv 1411.4389), section 4; with backbones that learned elsewhere: TL-HAR (Abdulazeem et al., IEEE
Access 2021), whose modes `training.ml.transfer` has. The backbones are TSN's, and so are their names:
`base_model.*`, then `lstm.*`, then `fc.*`; of two streams `rgb.*` and `flow.*`.

What TL-HAR's abstract leaves open is settled here: an LSTM of 512, of whose last step the classes are said,
or of the mean of all steps with `readout="mean"` (LRCN averages over steps, after its classes); two streams
meet in what their LSTMs saw, side by side before one layer of classes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor, nn

from training.ml.checkpoints import Fit
from training.ml.layers import Layers, layers_of, together
from training.ml.models.contract import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    Network,
    Normalisation,
    Takes,
    WrongInput,
    WrongOption,
)
from training.ml.models.tsn.backbones import headless, learned_from_pictures, normalisation, widen
from training.ml.models.tsn.inputs import Modality

Readout = Literal["last", "mean"]
_RGB, _FLOW = 3, 2


class Sizes(NamedTuple):
    """Of a stream: its backbone and that one's options, the channels of a frame, and its LSTM."""

    backbone: str
    options: Mapping[str, Any]
    channels: int
    hidden: int
    layers: int
    readout: Readout


class Stream(nn.Module):
    """The backbone in `base_model` and the LSTM behind it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.backbone, self.channels, self.readout = sizes.backbone, sizes.channels, sizes.readout
        self.base_model, features = headless(sizes.backbone, 0.0, sizes.options)
        widen(self.base_model, sizes.channels)
        self.lstm = nn.LSTM(features, sizes.hidden, sizes.layers, batch_first=True)

    def seen(self, x_BCTHW: Tensor) -> Tensor:
        """What the LSTM saw, (B, hidden). Raises WrongInput for other channels or a clip without a frame."""
        batch, channels, time = x_BCTHW.shape[:3]
        if channels != self.channels or time == 0:
            raise WrongInput(
                f"This ConvNet + LSTM takes clips of {self.channels} channels and a frame or more, not of "
                f"{channels} channels and {time} frames; give pictures 3 and flow 2."
            )
        x_NCHW = x_BCTHW.transpose(1, 2).flatten(0, 1)
        features_BTD = torch.unflatten(self.base_model(x_NCHW), 0, (batch, time))
        seen_BTD: Tensor = self.lstm(features_BTD)[0]
        return seen_BTD[:, -1] if self.readout == "last" else seen_BTD.mean(1)

    @property
    def normalisation(self) -> Normalisation:
        """What its frames are brought to."""
        modality = Modality.RGB if self.channels == _RGB else Modality.FLOW
        return normalisation(self.backbone, modality, self.base_model)

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Fit:
        """Begin with the backbone's weights for pictures in RGB; raises DoesNotFit for others."""
        return learned_from_pictures(state, self.base_model).within("base_model")

    def stages(self) -> Layers:
        """The backbone's stages, then the LSTM."""
        backbone = layers_of(self.base_model).within("base_model")
        return Layers((*backbone.stages, ("lstm",)), ())


class CNNLSTM(Stream):
    """One stream, and its classes in `fc`; `create_cnn_lstm` says what the options are."""

    def __init__(self, sizes: Sizes, num_classes: int, dropout: float) -> None:
        super().__init__(sizes)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(sizes.hidden, num_classes)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of clips of normalised frames of any number. Raises as `seen`."""
        logits_BC: Tensor = self.fc(self.dropout(self.seen(x_BCTHW)))
        return logits_BC

    def layers(self) -> Layers:
        """The backbone's stages, then the LSTM."""
        return Layers(self.stages().stages, ("fc",))


class TwoStreamCNNLSTM(nn.Module):
    """A stream for pictures, one for their flow, and the classes of both in `fc`."""

    def __init__(self, rgb: Sizes, flow: Sizes, num_classes: int, dropout: float) -> None:
        super().__init__()
        self.rgb, self.flow = Stream(rgb), Stream(flow)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(rgb.hidden + flow.hidden, num_classes)

    def forward(self, streams: Sequence[Tensor]) -> Tensor:
        """Logits (B, classes) of [rgb_B3THW, flow_B2THW], whose T may differ. Raises WrongInput."""
        if len(streams) != 2:
            raise WrongInput(f"Two streams take two clips, [rgb, flow]; {len(streams)} were given.")
        rgb_B3THW, flow_B2THW = streams
        seen_BD = torch.cat((self.rgb.seen(rgb_B3THW), self.flow.seen(flow_B2THW)), 1)
        logits_BC: Tensor = self.fc(self.dropout(seen_BD))
        return logits_BC

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Fit:
        """Begin both streams with the weights of the backbone for pictures, as TSN begins flow."""
        rgb, flow = (self.rgb.learn_from_pictures(state), self.flow.learn_from_pictures(state))
        rgb, flow = rgb.within("rgb"), flow.within("flow")
        return Fit(
            state=rgb.state | flow.state, renamed=rgb.renamed, classes=rgb.classes, needless=rgb.needless
        )

    def layers(self) -> Layers:
        """Stages of both streams, side by side."""
        return Layers(together(self.rgb.stages().within("rgb"), self.flow.stages().within("flow")), ("fc",))


def create_cnn_lstm(
    *,
    num_classes: int = 101,
    backbone: str = "resnet50",
    in_channels: int = 3,
    hidden: int = 512,
    lstm_layers: int = 1,
    readout: Readout = "last",
    dropout: float = 0.5,
    backbone_options: Mapping[str, Any] | None = None,
) -> CNNLSTM:
    """One stream, of pictures or, with `in_channels=2`, of flow, with random numbers; seed torch before.

    `readout` is what is said of: the LSTM's "last" step or the "mean" of all. Raises WrongOption.
    """
    sizes = Sizes(backbone, backbone_options or {}, in_channels, hidden, lstm_layers, readout)
    return CNNLSTM(_checked(sizes, dropout), num_classes, dropout)


def create_two_stream_cnn_lstm(
    *,
    num_classes: int = 101,
    backbone: str = "resnet50",
    flow_backbone: str | None = None,
    hidden: int = 512,
    lstm_layers: int = 1,
    readout: Readout = "last",
    dropout: float = 0.5,
    backbone_options: Mapping[str, Any] | None = None,
) -> TwoStreamCNNLSTM:
    """Two streams, by default on the same backbone; `backbone_options` are those of `backbone`.

    Raises WrongOption, as `create_cnn_lstm`.
    """
    options = backbone_options or {}
    rgb = Sizes(backbone, options, _RGB, hidden, lstm_layers, readout)
    flow = rgb._replace(backbone=flow_backbone or backbone, channels=_FLOW)
    if flow.backbone != backbone:
        flow = flow._replace(options={})
    return TwoStreamCNNLSTM(_checked(rgb, dropout), flow, num_classes, dropout)


def _checked(sizes: Sizes, dropout: float) -> Sizes:
    numbers = (sizes.channels, sizes.hidden, sizes.layers)
    if min(numbers) < 1 or not 0 <= dropout < 1 or sizes.readout not in ("last", "mean"):
        raise WrongOption(
            f"ConvNet + LSTM cannot have {sizes.channels} channels, {sizes.layers} layers of {sizes.hidden}, "
            f"dropout {dropout} and the readout {sizes.readout}; the numbers are at least 1, dropout is 0 to "
            "less than 1, and the readout is last or mean."
        )
    return sizes


NETWORKS = (
    Network(
        name="cnn_lstm",
        title="ConvNet + LSTM on ResNet-50",
        build=create_cnn_lstm,
        takes=Takes.VIDEO,
        classes=101,
        parameters=28_806_821,
        source="Donahue et al., CVPR 2015; Abdulazeem et al., IEEE Access 2021; the backbone's weights",
        frames=16,
        stride=0,
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
    Network(
        name="two_stream_cnn_lstm",
        title="Two-stream ConvNet + LSTM on ResNet-50",
        build=create_two_stream_cnn_lstm,
        takes=Takes.STREAMS,
        classes=101,
        parameters=57_610_405,
        source="Abdulazeem et al., IEEE Access 2021; the backbone's weights in both streams",
        frames=16,
        stride=0,
        mean=IMAGENET_MEAN,
        deviation=IMAGENET_DEVIATION,
    ),
)
