"""Texts that begin as a template: what a form can do with them, and what their placeholders stand for."""

import re
from typing import Any

from app.accounts.person import Person
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import ReplyTemplate

PLACEHOLDER = re.compile(r"\{(name|number|subject|agent|company)\}")


class StillOpen(Refused):
    """A template's placeholder that nobody could fill must not reach a customer."""

    says = _l("Fill in %(placeholder)s first: there was nothing to put there.")
    field = "text"


class Templated:
    """A form with a text that can begin as a template. The pickers are buttons of the form: nothing typed is lost."""

    use = "reply"

    def offered(self, group: Any) -> list[ReplyTemplate]:
        """The templates for this form, where its writer asked for them."""
        return ReplyTemplate.offered(use=self.use, group=group)

    def take_template(self, number: str, *, group: Any, values: dict[str, str]) -> None:
        """Adds this template's text, filled in, to what is written already."""
        chosen = next((each for each in self.offered(group) if str(each.id) == number), None)
        if chosen:
            text: Any = self.text  # type: ignore[attr-defined]
            text.data = "\n\n".join(part for part in ((text.data or "").rstrip(), chosen.filled(values)) if part)

    def check_placeholders(self) -> None:
        """Raises StillOpen."""
        left = PLACEHOLDER.search(self.text.data or "")  # type: ignore[attr-defined]
        if left:
            raise StillOpen(placeholder=left.group())


def placeholders(ticket: Any, agent: Person) -> dict[str, str]:
    """What the placeholders of a template stand for."""
    return {
        "name": ticket.name.split()[0] if ticket.name.split() else "",
        "number": str(ticket.number),
        "subject": ticket.subject,
        "agent": agent.name,
        "company": ticket.company.name,
    }
