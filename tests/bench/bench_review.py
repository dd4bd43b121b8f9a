"""How long the data lead waits for one decision about all that a filter finds, and for its undo.

`python -m tests.bench.bench_review [--videos N] [--spans N] [--besides N]` fills a database of its own: so
many videos of eight cameras with so many rejected spans each, and decides all but `besides` of them, which
are cut in two. Prints seconds. Never part of a test's verdict.
"""

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.bench.database import own_database

if TYPE_CHECKING:
    from core.models import Project

CAMERAS = 8
APART = 100
FILL = """
INSERT INTO curation_qualityspan (id, video_id, start, "end", reason, reasons, state, profile_revision)
SELECT gen_random_uuid(), v.id, %s * n, %s * n + 20, 'defocus', %s::jsonb, 'pending', 1
FROM curation_video AS v, generate_series(0, %s) AS n WHERE v.project_id = %s;
ANALYZE
"""
REASONS = """[{"reason": "defocus", "metric": "defocus", "value": 0.55, "threshold": 0.5, "frames": 15},
              {"reason": "too_dark", "metric": "dark", "value": 0.7, "threshold": 0.5, "frames": 3}]"""


def fill(videos: int, spans: int) -> "Project":
    """A project with so many videos and so many rejected spans in each, all to review."""
    from django.db import connection

    from tests.curation.factories import make_camera, make_metrics, make_ready_video
    from tests.factories import project_make

    project = project_make()
    cameras = [make_camera(project) for _ in range(CAMERAS)]
    for number in range(videos):
        video = make_ready_video(cameras[number % CAMERAS], frames=spans * APART)
        make_metrics(video, defocus=0.55, dark=0.7)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [APART, APART, REASONS, spans - 1, project.pk])
    return project


def timed(name: str, way: Callable[[], object]) -> object:
    """Do it, and print how long it took and with how many statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        answer = way()
    print(f"{name:32} {time.perf_counter() - began:7.2f} s   {len(asked):4} statements", flush=True)
    return answer


def measure(videos: int, spans: int, besides: int) -> None:
    """Fill, decide and undo in turn, print."""
    from curation.models import QualitySpan, ReviewBatch, SpanState
    from curation.selectors.spans import SpanFilter, looked_at
    from curation.services.review import Part, spans_review
    from curation.services.review_undo import review_undo
    from tests.factories import user_make

    project, actor = fill(videos, spans), user_make()
    print(f"{videos * spans:,} spans in {videos:,} videos, {besides:,} exceptions")
    spared = [
        Part(pk, start, start + 5, SpanState.PENDING)
        for pk, start in QualitySpan.objects.order_by("pk").values_list("pk", "start")[:besides]
    ]

    def decide(to: SpanState, *, where: SpanFilter, parts: list[Part]) -> ReviewBatch:
        return spans_review(
            project=project,
            actor=actor,
            batch_id=uuid4(),
            to=to,
            where=where,
            besides=parts,
            seen=videos * spans,
            at=looked_at(),
        )

    pending = SpanFilter(state=SpanState.PENDING)

    def there_and_back(to: SpanState, where: SpanFilter, parts: list[Part]) -> None:
        but = f" but {len(parts):,} parts" if parts else ""
        batch = timed(f"all to {to}{but}", lambda: decide(to, where=where, parts=parts))
        assert isinstance(batch, ReviewBatch)
        timed("its undo", lambda: review_undo(batch=batch, actor=actor))

    there_and_back(SpanState.CONFIRMED, pending, [])
    for parts in ([], spared) if spared else ([],):
        there_and_back(SpanState.RESTORED, pending, parts)
        assert QualitySpan.objects.filter(state=SpanState.PENDING, batch=None).count() == videos * spans


def main() -> None:
    """Make a database, measure in it, drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=1_000)
    parser.add_argument("--spans", type=int, default=100)
    parser.add_argument("--besides", type=int, default=0)
    arguments = parser.parse_args()
    with own_database():
        measure(arguments.videos, arguments.spans, arguments.besides)


if __name__ == "__main__":
    main()
