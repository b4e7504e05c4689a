"""Texts that begin as a template: what a form can do with them, and what their placeholders stand for."""

from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import force_locale

from app.accounts.person import Person
from app.lib import moments
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.reply_template import KNOWN, PLACEHOLDERS, ReplyTemplate

FIELD_OF = {"deadline": "due_at"}  # placeholders called otherwise than the field behind them


class StillOpen(Refused):
    """A template's placeholder that nobody could fill must not reach a customer."""

    says = _l("Fill in %(placeholder)s first: there was nothing to put there.")
    field = "text"


@dataclass(frozen=True)
class Picker:
    """The templates on offer, and what they were searched for."""

    found: list[ReplyTemplate]
    words: str = ""

    SHOWN: ClassVar[int] = 30

    @property
    def shown(self) -> list[ReplyTemplate]:
        return self.found[: self.SHOWN]

    @property
    def more(self) -> int:
        """How many are not shown: a search finds them."""
        return len(self.found) - len(self.shown)


class Templated:
    """A form with a text that can begin as a template. The pickers are buttons of the form: nothing typed is lost."""

    use = "reply"

    def offered(self, ticket: Any, agent: Person, words: str = "") -> list[ReplyTemplate]:
        """The templates for this form, where its writer asked for them; `words` is what they search for."""
        groups = [ticket.group_id, *(member.group_id for member in agent.memberships)]
        return ReplyTemplate.offered(use=self.use, groups=groups, language=ticket.language, words=words)

    def picked(self, asked: Any, ticket: Any, agent: Person) -> "Picker | None":
        """The picker, if `asked` (what was posted) wants it open."""
        if "pick" not in asked:
            return None
        words = asked.get("find", "")[:100]
        return Picker(self.offered(ticket, agent, words), words)

    def take_template(self, number: str, *, ticket: Any, agent: Person) -> None:
        """Adds this template's text, filled in, to what is written already."""
        chosen = next((each for each in self.offered(ticket, agent) if str(each.id) == number), None)
        if chosen:
            text: Any = self.text  # type: ignore[attr-defined]
            filled = chosen.filled(placeholders(ticket, agent))
            text.data = "\n\n".join(part for part in ((text.data or "").rstrip(), filled) if part)

    @property
    def left_open(self) -> dict[str, Any]:
        """The placeholders that still stand in the text, and what belongs there."""
        found = KNOWN.finditer(self.text.data or "")  # type: ignore[attr-defined]
        return {each.group(): PLACEHOLDERS[each[1]] for each in found}

    def check_placeholders(self) -> None:
        """Raises StillOpen."""
        for placeholder in self.left_open:
            raise StillOpen(placeholder=placeholder)


def placeholders(ticket: Any, agent: Person) -> dict[str, str]:
    """What the placeholders of a template stand for, in the ticket's language; a field that is off fills in nothing."""
    named = "" if "@" in ticket.name else ticket.name.strip()
    with force_locale(ticket.language):
        status = str(ticket.state.portal_label)
    their_company = ticket.customer_company if ticket.shows("customer_company") else ""
    due = ticket.due_at
    values = {
        "name": named.partition(" ")[0],
        "full_name": named,
        "organization": ticket.organization.name if ticket.organization else their_company,
        "number": str(ticket.number),
        "subject": ticket.subject,
        "status": status,
        "product": ticket.product.label if ticket.product else "",
        "serial": ticket.serial,
        "deadline": moments.date(due, ticket.company.zone, ticket.language) if due else "",
        "agent": agent.name,
        "company": ticket.company.name,
    }
    return {name: value if ticket.shows(FIELD_OF.get(name, name)) else "" for name, value in values.items()}
