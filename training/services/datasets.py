"""Freezing labels: what a run learns from is written down before it begins, and never changes."""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from core.models import Project, User
from core.services.audit import audit_record
from core.services.storage import discard, publish_tree
from curation.selectors.rejections import Rejections, rejections_of
from training.errors import NothingToLearn
from training.ml.manifest import (
    Annotation,
    Manifest,
    ManifestClass,
    ManifestClip,
    ManifestSplit,
    Proxy,
    is_even,
    parse,
    write,
)
from training.models import DatasetVersion, HeldOut, SeenLabels
from training.selectors.datasets import TEST_SHARE, Dealt, datasets_held, dealt_labels
from training.selectors.examples import Example, Labels
from training.selectors.preflight import blocked

PREFIX = "training.datasets"
FILE = "manifest.jsonl"
BATCH = 5000


def dataset_freeze(
    *, project: Project, actor: User | None, test_share: float | None = None
) -> DatasetVersion:
    """Write the labels of this moment down as a manifest; the version that holds them.

    The same labels again are the version that is there, unless it trains on what was tested on since. Groups
    on the test side are remembered, so that nothing ever trains on them. `test_share=0` makes no test side,
    for a test that lies elsewhere. A manifest that a dying process left is swept a day later.
    Raises NothingToLearn.
    """
    share = TEST_SHARE if test_share is None else test_share
    dealt = dealt_labels(project=project, test_share=share)
    if reason := blocked(dealt):
        raise NothingToLearn(reason)
    out = rejections_of(videos={example.video for example in dealt.labels.examples})
    digest = _digest(dealt.labels, share, out)
    known = _known(project, digest, dealt)
    if known is not None:
        _remember(known, dealt)
        return known
    manifest = _manifest(dealt, out)
    data = write(manifest)
    key = _published(data)
    try:
        with transaction.atomic():
            Project.objects.select_for_update(no_key=True).get(pk=project.pk)  # numbers have no gaps
            known = _known(project, digest, dealt)
            if known is None:
                return _row(project, actor, dealt, manifest, key=key, data=data, digest=digest)
    except BaseException:
        discard(key)
        raise
    discard(key)  # somebody froze the same labels at the same time
    return known


def manifest_of(dataset: DatasetVersion) -> Manifest:
    """The manifest of a version, from storage. Raises BadManifest."""
    with default_storage.open(dataset.manifest_key) as file:
        return parse(file.read())


def _known(project: Project, digest: str, dealt: Dealt) -> DatasetVersion | None:
    """The version of these labels; none where it would train on what was tested on since.

    None either where it names another camera: one that was renamed or left says nothing of the labels where
    nobody knows the day.
    """
    same = DatasetVersion.objects.in_project(project).filter(labels_sha256=digest)
    held = datasets_held(project=project)
    tested = {key for key, side in dealt.split.side.items() if side == "test"}
    cameras = {str(example.id): example.camera for example in dealt.labels.examples}
    for found in same.newest_first():
        stale = any(
            clip.camera != cameras[clip.clip]
            or (
                clip.split != "test"
                and f"{clip.content_sha256}:{clip.start}:{clip.end}" in tested
                and (*clip.group.partition(":")[::2],) in held
            )
            for clip in manifest_of(found).clips
        )
        if not stale:
            return found
    return None


def _row(
    project: Project,
    actor: User | None,
    dealt: Dealt,
    manifest: Manifest,
    *,
    key: str,
    data: bytes,
    digest: str,
) -> DatasetVersion:
    versions = DatasetVersion.objects.in_project(project)
    split = manifest.split
    row = DatasetVersion.objects.create(
        project=project,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        manifest_key=key,
        sha256=hashlib.sha256(data).hexdigest(),
        labels_sha256=digest,
        bytes=len(data),
        clips=len(manifest.clips),
        classes=len(manifest.classes),
        counts={str(pk): sides for pk, sides in dealt.by_class.items()},
        split={"by": split.by, "groups": split.groups, "leakage": list(split.leakage), "note": split.note},
        even=manifest.even,
        left_out=list(dealt.labels.left_out),
        created_by=actor,
    )
    _remember(row, dealt)
    _hold_out(project, dealt)
    audit_record(
        verb="dataset.freeze",
        obj=row,
        project=project,
        actor=actor,
        number=row.number,
        clips=row.clips,
        sha256=row.sha256,
    )
    return row


