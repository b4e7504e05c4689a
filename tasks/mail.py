"""Mail in the background: fetching, taking in, sending."""

from app.mail import outgoing, receiving
from app.mail.mailbox import Mailbox
from app.timeline.event import Event
from tasks.queue import task


def deliver(event: Event) -> None:
    """Mail is due: send it now, and not at the next minute."""
    send_due()


def fetch_asked(event: Event) -> None:
    """Somebody wants a mailbox fetched now."""
    fetch_mailbox(event.about_id)


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
