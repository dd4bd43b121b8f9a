"""Many jobs under kills: nothing is lost, nothing is done twice, nothing is left behind.

Every kill is aimed: the victim stands at a gate in the middle of its job, and what the rest of the
world sees at that moment is asserted before the signal is sent.
"""

import hashlib
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from config.celery import make_app
from core.jobs import sweeper
from core.models import AuditEvent, Job, JobState
from core.services import jobs as services
from tests.chaos.house import House, alive, parent_of, wait_until
from tests.chaos.work import FRAMES

pytestmark = [pytest.mark.calm, pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

PLAN = [  # where an attempt is met, and who is met there
    *[("encode", "child")] * 12,
    *[("encode", "pool")] * 5,
    *[("encode", "worker")] * 3,
    *[("publish", "pool")] * 6,
    *[("publish", "worker")] * 3,
    *[("commit", "pool")] * 6,
    *[("commit", "worker")] * 3,
    *[("after", "pool")] * 3,
    *[("after", "worker")] * 2,
    *[(point, "database") for point in ("encode", "commit", "after")],
]
random.Random(8).shuffle(PLAN)
STALLS = 3  # the last jobs: an owner that is frozen keeps its worker from working, and there are four
WIPE_WHEN_DONE = [0.25, 0.6]  # of all jobs
FILES = {"video/clip.mp4", "notes.txt"}


@pytest.fixture
def house(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    settings.JOB_MODULES = ["tests.chaos.kinds"]
    house = House(tmp_path, workers=4)
    settings.REDIS_URL = house.env["REDIS_URL"]
    storage = "django.core.files.storage.FileSystemStorage"
    options = {"location": str(house.media)}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": storage, "OPTIONS": options}}
    settings.JOB_WORK_DIR = house.work
    settings.JOB_ORPHAN_SECONDS = 0
    monkeypatch.setattr(services, "app", make_app())
    yield house
    house.close()


class Siege:
    """The one who kills, and counts."""

    def __init__(self, house: House, jobs: int) -> None:
        self.house, self.jobs = house, jobs
        self.plan: dict[str, tuple[str, str]] = {}
        self.met: set[str] = set()
        self.kills: Counter[str] = Counter()
        self.stalls = self.wiped = self.sweepers = self.outages = 0
        self.wipes = [round(share * jobs) for share in WIPE_WHEN_DONE]
        self.paused: dict[str, tuple[int, Path]] = {}

    def enqueue(self) -> None:
        step = (self.jobs - STALLS) // len(PLAN)
        victims = {n * step: victim for n, victim in enumerate(PLAN)}
        victims |= {self.jobs - 1 - n: ("publish", "stall") for n in range(STALLS)}
        for n in range(self.jobs):
            point, victim = victims.get(n, ("", ""))
            gates = {"1": point, "2": "encode"} if victim == "stall" else {"1": point}
            job = services.job_enqueue(
                kind="chaos.encode", dedupe_key=f"chaos-{n}", params={"gates": gates, "seed": n}
            )
            if point:
                self.plan[str(job.pk)] = (point, victim)

    def watch(self) -> None:
        """Run until every job has ended, killing whoever reaches a gate."""
        end = time.monotonic() + 300
        while True:
            states = Counter(Job.objects.values_list("state", flat=True))
            ended = self.jobs - states[JobState.QUEUED] - states[JobState.RUNNING]
            if ended == self.jobs:
                return
            assert time.monotonic() < end, f"still {states} after {sum(self.kills.values())} kills"
            self.house.keep_up()
            if self.wipes and ended >= self.wipes[0]:
                self.wipe(self.wipes.pop(0))
            for mark in sorted(self.house.marks.glob("*.*.*")):
                if mark.suffix not in (".draft", ".go") and mark.name not in self.met:
                    self.met.add(mark.name)
                    self.meet(mark)
            time.sleep(0.05)

    def wipe(self, _: int) -> None:
        """Lose every message, and the sweeper with them."""
        self.wiped += self.house.waiting()
        self.house.wipe_redis()
        self.house.sweeper.kill()
        self.sweepers += 1

    def meet(self, mark: Path) -> None:
        pk, token, point = mark.name.split(".")
        facts = json.loads(mark.read_text())
        victim = self.plan[pk][1]
        if victim == "stall":
            self.stall(pk, int(token), mark, facts)
            return
        if Job.objects.get(pk=pk).token != int(token):  # the database was away for longer than its lease
            mark.with_name(f"{mark.name}.go").touch()
            return
        SEEN[point](self.house, pk, int(token), facts)
        if victim == "database":
            self.outage(pk, point, mark)
            return
        pool = facts["parent"] if point == "encode" else facts["pid"]
        target = {"child": facts["pid"], "pool": pool, "worker": parent_of(pool)}[victim]
        assert alive(target)
        os.kill(target, signal.SIGKILL)
        self.kills[f"{victim} at {point}"] += 1
        gone = {target, facts["pid"]} | ({pool} if victim == "worker" else set())
        wait_until(lambda: not any(map(alive, gone)), 20, f"{victim} killed at {point} takes its own along")

    def outage(self, pk: str, point: str, mark: Path) -> None:
        """Kill PostgreSQL while the job stands at its gate. What was committed is there when it is back."""
        self.house.kill_database()
        state, entries = Job.objects.get(pk=pk).state, len(ledger(pk))
        if point == "after":
            assert (state, entries) == (JobState.DONE, 1), "an answered COMMIT survives"
        else:
            assert state in (JobState.RUNNING, JobState.QUEUED)
            assert entries == 0, "an open transaction left nothing"
        mark.with_name(f"{mark.name}.go").touch()
        self.outages += 1

    def stall(self, pk: str, token: int, mark: Path, facts: dict[str, Any]) -> None:
        """Freeze the first owner in its publishing; thaw it while the second one is at work."""
        if token == 1:
            seen_publish(self.house, pk, token, facts)
            os.kill(facts["pid"], signal.SIGSTOP)
            self.paused[pk] = (facts["pid"], mark)
            return
        first, first_mark = self.paused.pop(pk)
        seen_encode(self.house, pk, token, facts)
        first_mark.with_name(f"{first_mark.name}.go").touch()
        os.kill(first, signal.SIGCONT)
        work = self.house.work / f"{pk}.1"
        wait_until(lambda: not work.exists(), 60, "the first owner has tried to finish, and left")
        row = Job.objects.get(pk=pk)
        assert (row.state, row.token) == (JobState.RUNNING, 2), "the second owner still has its job"
        assert not self.house.published(pk, 1).exists(), "the first owner threw its files away"
        mark.with_name(f"{mark.name}.go").touch()
        self.stalls += 1


def seen_encode(house: House, pk: str, token: int, facts: dict[str, Any]) -> None:
    """A child is running with half its frames written, and the row says so."""
    wait_until(lambda: Job.objects.get(pk=pk).stage == "encoding", 30, "the row says: encoding")
    row = Job.objects.get(pk=pk)
    assert (row.state, row.token, row.progress) == (JobState.RUNNING, token, 0.5)
    assert facts["frames"] == FRAMES // 2
    assert (house.work / f"{pk}.{token}" / "out" / "video" / "clip.mp4").exists()
    assert not ledger(pk)


def seen_publish(house: House, pk: str, token: int, facts: dict[str, Any]) -> None:
    """Files have been written and one was made durable; nobody can see them yet."""
    row = Job.objects.get(pk=pk)
    assert (row.state, row.token) == (JobState.RUNNING, token)
    assert not house.published(pk, token).exists()


def seen_commit(house: House, pk: str, token: int, facts: dict[str, Any]) -> None:
    """The finishing transaction is open: its row is locked, and the world still sees a running job."""
    row = Job.objects.get(pk=pk)
    assert (row.state, row.token) == (JobState.RUNNING, token)
    assert not ledger(pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.select_for_update(nowait=True).get(pk=pk)
    assert house.files(house.published(pk, token)) == FILES


def seen_after(house: House, pk: str, token: int, facts: dict[str, Any]) -> None:
    """The job is done, but its message is not acknowledged yet."""
    assert Job.objects.get(pk=pk).state == JobState.DONE
    assert len(ledger(pk)) == 1


SEEN = {"encode": seen_encode, "publish": seen_publish, "commit": seen_commit, "after": seen_after}


def ledger(pk: str) -> list[dict[str, Any]]:
    rows = AuditEvent.objects.filter(verb="chaos.commit", object_id=pk)
    return list(rows.values_list("data", flat=True))


def check_what_was_committed(house: House) -> set[str]:
    """Each job once, and each file whole; the storage keys that are committed."""
    keys: set[str] = set()
    for job in Job.objects.all():
        assert job.state == JobState.DONE, f"{job}: {job.error}"
        (entry,) = ledger(str(job.pk))
        assert entry["token"] == job.token
        assert set(entry["files"]) == FILES
        keys |= set(entry["files"].values())
        clip = house.media / entry["files"]["video/clip.mp4"]
        assert hashlib.sha256(clip.read_bytes()).hexdigest() == entry["result"]["sha256"]
        with av.open(clip) as container:
            assert sum(1 for _ in container.decode(video=0)) == FRAMES
        assert (house.media / entry["files"]["notes.txt"]).read_text() == f"{job.pk} {job.token}"
    return keys


@pytest.mark.parametrize("jobs", [100, pytest.param(200, marks=pytest.mark.exhaustive)])
def test_jobs_survive_kills_and_wipes(house: House, jobs: int) -> None:
    siege = Siege(house, jobs)
    began = time.monotonic()
    siege.enqueue()
    try:
        siege.watch()
    except BaseException:
        print(house.log())
        raise
    house.stop()
    assert house.strangers() == []

    keys = check_what_was_committed(house)
    for published in house.media.glob("chaos.encode/*/*"):
        assert house.files(published) == FILES, "what can be seen is whole, even if nobody committed it"
    left = sweeper.tidy()
    assert house.files(house.media) == keys
    assert not list(house.work.glob("*"))
    assert sum(siege.kills.values()) >= 40
    assert (siege.stalls, siege.sweepers, siege.outages) == (STALLS, 2, 3)
    assert siege.wiped > 0, "there were messages to lose"
    print(
        f"\n{jobs} jobs: 0 lost, 0 committed twice, 0 orphans, 0 half-published; "
        f"{sum(siege.kills.values())} kills in the middle of a job ({dict(sorted(siege.kills.items()))}), "
        f"{siege.stalls} owners frozen past their lease, 2 Redis wipes ({siege.wiped} messages lost), "
        f"PostgreSQL killed {siege.outages} times ({house.away:.1f} s away), "
        f"{siege.sweepers} sweepers killed, {house.restarts} restarts, {left} left-overs cleared, "
        f"{time.monotonic() - began:.0f} s"
    )