def _remember(dataset: DatasetVersion, dealt: Dealt) -> None:
    """Which labels were there, so that others are told as newer."""
    SeenLabels.objects.update_or_create(dataset=dataset, defaults={"revisions": list(dealt.labels.said)})


def _hold_out(project: Project, dealt: Dealt) -> None:
    """Remember the groups of the test side; of days of a camera the recordings too.

    A recording has one camera and one day, but may be moved to another camera, and a camera may be renamed.
    """
    split = dealt.split
    examples = [one for one in dealt.labels.examples if split.side[one.content] == "test"]
    tested = {split.group[one.content] for one in examples}
    if split.by == "camera_day":
        tested |= {f"recording:{one.content_sha256}" for one in examples}
    groups = sorted(group.partition(":")[::2] for group in tested)
    HeldOut.objects.bulk_create(
        (HeldOut(project=project, by=by, group=group) for by, group in groups),
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def _manifest(dealt: Dealt, out: Rejections) -> Manifest:
    labels, split = dealt.labels, dealt.split
    note = " ".join(part for part in (split.note, dealt.loosened) if part)
    return Manifest(
        classes=tuple(ManifestClass(str(row.pk), row.name) for row in labels.classes.values()),
        split=ManifestSplit(split.by, split.groups, split.leakage, note),
        even=is_even(labels.counts.values()),
        clips=tuple(_clip(example, dealt, out) for example in labels.examples),
    )


def _clip(example: Example, dealt: Dealt, out: Rejections) -> ManifestClip:
    return ManifestClip(
        clip=str(example.id),
        video=str(example.video),
        name=example.name,
        content_sha256=example.content_sha256,
        index_sha256=example.index_sha256,
        frames=example.frames,
        fps=example.fps,
        proxy=Proxy(example.proxy_key, example.proxy_sha256),
        start=example.start,
        end=example.end,
        label=str(example.label),
        subject=example.subject,
        camera=example.camera,
        day=example.day,
        group=dealt.split.group[example.content],
        split=dealt.split.side[example.content],
        annotation=Annotation(example.revision, example.author, example.source),
        rejected=out.inside(example.video, example.start, example.end),
    )


def _digest(labels: Labels, test_share: float, out: Rejections) -> str:
    """A hash of all that people said, of the frames that are out, and of the share that is tested on."""
    digest = hashlib.sha256(json.dumps(test_share).encode())
    for line in sorted(_lines(labels, out)):
        digest.update(line.encode())
    return digest.hexdigest()


def _lines(labels: Labels, out: Rejections) -> Iterable[str]:
    for row in labels.classes.values():
        yield json.dumps(["class", str(row.pk), row.name]) + "\n"
    for one in labels.examples:
        said = [str(one.label), one.subject, one.camera_day, one.author, one.source, one.revision]
        rejected = out.inside(one.video, one.start, one.end)
        yield json.dumps([one.content, one.index_sha256, str(one.id), one.name, *said, *rejected]) + "\n"


def _published(data: bytes) -> str:
    """The storage key of a new file with these bytes, on disk when this returns."""
    Path(settings.JOB_WORK_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="manifest-", dir=settings.JOB_WORK_DIR) as folder:
        out = Path(folder) / "out"
        out.mkdir()
        (out / FILE).write_bytes(data)
        return publish_tree(out, f"{PREFIX}/{uuid4().hex}")[FILE]
