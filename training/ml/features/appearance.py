"""How single frames look: pooled features and likely ImageNet classes from a frozen MobileNetV2."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from av.video.frame import VideoFrame

from curation.media.frames import Resizer
from training.ml.features.clip import CONCEPTS
from training.ml.models.mobilenet_v2 import MobileNetV2, folded

Picture = npt.NDArray[np.uint8]
_BATCH = 8


class Looker:
    """Squeezes frames into the network's square (nothing is cut off) and looks at them in batches."""

    def __init__(self, net: MobileNetV2, side: int) -> None:
        self._net = folded(net).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._resize = Resizer(side, side, "rgb24", interpolation="AREA")

    def picture(self, frame: VideoFrame) -> Picture:
        """A frame as the network will see it: (side, side, 3) RGB."""
        return np.asarray(self._resize(frame).to_ndarray(), np.uint8)

    def look(
        self, pictures: Sequence[Picture]
    ) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int16], npt.NDArray[np.float16]]:
        """Pooled features (N, 1280), the ten likeliest classes (N, 10) and their probabilities, falling."""
        features, classes, chances = [], [], []
        with torch.inference_mode():
            for at in range(0, len(pictures), _BATCH):
                batch_BHW3 = torch.from_numpy(np.stack(pictures[at : at + _BATCH]))
                pooled_BD = self._net.pooled(self._net.normalised(batch_BHW3))
                top = torch.softmax(self._net.classifier(pooled_BD), dim=1).topk(CONCEPTS, dim=1)
                features.append(pooled_BD.numpy().astype(np.float16))
                classes.append(top.indices.numpy().astype(np.int16))
                chances.append(top.values.numpy().astype(np.float16))
        return np.concatenate(features), np.concatenate(classes), np.concatenate(chances)
