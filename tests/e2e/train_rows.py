"""Rows of runs and models, so that a browser has something to look at; run in Django's shell."""

import math
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.models import Job, JobState, Project, Role, User
from core.services.accounts import member_add, project_create
from labelling.models import Clip, LabelClass
from tests.curation.factories import make_camera, make_ready_video
from tests.labelling.factories import annotate, make_class, make_clip
from tests.training.factories import PROXY, make_dataset, make_model, make_report
from training.models import ModelState, RunState, TrainingRun

NAMES = ("Walking", "Carrying", "Lifting", "Pushing cart", "Climbing", "Digging", "Signalling", "Falling")
COUNTS = (
    (37, 1, 0, 1, 0, 0, 0, 0),
    (1, 27, 1, 5, 0, 0, 0, 0),
    (0, 2, 21, 0, 0, 1, 0, 0),
    (1, 2, 0, 15, 0, 0, 0, 0),
    (0, 0, 0, 0, 20, 0, 0, 0),
    (0, 0, 1, 0, 0, 17, 0, 0),
    (0, 0, 0, 0, 0, 0, 10, 0),
    (0, 0, 1, 0, 0, 0, 0, 6),
)
BEST = {"smart": 0.875, "global": 0.868, "single": 0.861, "uniform": 0.853, "random": 0.845}
LEAST = {"smart": 0.756, "global": 0.703, "single": 0.738, "uniform": 0.612, "random": 0.596}
PHASES = (("reading", 0.03), ("features", 0.22), ("oracle", 0.2), ("classifier", 0.25), ("selector", 0.2))
_FIRST = {"top1": 0.856, "top1_low": 0.796, "top1_high": 0.901, "macro_f1": 0.832}
AFTER = (("test", 0.08), ("writing", 0.02))


def make(slug: str, *, under_way: bool = True) -> None:
    """A project with labels, a champion, a candidate, a run that failed and, if asked, one under way."""
    admin = User.objects.get(username="admin")
    project = project_create(name="Dock Works", slug=slug, actor=admin)
    watcher, _ = User.objects.get_or_create(username="vera", defaults={"first_name": "Vera"})
    watcher.set_password("the evening review")
    watcher.save()
    member_add(project=project, username="vera", role=Role.VIEWER, actor=admin)
    labels = [make_class(project, name) for name in NAMES]
    clips = _clips(project, labels, admin)
    _model(project, admin, 1, ModelState.CHAMPION, labels, clips)
    _run(project, admin, 2, RunState.FAILED, sentence="The disk is full: 12 MB are left, a run wants 2 GB.")
    _model(project, admin, 3, ModelState.CANDIDATE, labels, clips)
    if under_way:
        _live(project, admin, labels)


def advance(slug: str, epoch: int) -> None:
    """The run under way is at this epoch now."""
    project = Project.objects.get(slug=slug)
    labels = list(LabelClass.objects.filter(label_set__project=project))
    Job.objects.filter(project=project, kind="training.train").update(facts=facts_at(epoch, labels))


def _live(project: Project, admin: User, labels: list[LabelClass]) -> None:
    """A run whose classifier is at epoch 27 of 40; its job's lease holds for as long as a test takes."""
    now = timezone.now()
    job = Job.objects.create(
        project=project,
        kind="training.train",
        dedupe_key=f"e2e-{project.slug}",
        state=JobState.RUNNING,
        lease_until=now + timedelta(hours=8),
        progress=0.62,
        stage="classifier",
        facts=facts_at(27, labels),
    )
    _run(project, admin, 4, RunState.TRAINING, job=job, started_at=now - timedelta(minutes=12))


def facts_at(epoch: int, labels: list[LabelClass]) -> dict[str, Any]:
    """What a train job tells at an epoch of its classifier."""
    history = [
        {
            "epoch": at,
            "train_loss": round(0.2 + 1.95 * math.exp(-at / 5), 4),
            "val_loss": round(0.41 + 1.75 * math.exp(-at / 4.4) + 0.02 * math.sin(at), 4),
            "train_top1": round(0.932 - 0.47 * math.exp(-at / 5.2), 4),
            "val_top1": round(0.868 - 0.42 * math.exp(-at / 4.6) + 0.006 * math.sin(at * 1.7), 4),
            "val_macro_f1": 0.84,
        }
        for at in range(1, epoch + 1)
    ]
    at = timezone.now().isoformat(timespec="seconds")
    log = [
        {"at": at, "level": "warn", "text": "Class Falling has 15 clips: its score says little."},
        {"at": at, "level": "info", "text": "oracle: 5 folds, scores are out of fold"},
        *(
            {"at": at, "level": "info", "text": f"epoch {each['epoch']}/40: val loss {each['val_loss']}"}
            for each in history
        ),
    ]
    done = {"reading": 1.0, "features": 1.0, "oracle": 1.0, "classifier": epoch / 40}
    return {
        "phase": "classifier",
        "phases": [
            {"name": name, "share": share, "done": done.get(name, 0.0)} for name, share in PHASES + AFTER
        ],
        "epoch": epoch,
        "epochs": 40,
        "best_epoch": max(history, key=lambda each: each["val_top1"])["epoch"],
        "history": history,
        "log": log,
        "per_class": [
            {"label": str(label.pk), "f1": round(0.95 - 0.04 * place, 2)}
            for place, label in enumerate(labels)
        ],
        "memory_bytes": 3_100_000_000,
        "clips_per_second": 214.0,
    }


