"""Skeleton files as NTU RGB+D has them, written by hand."""

from collections.abc import Sequence


def joint(x: float, y: float, z: float, state: int = 2) -> str:
    return f"{x} {y} {z} 276.1 190.0 1032.3 514.1 -0.17 0.04 0.97 -0.15 {state}"


def body(number: int, x: float) -> list[str]:
    """A body whose joint n lies at (x, n, 3)."""
    head = f"{number} 0 1 1 1 1 0 -0.11 0.14 2"
    return [head, "25", *(joint(x, float(n), 3.0) for n in range(25))]


def recording(frames: Sequence[Sequence[tuple[int, float]]]) -> list[str]:
    """The lines of a file: of each frame its bodies, each a number and an x."""
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for number, x in bodies:
            lines += body(number, x)
    return lines
