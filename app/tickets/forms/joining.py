"""Tickets that belong together, or go apart."""

from typing import Any, Self

from wtforms import (
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.person import Person
from app.lib.forms import Form, offer
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.tickets.forms.fields import REQUIRED
from app.tickets.ticket import Ticket

SENTENCES: dict[str, Any] = {
    "related": _l("This ticket is related to the other one"),
    "child": _l("This ticket contains the other one"),
    "parent": _l("This ticket is part of the other one"),
    "duplicate": _l("This ticket is a duplicate of the other one"),
    "duplicated": _l("The other one is a duplicate of this ticket"),
}


class NoSuchTicket(Refused):
    says = _l("There is no ticket %(number)s that you may see.")
    field = "other"


class OtherTicketForm(Form):
    """Another ticket, by its number."""

    other = StringField(
        _l("Number of the other ticket"), [REQUIRED, Length(max=12)], render_kw={"inputmode": "numeric"}
    )

    @classmethod
    def asked(cls, args: Any) -> Self:
        """With what an address says."""
        return cls(formdata=None, other=args.get("other", ""))

    def found(self, me: Person) -> Ticket:
        """Raises NoSuchTicket."""
        typed = (self.other.data or "").strip().lstrip("#")
        known = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
        ticket = Ticket.seen_by_agent(me).where(Ticket.number == known).first()
        if ticket and ticket.merged_into_id:
            ticket = Ticket.seen_by_agent(me).where(Ticket.id == ticket.merged_into_id).first()
        if ticket is None or ticket.is_away:
            raise NoSuchTicket(number=typed[:12])
        return ticket


class RelationForm(OtherTicketForm):
    """How another ticket belongs to this one."""

    says = SelectField(_l("How they belong together"), choices=offer(SENTENCES.items()))


class SplitForm(Form):
    """Which messages go to a ticket of their own."""

    subject = StringField(_l("Subject of the new ticket"), [REQUIRED, Length(max=300)])
    messages = SelectMultipleField(
        _l("What goes there"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    @classmethod
    def of(cls, messages: list[Message], chosen: int | None = None) -> Self:
        """The messages of a ticket to choose from; from the chosen one on they are ticked."""
        later = [str(message.id) for message in messages if chosen and message.id >= chosen]
        form = cls(messages=later)
        form.messages.choices = offer((str(each.id), f"{each.author_name}: {each.snippet[:120]}") for each in messages)
        return form

    @property
    def chosen(self) -> list[int]:
        return [int(each) for each in self.messages.data or [] if each.isascii() and each.isdigit() and len(each) < 10]
