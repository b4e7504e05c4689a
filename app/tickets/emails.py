"""Letters about a ticket itself: it was opened, it was closed, here is a new link."""

from app.branding.letter import letter
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery

OPEN = _l("Open the ticket")


def opened(delivery: Delivery) -> Letter:
    """The acknowledgement (L1): work has started, and the personal link."""
    return letter("tickets/emails/opened", delivery, button=OPEN, may_answer=True, reply_line=True)


def closed_by_team(delivery: Delivery) -> Letter:
    """Closed by us (L8), with the reason the customer reads."""
    message = delivery.message
    return letter(
        "tickets/emails/closed_by_team",
        delivery,
        author=message.author_name if message else delivery.ticket.company.name,
        text=message.text if message else "",
        button=OPEN,
        reply_line=True,
    )


def closed_by_customer(delivery: Delivery) -> Letter:
    """Confirms that the customer closed it (L7)."""
    closed_at = delivery.event.at if delivery.event else delivery.created_at
    return letter("tickets/emails/closed_by_customer", delivery, closed_at=closed_at, button=OPEN, reply_line=True)


def fresh_link(delivery: Delivery) -> Letter:
    """A new link in place of an expired one (W3): says nothing else."""
    return letter("tickets/emails/fresh_link", delivery, button=OPEN, hide_assignee=True)
