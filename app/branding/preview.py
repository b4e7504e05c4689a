"""A letter before it is ever sent: a wording, drawn with a real ticket and examples for the rest."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import force_locale

from app.branding.company import Company
from app.branding.letter import addressed, facts_of, worded
from app.branding.wording import Wording
from app.lib import links
from app.lib.clock import now
from app.lib.letters import Letter
from app.lib.words import gettext as _
from app.outbox.delivery import Delivery
from app.outbox.letters import ABOUT


def preview(letter: str, language: str, wording: Wording, ticket: Any = None) -> Letter:
    """As it would reach this ticket's customer; without a ticket, an example of one."""
    about, company = ABOUT[letter], ticket.company if ticket else Company.ours()
    with force_locale(language):
        shown = (ticket or _example(company)) if about.has_ticket else None
        name = ticket.name if ticket else "Ana Ruiz"
        known = facts_of(shown, company, name, language) | _examples(shown)
        said = worded(wording, about, known)
    email = (ticket.email if ticket else None) or "ana@customer.example"
    delivery = Delivery(letter=letter, language=language, to_name=name, to_address=email)
    return addressed(said, delivery, company)


def _example(company: Company) -> Any:
    return SimpleNamespace(
        number=1042, subject=_("The printer is stuck"), company=company, assignee=None, snippet="",
        state=SimpleNamespace(portal_label=_("Open")),
    )  # fmt: skip


def _examples(ticket: Any) -> dict[str, Any]:
    """What only a letter that is sent knows."""
    author = ticket.assignee.name if ticket and ticket.assignee else "Ada"
    words = (ticket.snippet if ticket else "") or _("We can come on Friday at nine. Does that suit you?")
    moment = now()
    return {
        "url": links.absolute("/t/example"), "button": _("Open the ticket"), "reply_line": True, "author": author,
        "text": words, "reasons": _("The price is higher than I expected"), "decided_by": "Ana Ruiz",
        "decided_at": moment, "asked_at": moment - timedelta(days=2), "valid_until": moment + timedelta(days=7),
        "closed_at": moment, "ends_at": moment + timedelta(days=2), "inviter": author,
        "introduction": _("A few questions about this ticket; they take a minute."),
        "headline": _("The customer has answered"), "who": author, "what": _("Priority"), "code": "123 456",
        "minutes": 10,
    }  # fmt: skip
