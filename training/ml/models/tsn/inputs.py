"""What TSN sees of a segment: a picture, a stack of flow, or a stack of differences between pictures."""

from enum import StrEnum

from torch import Tensor

from training.ml.models.contract import WrongInput


class Modality(StrEnum):
    """What is in the channels of a clip: section 3.2 of the paper."""

    RGB = "rgb"
    RGB_DIFFERENCE = "rgb_difference"
    FLOW = "flow"
    WARPED_FLOW = "warped_flow"
    """Flow without that of the camera."""

    @property
    def is_flow(self) -> bool:
        """Whether a frame has the two channels of flow, not three of colour."""
        return self in (Modality.FLOW, Modality.WARPED_FLOW)

    @property
    def colours(self) -> int:
        """Channels of a frame as `forward` is given it."""
        return 2 if self.is_flow else 3

    @property
    def usual_length(self) -> int:
        """Stacked frames of a segment, L."""
        return 1 if self is Modality.RGB else 5

    def frames(self, length: int) -> int:
        """Frames to read for a segment; a difference lies between two."""
        return length + 1 if self is Modality.RGB_DIFFERENCE else length


def stacked(x_BCTHW: Tensor, modality: Modality, length: int) -> Tensor:
    """One picture a segment, (B K, L C, H, W), all channels of its first frame first; T is K segments.

    Raises WrongInput where C is not the modality's, or T no whole number of segments.
    """
    frames = modality.frames(length)
    channels, time = x_BCTHW.shape[1:3]
    if channels != modality.colours:
        raise WrongInput(
            f"A TSN of {modality} takes clips of {modality.colours} channels, not {channels}; give the "
            "modality that the clip has."
        )
    if time == 0 or time % frames:
        raise WrongInput(
            f"A TSN of {modality} takes {frames} frames a segment, and a clip of {time} is no whole "
            f"number of segments; read {frames} times as many frames as segments."
        )
    batch, size = x_BCTHW.shape[0], x_BCTHW.shape[3:]
    x_BCKLHW = x_BCTHW.reshape(batch, channels, time // frames, frames, *size)
    if modality is Modality.RGB_DIFFERENCE:
        x_BCKLHW = x_BCKLHW.diff(dim=3)
    return x_BCKLHW.permute(0, 2, 3, 1, 4, 5).reshape(-1, length * channels, *size)
