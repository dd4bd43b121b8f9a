"""Where pretrained weights lie."""

from pathlib import Path


def weights_folder(named: str, var: Path, checkout: Path) -> Path:
    """The folder that is named; else `weights` in var, or `shared/weights` beside the checkout.

    What lies in it is checked by hash when it is loaded; a folder that is not there means no weights.
    """
    own, beside = var / "weights", checkout.parent / "shared" / "weights"
    if named:
        return Path(named)
    return beside if beside.is_dir() and not own.is_dir() else own
