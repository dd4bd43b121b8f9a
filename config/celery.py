"""The Celery application. A message carries a job's id and nothing else; losing one costs a delay.

With Celery's defaults forty kills lost 36 of 300 messages. Every option below is one that was tried
under kills (docs/architecture.md).
"""

import os

from celery import Celery
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

QUEUES = ("ingest", "score", "train", "light")


def broker_url(redis_url: str) -> str:
    """Return Celery's spelling of a Redis URL: `unix:///a/socket` is `redis+socket:///a/socket` there."""
    scheme, colon, rest = redis_url.partition("://")
    if scheme != "unix":
        return redis_url
    return f"redis+socket{colon}{rest.replace('?db=', '?virtual_host=')}"


def make_app() -> Celery:
    """Return the application, with the broker that the settings name."""
    from django.conf import settings  # when it is needed: this module is imported before Django is set up

    made = Celery("rushes", broker=broker_url(settings.REDIS_URL), include=["core.jobs.tasks"])
    made.conf.update(
        # a message is gone only when its job's attempt has ended, however the worker died
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # from SIGTERM on, with REMAP_SIGTERM=SIGQUIT in the worker's environment (config/processes.py)
        worker_soft_shutdown_timeout=45.0,
        # nobody asks Celery what became of a job: that is in its row
        task_ignore_result=True,
        accept_content=["json"],
        task_serializer="json",
        task_queues=[Queue(name) for name in QUEUES],  # type: ignore[no-untyped-call]  # kombu has none
        task_default_queue="light",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 300,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,  # a host that swallows packets must not hold a request for long
            "health_check_interval": 25,
        },
        timezone="UTC",
    )
    return made


app = make_app()
