"""A real worker, killed again and again while it fetches and sends: nothing is lost, nothing doubled but one id."""

import random
import time
import uuid

import pytest

from app.lib.jobs import nudge, open_queue
from app.mail.connecting import sealed
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, support

LETTERS, KILLS, THREADS = 40, 6, 2


@pytest.fixture
def queue(app, worker):
    """The queue of this test's worker, and not the one of this process."""
    opened = open_queue(app.extensions["ventanilla"])
    return lambda task, *arguments: nudge(opened, f"tasks.mail.{task}", *arguments)


def test_a_worker_killed_at_random_points_loses_nothing(world, worker, queue, dovecot, postbag):
    user = f"{uuid.uuid4().hex[:10]}@acme.example"
    WireSettings.set(mode="live")
    Delivery.update(state="cancelled").execute()
    mailbox = support(
        address=user, user=user, host=dovecot.host, port=dovecot.imap, password=sealed("secret"), uidvalidity=None,
        smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none",
    )  # fmt: skip
    letters = [
        mail(f"Number {count}", sender=f"c{count}@new.example", subject=f"Subject {count}", to=user,
             files=(("a.bin", bytes(random.Random(count).randbytes(20_000))),))
        for count in range(LETTERS)
    ]  # fmt: skip
    dice = random.Random(20261121)
    for kill in range(KILLS):
        dovecot.put(user, *letters[kill::KILLS])
        queue("fetch_mailbox", mailbox.id)
        queue("process_mail")
        queue("send_due")
        worker.start()
        time.sleep(dice.uniform(0.05, 1.5))
        worker.kill()
    worker.start()
    end = time.monotonic() + 60
    while time.monotonic() < end and not _is_done():
        for task, arguments in (("fetch_mailbox", (mailbox.id,)), ("process_mail", ()), ("send_due", ())):
            queue(task, *arguments)
        time.sleep(1)
    worker.stop()
    _insist_on_nothing_lost(postbag)


def _is_done() -> bool:
    opened = LedgerEntry.select().where(LedgerEntry.outcome == "opened").count()
    waiting = Delivery.select().where(Delivery.state.in_(["waiting", "deferred", "sending"])).count()
    return opened == LETTERS and not waiting


def _insist_on_nothing_lost(postbag) -> None:
    outcomes = [entry.outcome for entry in LedgerEntry.select()]
    assert outcomes == ["opened"] * LETTERS, Mailbox.get().failure
    tickets = list(Ticket.select().where(Ticket.channel == "email"))
    assert sorted(ticket.subject for ticket in tickets) == sorted(f"Subject {count}" for count in range(LETTERS))
    assert all(ticket.messages.get().attachments.count() == 1 for ticket in tickets)
    for count in range(LETTERS):
        received = postbag.to(f"c{count}@new.example")
        assert received, f"no acknowledgement for {count}"
        assert len({letter["Message-ID"] for letter in received}) == 1
    # A kill may meet each thread between the server's acceptance of a mail and our commit.
    assert len(postbag.raw) <= LETTERS + KILLS * THREADS
