"""Pretrained weights: where they lie, that they are what they say, and how they come.

A file counts only under its known name and with its known SHA-256. Where its publisher tells that only in
part, or not at all, the hash of the first file that came is pinned in `NAME.sha256` beside it, as `sha256sum`
writes it, and another is refused from then on. Nothing is fetched unless somebody asks (`manage.py weights
fetch`, `python -m training.ml models`). This module itself needs no torch: web processes only ask what is
there.
"""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from training.ml.errors import BadFile, LearningError
from training.ml.sources import CLASS_NAMES
from training.ml.sources import POSE_WEIGHTS as POSE_WEIGHTS
from training.ml.sources import SOURCES as SOURCES
from training.ml.sources import Source as Source

if TYPE_CHECKING:
    from training.ml.models.mobilenet_v2 import MobileNetV2

Progress = Callable[[int, int], None]
"""Called with the bytes so far and the bytes in all (0: unknown)."""

NONE_FOUND = (
    "No ImageNet weights were found: what single frames look like is read by a network of random numbers, "
    "so the model trains from scratch."
)
_EYES = "mobilenet_v2"
"""The network that looks at single frames."""
_SEED = 20180621
_WHOLE = 64
_CHUNK = 1 << 18
_TIMEOUT = 30.0


class NotFetched(LearningError):  # noqa: N818 - named after what happened
    """A file that did not arrive, or was not what it should be."""


@dataclass(frozen=True)
class Found:
    """A file that is there and is what its name says; `sha256` is measured, of the whole file."""

    source: Source
    path: Path
    sha256: str


