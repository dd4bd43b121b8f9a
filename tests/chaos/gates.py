"""Places where a process waits to be killed, so that a kill hits it exactly there. No Django here."""

import json
import os
import time
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 90.0


def hold(params: dict[str, Any], point: str, **facts: Any) -> None:
    """If this attempt has its gate at `point`, say so in a mark and wait, at most until told to go on."""
    if params["gates"].get(str(params["token"])) != point:
        return
    marks = Path(params["marks"])
    mark = marks / f"{params['job']}.{params['token']}.{point}"
    draft = mark.with_suffix(".draft")
    draft.write_text(json.dumps({**facts, "pid": os.getpid(), "parent": os.getppid()}))
    draft.rename(mark)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and not (marks / f"{mark.name}.go").exists():
        time.sleep(0.01)
