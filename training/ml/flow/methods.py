"""The ways of measuring flow, by name."""

from collections.abc import Callable
from enum import StrEnum

from training.ml.flow.camera import without_camera
from training.ml.flow.dense import Dis, farneback
from training.ml.flow.lucas_kanade import lucas_kanade, lucas_kanade_grid
from training.ml.flow.pictures import Floats, Grey, NoFlow, alike

Between = Callable[[Grey, Grey], Floats]


class Method(StrEnum):
    """Every way; DIS is the quickest by far."""

    DIS = "dis"
    FARNEBACK = "farneback"
    LUCAS_KANADE = "lucas_kanade"
    LUCAS_KANADE_GRID = "lucas_kanade_grid"


_MAKERS: dict[Method, Callable[[], Between]] = {
    Method.DIS: Dis,
    Method.FARNEBACK: lambda: farneback,
    Method.LUCAS_KANADE: lambda: lucas_kanade,
    Method.LUCAS_KANADE_GRID: lambda: lucas_kanade_grid,
}


def flow(before: Grey, after: Grey, *, method: Method | str = Method.DIS, warp: bool = False) -> Floats:
    """Flow (H, W, 2) float32, x to the right and y down in px, from a grey picture (H, W) to the next.

    A pixel (x, y) of `before` is found at (x, y) + flow[y, x] in `after`. `warp` takes the camera's motion
    off. Raises NoFlow for pictures of different sizes, or a method that is not there.
    """
    return measure(method, warp=warp)(before, after)


def measure(method: Method | str, *, warp: bool = False) -> Between:
    """The function behind `flow`, which keeps its buffers from pair to pair. Raises NoFlow."""
    if method not in _MAKERS:
        raise NoFlow(f"There is no flow named {method}; there are: {', '.join(_MAKERS)}.")
    between = _MAKERS[Method(method)]()

    def measured(before: Grey, after: Grey) -> Floats:
        alike(before, after)
        found_HW2 = between(before, after)
        return without_camera(before, found_HW2) if warp else found_HW2

    return measured
