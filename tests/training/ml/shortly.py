"""Parameters of a test of which CI takes a few: the others show the same at length."""

from collections.abc import Iterable
from typing import Any

import pytest


def shortly(names: Iterable[str], *few: str) -> list[Any]:
    """Each of the names; all but the `few` are exhaustive. Raises ValueError if one is none of them."""
    every = list(names)
    if unknown := set(few) - set(every):
        raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(every)}")
    return [pytest.param(name, marks=() if name in few else pytest.mark.exhaustive) for name in every]
