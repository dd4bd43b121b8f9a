"""What features of a clip are found again by, on any machine: the application and the library share it."""

import hashlib
import json
from typing import Any

from training.ml.features.snippets import Stretches


def feature_key(
    content_sha256: str, index_sha256: str, start: int, end: int, fingerprint: str, rejected: Stretches = ()
) -> str:
    """A hash of all that features follow from, as 64 hex digits.

    The recording's bytes and frame index, the frames `[start, end)`, the recipe with its weights, and the
    stretches that are not looked at.
    """
    facts: list[Any] = [content_sha256, index_sha256, start, end, fingerprint]
    if rejected:
        facts.append(rejected)
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
