"""How long the label screen waits for the server in a project with 100,000 clips.

`python -m tests.bench.bench_labelling [--clips N] [--rounds N]` fills a database of its own and prints
median and 95th percentile of each thing that people wait for, beside a bare commit on the same disk. Never
part of a test's verdict.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.bench.database import own_database

if TYPE_CHECKING:
    from core.models import Project, User
    from labelling.models import LabelClass

CLIPS_A_VIDEO = 20
CAMERAS = 8
CLASSES = 12
FILL = """
INSERT INTO labelling_clip (id, project_id, video_id, camera_id, start, "end", index_sha256, subject, origin,
                            state, label_id, flagged, flag_reason, priority, revision)
SELECT gen_random_uuid(), v.project_id, v.id, v.camera_id, 250 * n, 250 * (n + 1), v.index_sha256,
       'S' || (random() * 40)::int, 'cut', 'open', NULL, false, '',
       CASE WHEN random() < 0.8 THEN random() ELSE extract(epoch FROM v.created_at) END, 0
FROM curation_video AS v, generate_series(0, %s) AS n WHERE v.project_id = %s
"""
SAY = """
INSERT INTO labelling_annotationrevision
    (id, project_id, clip_id, number, client_id, base, author_id, outcome, label_id, comment, source,
     created_at)
SELECT gen_random_uuid(), c.project_id, c.id, 1, gen_random_uuid(), 0, %s, 'labelled',
       (%s::uuid[])[1 + (random() * 11)::int], '', 'person', now() - random() * interval '60 days'
FROM labelling_clip AS c WHERE c.project_id = %s AND random() < 0.4;
UPDATE labelling_clip AS c SET state = 'labelled', revision = 1, label_id = r.label_id,
       annotated_at = r.created_at
FROM labelling_annotationrevision AS r WHERE r.clip_id = c.id;
ANALYZE
"""


def fill(clips: int) -> tuple["Project", "User", list["LabelClass"]]:
    """A project with so many clips, four of ten of them labelled by one person, and its classes."""
    from django.db import connection

    from tests.curation.factories import make_camera, make_ready_video
    from tests.factories import project_make, user_make
    from tests.labelling.factories import make_class

    project, user = project_make(), user_make()
    cameras = [make_camera(project) for _ in range(CAMERAS)]
    for number in range(clips // CLIPS_A_VIDEO):
        make_ready_video(cameras[number % CAMERAS], frames=250 * CLIPS_A_VIDEO)
    classes = [make_class(project) for _ in range(CLASSES)]
    with connection.cursor() as cursor:
        cursor.execute(FILL, [CLIPS_A_VIDEO - 1, project.pk])
        cursor.execute(SAY, [user.pk, [str(label.pk) for label in classes], project.pk])
    return project, user, classes


def ways(project: "Project", user: "User", classes: list["LabelClass"]) -> dict[str, Callable[[], object]]:
    """What people wait for, by name."""
    from labelling.models import ClipState, Outcome
    from labelling.selectors.annotations import annotation_of
    from labelling.selectors.clips import ClipFilter, ClipSort, clip_of, clips_counts, clips_found, clips_page
    from labelling.selectors.queue import upcoming
    from labelling.selectors.summary import labelling_summary
    from labelling.services.annotations import annotation_submit
    from labelling.services.assignments import assignment_next

    def following() -> object:
        return assignment_next(project=project, user=user)

    def strip() -> object:
        return upcoming(project=project, user=user)

    def submit() -> object:
        leased = assignment_next(project=project, user=user)
        assert leased is not None  # there are more clips than rounds
        clip = clip_of(project=project, clip_id=leased.pk)
        began = time.perf_counter()
        annotation_submit(
            clip=clip,
            author=user,
            base=clip.revision,
            client_id=uuid4(),
            outcome=Outcome.LABELLED,
            label=classes[0].pk,
        )
        return time.perf_counter() - began

    def page(where: ClipFilter, sort: ClipSort, offset: int, state: ClipState | None = None) -> object:
        found = clips_found(project=project, where=where)
        rows = clips_page(found, state=state, sort=sort, limit=50, offset=offset)
        return rows, clips_counts(project=project, where=where)

    open_ = ClipState.OPEN
    return {
        "a bare commit": project.save,
        "next assignment": following,
        "the next eight": strip,
        "submit": submit,
        "open a clip": lambda: annotation_of(clip=clips_found(project=project)[:1][0]),
        "list, queue order": lambda: page(ClipFilter(), ClipSort.QUEUE, 0),
        "list, open": lambda: page(ClipFilter(), ClipSort.QUEUE, 0, open_),
        "list, 20,000 rows down": lambda: page(ClipFilter(), ClipSort.QUEUE, 20_000),
        "list, newest labels": lambda: page(ClipFilter(), ClipSort.ANNOTATED, 0),
        "list, one class": lambda: page(ClipFilter(label=classes[1].pk), ClipSort.QUEUE, 0),
        "list, flagged": lambda: page(ClipFilter(flagged=True), ClipSort.QUEUE, 0),
        "list, words": lambda: page(ClipFilter(search="video-10"), ClipSort.QUEUE, 0),
        "summary": lambda: labelling_summary(project=project, user=user),
    }


def told(name: str, seconds: list[float]) -> str:
    """A line: median and 95th percentile in milliseconds."""
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return f"{name:26} median {statistics.median(seconds) * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms"


def crowd(project: "Project", label: "LabelClass", people: int, each: int) -> tuple[float, int]:
    """Several people who take a clip and label it, again and again: clips a second, and clips given twice."""
    from django.db import connection

    from labelling.models import Outcome
    from labelling.selectors.clips import clip_of
    from labelling.services.annotations import annotation_submit
    from labelling.services.assignments import assignment_next
    from tests.factories import user_make

    def work(user: "User") -> list[object]:
        done: list[object] = []
        try:
            for _ in range(each):
                leased = assignment_next(project=project, user=user)
                assert leased is not None  # there are more clips than rounds
                clip = clip_of(project=project, clip_id=leased.pk)
                annotation_submit(
                    clip=clip,
                    author=user,
                    base=clip.revision,
                    client_id=uuid4(),
                    outcome=Outcome.LABELLED,
                    label=label.pk,
                )
                done.append(clip.pk)
        finally:
            connection.close()
        return done

    users = [user_make() for _ in range(people)]
    began = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        done = [pk for each_done in pool.map(work, users) for pk in each_done]
    return len(done) / (time.perf_counter() - began), len(done) - len(set(done))


def measure(clips: int, rounds: int) -> None:
    """Fill, run every way in turn, print."""
    began = time.perf_counter()
    project, user, classes = fill(clips)
    print(f"{clips:,} clips made in {time.perf_counter() - began:.0f} s")
    seconds: dict[str, list[float]] = {}
    for number in range(rounds + 3):
        for name, way in ways(project, user, classes).items():
            began = time.perf_counter()
            answer = way()
            took = answer if isinstance(answer, float) else time.perf_counter() - began
            if number >= 3:  # the first rounds fill caches and connections
                seconds.setdefault(name, []).append(took)
    for name, times in seconds.items():
        print(told(name, times))
    rate, twice = crowd(project, classes[0], people=8, each=max(10, rounds // 2))
    print(f"8 people at once: {rate:.0f} clips labelled a second, {twice} given twice")


def main() -> None:
    """Make a database, measure in it, drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    arguments = parser.parse_args()
    with own_database():
        measure(arguments.clips, arguments.rounds)


if __name__ == "__main__":
    main()
