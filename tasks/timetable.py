"""Every periodic duty, on one page."""

from collections.abc import Callable
from typing import Any

from huey import crontab

from app.accounts.session import Session
from app.attachments.attachment import Attachment
from app.authorizations.certificate import Certificate
from app.lib import orphans
from app.lib.health import Heartbeat
from app.lib.lease import Lease
from app.lib.once import SentForm
from app.mail import outgoing, receiving
from app.mail.ledger import LedgerEntry
from app.tickets.batch import Batch
from app.tickets.held_form import HeldForm
from app.tickets.presence import Presence
from app.tickets.ticket import Ticket
from tasks import reactions
from tasks.queue import huey, unit


def every(minutes: int = 1) -> Callable[[Callable[[], Any]], Any]:
    """A duty each so many minutes; of several workers one does it."""
    return _periodic(crontab(minute=f"*/{minutes}"))


def daily(at: str) -> Callable[[Callable[[], Any]], Any]:
    """A duty once a day, at an hour of UTC ("03:10")."""
    hour, _, minute = at.partition(":")
    return _periodic(crontab(hour=hour.lstrip("0") or "0", minute=minute.lstrip("0") or "0"))


def _periodic(when: Any) -> Callable[[Callable[[], Any]], Any]:
    def decorate(duty: Callable[[], Any]) -> Any:
        def once() -> None:
            if Lease.take(duty.__name__):
                duty()

        once.__name__ = duty.__name__
        return huey.periodic_task(when, name=duty.__name__)(unit(once))

    return decorate


@every(minutes=1)
def beat() -> None:
    Heartbeat.beat("worker")


@every(minutes=1)
def sweep_events() -> None:
    reactions.sweep()


@every(minutes=1)
def process_mail() -> None:
    receiving.process_new()


@every(minutes=1)
def send_mail() -> None:
    outgoing.send_due()


@every(minutes=1)
def make_certificates() -> None:
    Certificate.make_due()


@every(minutes=1)
def wake_tickets() -> None:
    Ticket.wake_due()


@every(minutes=30)
def close_resolved_tickets() -> None:
    Ticket.close_resolved()


@daily(at="03:10")
def forget() -> None:
    Attachment.discard_old_drafts()
    SentForm.forget_old()
    HeldForm.forget_old()
    Session.forget_ended()
    Batch.forget_drafts()
    Ticket.purge_old()
    LedgerEntry.forget_old()
    Presence.forget_old()


@daily(at="03:40")
def remove_orphans() -> None:
    orphans.remove()