def report(labels: list[LabelClass], clips: list[Clip], **changes: Any) -> dict[str, Any]:
    """What was measured on 171 test clips."""
    ids = [str(label.pk) for label in labels]
    wrong = [
        {"clip": str(clip.pk), "label": ids[1], "said": ids[3], "p": 0.9 - 0.1 * n, "chosen": [1]}
        for n, clip in enumerate(clips[:5])
    ]
    curve = {
        method: {
            str(n): round(best - (best - LEAST[method]) * math.exp(-(n - 1) / 4), 4) for n in range(1, 26)
        }
        for method, best in BEST.items()
    }
    values = {
        "top1": 0.874,
        "top1_low": 0.816,
        "top1_high": 0.916,
        "macro_f1": 0.851,
        "n_test": 171,
        "best_epoch": 24,
        "budget": 6,
        "curve": curve,
        "confusion": {"labels": ids, "counts": [list(row) for row in COUNTS]},
        "per_class": [
            {
                "label": label,
                "precision": 0.8,
                "recall": 0.8,
                "f1": 0.93 - 0.035 * n,
                "support": sum(COUNTS[n]),
            }
            for n, label in enumerate(ids)
        ],
        "per_camera": [
            {"camera": name, "n": n, "top1": top1}
            for name, n, top1 in (("Yard North", 61, 0.891), ("Gate 1", 54, 0.794), ("Crane Pad", 56, 0.93))
        ],
        "test_clips": wrong,
    }
    return make_report(**{**values, **changes})


def _clips(project: Project, labels: list[LabelClass], author: User) -> list[Clip]:
    camera, clips = make_camera(project, "Yard North"), []
    for subject in range(4):
        video = make_ready_video(camera, frames=1000, artifacts=PROXY)
        for place, label in enumerate(labels):
            clip = make_clip(video, start=40 * place, end=40 * place + 40, subject=f"Person {subject}")
            annotate(clip, label, author=author)
            clips.append(clip)
    for start in range(600, 760, 40):
        make_clip(video, start=start, end=start + 40)
    return clips


def _run(project: Project, admin: User, number: int, state: RunState, **fields: Any) -> TrainingRun:
    labels = LabelClass.objects.filter(label_set__project=project)
    counts = {str(label.pk): {"train": 120, "val": 30 - n, "test": 24} for n, label in enumerate(labels)}
    split = {"by": "subject", "groups": {"train": 9, "val": 3, "test": 3}, "leakage": [], "note": ""}
    shape = {"clips": 1200 + 110 * number, "classes": len(NAMES), "counts": counts, "split": split}
    dataset = make_dataset(project, number=number, **shape)
    values = {"recipe": "smart-light", "number": number, "created_by": admin, **fields}
    return TrainingRun.objects.create(project=project, dataset=dataset, state=state, **values)


def _model(
    project: Project, admin: User, number: int, state: ModelState, labels: list[LabelClass], clips: list[Clip]
) -> None:
    now = timezone.now() - timedelta(days=4 - number)
    first = state == ModelState.CHAMPION
    paired = None if first else {"version": 1, "won": 12, "lost": 8, "p": 0.5, "top1": 0.856}
    measured = report(labels, clips, champion=paired, **(_FIRST if first else {}))
    if not first:
        measured["per_class"][-1]["f1"] = 0.62
        video = clips[0].video
        gone = {"video": str(video.pk), "name": video.name, "clips": 3, "sentence": "The proxy is damaged."}
        measured["left_out"] = [gone]
    times = {"started_at": now, "finished_at": now + timedelta(minutes=18)}
    run = _run(project, admin, number, RunState.DONE, result=measured, **times)
    card = {
        "name": "SMART, light (smart-light)",
        "purpose": "Suggests what happens in a clip, and which frames show it, to people who decide.",
        "data": {"videos": 40, "split": {"by": "subject", "groups": {"train": 9, "val": 3, "test": 3}}},
        "recipe": {"why": "No GPU, clips of 2 to 10 s", "best_epoch": 24, "chosen_by": "val macro-F1"},
        "limits": ["It names one class for a whole clip.", "It must not decide anything about a person."],
        "cost": {"parameters": 51_200, "frames_decoded": 128, "seconds_a_clip": 0.0042},
    }
    since = {"champion_since": now} if first else {}
    fields = {"number": 1 if first else 2, "run": run, "report": measured, "card": card}
    make_model(project, state=state, **fields, **since)