def named(name: str) -> Source:
    """The source of that name. Raises NotFetched, with the names there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise NotFetched(f"No weights are named {name}; there are: {', '.join(one.name for one in SOURCES)}.")


def find(folder: Path) -> Found | None:
    """The first MobileNetV2 of SOURCES whose file lies in `folder`, checked; None where there is none.

    Raises BadFile for a file that is not what its name says: damaged weights must not pass for none.
    """
    for source in SOURCES:
        if source.network == _EYES and (folder / source.name).is_file():
            return checked(source, folder)
    return None


def no_pose_weights() -> str:
    """What to do where the pose network is not here."""
    return (
        f"Poses need the weights {POSE_WEIGHTS}, which are not here: bring a copy with "
        f"`manage.py weights fetch {POSE_WEIGHTS} --from FILE`."
    )


def checked(source: Source, folder: Path) -> Found:
    """The file of a source in `folder`.

    Raises BadFile where it is missing, has another SHA-256, or nothing tells which it should have.
    """
    path = folder / source.name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(f"The weights {source.name} cannot be read: {error.strerror}.") from error
    if not digest.startswith(source.sha256):
        raise BadFile(f"The weights {source.name} are damaged, or others: their SHA-256 is {digest}.")
    wanted = pinned(source, folder)
    if not wanted and not source.sha256:
        raise BadFile(
            f"Nothing tells which SHA-256 the weights {source.name} should have: {lock(source, folder)} is "
            f"missing. If you trust the file, pin it: weights fetch {source.name} --from {path}."
        )
    if wanted and digest != wanted:
        raise BadFile(
            f"The weights {source.name} are not those that came first: their SHA-256 is {digest}, and "
            f"{wanted} is pinned in {lock(source, folder)}."
        )
    return Found(source, path, digest)


def load(folder: Path | None) -> "tuple[MobileNetV2, Found | None]":
    """The appearance network with the weights of `folder`; with random numbers, always the same, without any.

    Raises BadFile for a file that is damaged or holds another network.
    """
    import torch

    from training.ml.checkpoints import read
    from training.ml.models.mobilenet_v2 import create_mobilenet_v2, from_state

    found = find(folder) if folder is not None else None
    if found is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(_SEED)
            return create_mobilenet_v2().eval(), None
    try:
        return from_state(read(found.path).state).eval(), found
    except Exception as error:
        raise BadFile(f"The weights {found.source.name} hold another network: {error}.") from error


def class_names(folder: Path, classes: int) -> tuple[str, ...]:
    """The names of a network's ImageNet classes, in order; 1,000 or 1,001 (with "background" first).

    Raises BadFile where the list is missing or has another number of names.
    """
    path = checked(named(CLASS_NAMES), folder).path
    names = tuple(path.read_text("utf-8").splitlines())
    if classes not in (len(names), len(names) - 1):
        raise BadFile(f"The list of ImageNet classes has {len(names)} names, the network {classes} classes.")
    return names[len(names) - classes :]


def lock(source: Source, folder: Path) -> Path:
    """Where the hash is pinned of a file whose publisher does not tell the whole of it."""
    return folder / f"{source.name}.sha256"


def pinned(source: Source, folder: Path) -> str:
    """The SHA-256 of the file that came first; empty where none did, or its publisher tells it anyway."""
    path = lock(source, folder)
    if len(source.sha256) == _WHOLE or not path.is_file():
        return ""
    found = path.read_text("utf-8").split()
    if not found or len(found[0]) != _WHOLE:
        raise BadFile(f"{path} does not begin with a SHA-256 of {_WHOLE} digits; delete it and fetch again.")
    return found[0]


def certainty(source: Source) -> str:
    """How far its hash proves what a file is, and where it comes from."""
    origin = f"From {source.url}." if source.url else "Published nowhere: it comes with the installation."
    if len(source.sha256) == _WHOLE:
        return f"{origin} Its whole SHA-256 is known."
    pins = f"The one of the first file that comes is pinned in {source.name}.sha256, and others are refused."
    if not source.sha256:
        return f"{origin} Its publisher tells no SHA-256. {pins}"
    return (
        f"{origin} Only the first {len(source.sha256)} digits of its SHA-256 are known (from its name): "
        f"that shows damage, but is no proof against forgery. {pins}"
    )


def fetch(source: Source, folder: Path, *, report: Progress | None = None) -> Found:
    """Bring a source's file into `folder` from its address, unless it is there.

    It is written beside its place, checked, and moved there only then. Raises NotFetched with a sentence.
    """
    if (folder / source.name).is_file():
        return checked(source, folder)
    if not source.url:
        raise NotFetched(f"{source.name} is published nowhere: take a copy that you have (--from FILE).")
    _refuse_plain(source.url)
    try:
        opener = urllib.request.build_opener(_Redirects)
        with opener.open(source.url, timeout=_TIMEOUT) as answer:
            return _kept(source, folder, answer, int(answer.headers.get("Content-Length") or 0), report)
    except (OSError, HTTPException) as error:
        raise NotFetched(f"{source.name} could not be fetched from {source.url}: {error}.") from error


def take(source: Source, file: Path, folder: Path, *, report: Progress | None = None) -> Found:
    """Copy a file from this machine into `folder`, under the source's name. Raises NotFetched."""
    try:
        with file.open("rb") as stream:
            return _kept(source, folder, stream, file.stat().st_size, report)
    except OSError as error:
        raise NotFetched(f"{file} could not be copied: {error.strerror}.") from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never down to plain http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _refuse_plain(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse_plain(url: str) -> None:
    """Only https; http from this machine itself, for tests."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "127.0.0.1"):
        raise NotFetched(f"Weights are fetched over https only, not from {url}.")


def _kept(source: Source, folder: Path, stream: BinaryIO, total: int, report: Progress | None) -> Found:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{source.name}.part"
    digest, done = hashlib.sha256(), 0
    try:
        with part.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if report is not None:
                    report(done, total)
            file.flush()
            os.fsync(file.fileno())
        if total and done != total:
            raise NotFetched(f"{source.name} broke off after {done:,} of {total:,} bytes; nothing was kept.")
        if not digest.hexdigest().startswith(source.sha256):
            raise NotFetched(
                f"{source.name} has the SHA-256 {digest.hexdigest()}, which is wrong; it was thrown away."
            )
        _pin(source, folder, digest.hexdigest())
        part.replace(folder / source.name)
    finally:
        part.unlink(missing_ok=True)
    return Found(source, folder / source.name, digest.hexdigest())


def _pin(source: Source, folder: Path, digest: str) -> None:
    """Keep the hash of the first file that comes, before it gets its name. Raises NotFetched for another."""
    if len(source.sha256) == _WHOLE:
        return
    path, wanted = lock(source, folder), pinned(source, folder)
    if wanted and wanted != digest:
        raise NotFetched(
            f"{source.name} has the SHA-256 {digest}, but {wanted} is pinned in {path} since it first came; "
            "it was thrown away. If you know that its publisher changed it, delete that file."
        )
    path.write_text(f"{digest}  {source.name}\n", "utf-8")
