import pytest

from config.celery import QUEUES, app, broker_url


@pytest.mark.parametrize(
    ("redis_url", "broker"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("rediss://user:pw@host:6380/0", "rediss://user:pw@host:6380/0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix:///run/redis.sock?db=4", "redis+socket:///run/redis.sock?virtual_host=4"),
    ],
)
def test_every_redis_url_has_a_broker_url(redis_url: str, broker: str) -> None:
    assert broker_url(redis_url) == broker


def test_a_message_outlives_the_worker_that_took_it() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert not app.conf.worker_cancel_long_running_tasks_on_connection_loss


def test_the_broker_gives_lost_messages_back_within_minutes() -> None:
    assert (
        app.conf.broker_transport_options
        | {
            "visibility_timeout": 300,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "health_check_interval": 25,
        }
        == app.conf.broker_transport_options
    )


def test_nothing_but_json_is_read_and_no_result_is_kept() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None


def test_there_is_a_queue_for_each_kind_of_load() -> None:
    assert {queue.name for queue in app.conf.task_queues} == set(QUEUES)
    assert app.conf.task_default_queue in QUEUES


def test_the_task_is_registered() -> None:
    app.loader.import_default_modules()
    assert "core.run_job" in app.tasks
