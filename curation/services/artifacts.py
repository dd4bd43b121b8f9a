"""The files made from a video, as its row names them once the job that made them has won."""

import json
from typing import Any

from core.services.storage import stage

REJECTS = "rejects"
"""Name of the sprite of rejected frames; its sheets are called `rejects-...`."""

Made = dict[str, dict[str, Any]]
"""Path under the job's folder -> `{"name", "type", "bytes", "sha256"}`, as the pass returns it."""


def artifacts_made(*, made: Made, keys: dict[str, str]) -> dict[str, dict[str, Any]]:
    """By name: storage key, size, hash and type of every file; `keys` by path, as the job published them."""
    return {
        facts["name"]: {
            "key": keys[path],
            "bytes": facts["bytes"],
            "sha256": facts["sha256"],
            "type": facts["type"],
        }
        for path, facts in made.items()
    }


def sprite_told(*, made: Made, keys: dict[str, str]) -> dict[str, Any]:
    """What the manifest of the rejected frames' sprite says, for `Video.rejects`; empty without one.

    It is kept in the row, because a page of spans asks for those of two hundred videos at once.
    """
    path = f"{REJECTS}.json"
    if path not in made:
        return {}
    with stage(keys[path], made[path]["sha256"]) as local:
        told: dict[str, Any] = json.loads(local.read_text())
    return told
