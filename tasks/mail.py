"""Mail in the background: fetching, taking in, sending."""

from app.mail import outgoing, receiving
from app.mail.dkim_key import DkimKey
from app.mail.mailbox import Mailbox
from app.mail.relay import Relay
from app.timeline.event import Event
from tasks.queue import task


def deliver(event: Event) -> None:
    """Mail is due: send it now, and not at the next minute."""
    send_due()


def fetch_asked(event: Event) -> None:
    """Somebody wants a mailbox fetched now."""
    fetch_mailbox(event.about_id)


def try_out(event: Event) -> None:
    """Somebody wants a mailbox, or the server for sending, tested."""
    tried = event.about
    if isinstance(tried, Mailbox | Relay) and event.by and tried.awaits(event.details["asked"]):
        tried.test(by=event.by)


def look_up(event: Event) -> None:
    """Somebody wants to know whether a key's record is published."""
    key = event.about
    if isinstance(key, DkimKey) and event.by and key.is_being_checked:
        key.check(by=event.by)


def take_in(event: Event) -> None:
    """Something in the ledger waits to be processed."""
    process_mail()


@task
def send_due() -> None:
    outgoing.send_due()


@task
def fetch_mailbox(mailbox_id: int) -> None:
    mailbox = Mailbox.get_or_none(id=mailbox_id)
    if mailbox and mailbox.fetch():
        receiving.process_new()


@task
def process_mail() -> None:
    receiving.process_new()
