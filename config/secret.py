"""The secret key: from the environment, or made once at first start and kept in `var/`."""

import contextlib
import os
import secrets
from pathlib import Path


def secret_key(var: Path) -> str:
    """Return the key of this installation, making it (mode 0600) where there is none."""
    given = os.environ.get("SECRET_KEY")
    if given is not None:
        if len(given) < 32 or given.startswith("django-insecure"):
            raise SystemExit(
                "SECRET_KEY is shorter than 32 characters or a default: set a long random one, or unset it."
            )
        return given
    path = var / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    var.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(6)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)  # the first of two processes that start at once wins
    draft.unlink()
    return path.read_text().strip()
