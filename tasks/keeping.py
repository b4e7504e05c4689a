"""The worker keeps every mailbox: threads of its own fetch them and wait for their mail, beside the tasks."""

import threading

from app.mail.keeping import Keepers
from tasks.mail import process_mail, send_due
from tasks.queue import at_work, huey

_keepers: list[Keepers] = []
_starting = threading.Lock()


@huey.on_startup()
def begin_keeping() -> None:
    """Each thread of a worker says so when it starts; the first one is enough."""
    with _starting:
        if not _keepers:
            _keepers.append(Keepers(at_work, afterwards=process_mail))
            _keepers[0].start()
            # What a killed worker had entered, or was about to send: the next round may be a minute away.
            process_mail()
            send_due()


@huey.on_shutdown()
def end_keeping() -> None:
    with _starting:
        for each in _keepers:
            each.stop()
        _keepers.clear()
