"""The queue itself, on SQLite or on Redis; and a nudge for the worker from a process that loads none of its tasks."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from huey import Huey, RedisExpireHuey, SqliteHuey
from huey.registry import Message

from app.config import Config
from app.lib import health


def open_queue(config: Config) -> Huey:
    """The installation's queue."""
    # results=False: tasks report through the database, and results that nobody reads would stay for ever.
    if config.uses_redis:
        return RedisExpireHuey("ventanilla", url=config.queue_url, results=False)
    config.queue_file.parent.mkdir(parents=True, exist_ok=True)  # type: ignore[union-attr]
    return SqliteHuey("ventanilla", filename=str(config.queue_file), fsync=True, results=False)


def nudge(queue: Huey, task: str, *arguments: Any) -> None:
    """Queues a task by its full name, such as "tasks.mail.process_mail"."""
    message = Message(id=str(uuid4()), name=task, retries=0, retry_delay=0, args=arguments, kwargs={})
    queue.storage.enqueue(queue.serializer.serialize(message), None)


def announcer(queue: Huey) -> Callable[[Any], None]:
    """Who is told of events in the web server: the worker, which alone loads what the reactions need (14 MB of it)."""
    health.watch("queue", queue.storage.queue_size)
    return lambda event: nudge(queue, "tasks.reactions.react_to", event.id)
