"""Letters about a ticket itself: it was opened, it was closed, here is a new link."""

from app.branding.letter import letter
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.letters import about

OPEN = _l("Open the ticket")


@about(_l("Acknowledgement"), _l("A ticket was opened by the customer or for them."))
def opened(delivery: Delivery) -> Letter:
    """The acknowledgement (L1): work has started, and the personal link."""
    return letter("tickets/emails/opened", delivery, button=OPEN, may_answer=True, reply_line=True)


@about(
    _l("Closed by the team"), _l("An agent closed the ticket, with a reason."), takes=("author", "text"),
    needs=("text",),
)  # fmt: skip
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


@about(_l("Closed by the customer"), _l("Confirms that they closed it."), takes=("closed_at",))
def closed_by_customer(delivery: Delivery) -> Letter:
    """Confirms that the customer closed it (L7)."""
    closed_at = delivery.event.at if delivery.event else delivery.created_at
    return letter("tickets/emails/closed_by_customer", delivery, closed_at=closed_at, button=OPEN, reply_line=True)


@about(_l("A new link"), _l("The customer asked for a link in place of one that has ended."))
def fresh_link(delivery: Delivery) -> Letter:
    """A new link in place of an expired one (W3): says nothing else."""
    return letter("tickets/emails/fresh_link", delivery, button=OPEN, hide_assignee=True)


@about(
    _l("Confirmation of a form"), _l("A form whose sender nothing else proved waits for a press."), group="account",
    takes=("ends_at",), has_ticket=False,
)  # fmt: skip
def confirm_form(delivery: Delivery) -> Letter:
    """The button that opens the ticket of a form which nothing else proved (C3). Says nothing of what was typed."""
    held = delivery.about
    return letter(
        "tickets/emails/confirm_form",
        delivery,
        ends_at=held.expires_at,
        button=_l("Confirm and open the ticket"),
        button_url=held.url,
    )
