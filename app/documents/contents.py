"""What stands in the PDF of a ticket: its public conversation and the evidence, as plain values for a template."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale

from app.accounts.person import Person
from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.authorizations.signature import kept
from app.branding.paper import letterhead, png_address
from app.lib import moments, money, pdf
from app.lib.clock import now
from app.lib.kinds import said
from app.lib.words import gettext as _
from app.messages.message import Message
from app.organizations.settings import CustomerSettings
from app.tickets.intervention import Intervention
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket


def html_of(
    ticket: Ticket, *, face: str, language: str, timezone: str, reader: Person | None = None
) -> tuple[str, str]:
    """The page for the PDF, and its title. `reader`: the customer who decided on a ticket merged into this one."""
    with force_locale(language):
        title = _("Ticket %(number)s", number=ticket.number)
        document = Contents(ticket, face, language, ZoneInfo(timezone), reader).as_dictionary()
        page = current_app.jinja_env.get_template("tickets/documents/ticket.html").render(document=document)
        return page, f"{title}: {ticket.subject}"


class Contents:
    """One ticket, in one language and zone, for one face."""

    def __init__(self, ticket: Ticket, face: str, language: str, zone: ZoneInfo, reader: Person | None) -> None:
        self.ticket, self.face, self.language, self.zone, self.reader = ticket, face, language, zone, reader

    def as_dictionary(self) -> dict[str, Any]:
        messages = self.ticket.conversation(public_only=True)
        asked = self._asked()
        gallery.load(messages=messages, authorizations=asked)
        told = [(each.said_at, self._message(each)) for each in messages]
        noted = Intervention.of(self.ticket, public_only=True)
        told += [(each.done_at, self._intervention(each)) for each in noted]
        return {
            "company": letterhead(self.ticket.company),
            "number": self.ticket.number,
            "subject": self.ticket.subject,
            "fields": [(label, str(value)) for label, value in self._fields() if value],
            "authorizations": [self._authorization(each) for each in asked],
            "messages": [said for _at, said in sorted(told, key=lambda entry: entry[0])],
            "generated": _("Made on %(moment)s. Internal notes are not included.", moment=self._moment(now())),
        }

    def _asked(self) -> list[Authorization]:
        """Oldest first. Of a merged ticket to a customer only what they decided themselves, as on the page."""
        ticket = self.ticket
        asked = ticket.authorizations_shown() if self.face == "desk" else ticket.authorizations_for(self.reader)
        return [each for each in asked if each.answer or each.is_pending][::-1]

    def _moment(self, moment: datetime, *, seconds: bool = False) -> str:
        return moments.compact(moment, self.zone, self.language, seconds=seconds)

    def _fields(self) -> list[tuple[str, Any]]:
        ticket = self.ticket
        state = ticket.state
        machine = CustomerSettings.uses_equipment
        equipment = ticket.equipment if machine else None
        off = {self._words_of[name]() for name in TicketSettings.fields_off if name in self._words_of}
        fields = [
            (_("Customer"), ticket.organization.name if ticket.organization else self._their_company),
            (_("Contact"), ticket.name),
            (_("Status"), state.label if self.face == "desk" else state.portal_label),
            (_("Opened"), self._moment(ticket.created_at)),
            (_("Category"), ticket.category),
            (_("Equipment"), " ".join(filter(None, (equipment.name, equipment.kind))) if equipment else ""),
            (_("Serial number"), (ticket.serial or (equipment.serial if equipment else "")) if machine else ""),
            (_("Sales order"), ticket.sales_order),
            (_("Handled by"), ticket.assignee.name if ticket.assignee else ""),
            (_("Deadline"), self._moment(ticket.due_at) if ticket.due_at else ""),
            (_("Closed"), self._moment(ticket.closed_at) if ticket.closed_at and ticket.is_closed else ""),
        ]
        own = [(field.label, said(field.kind, text)) for field, text in ticket.custom() if field.for_customers]
        return [(label, value) for label, value in fields if label not in off] + own

    # What can be switched off (T6), by the word it stands under here.
    _words_of: ClassVar[dict[str, Any]] = {
        "category": lambda: _("Category"),
        "serial": lambda: _("Serial number"),
        "sales_order": lambda: _("Sales order"),
        "due_at": lambda: _("Deadline"),
    }

    @property
    def _their_company(self) -> str:
        return "" if "customer_company" in TicketSettings.fields_off else self.ticket.customer_company

    def _message(self, message: Message) -> dict[str, Any]:
        how = {
            "email": _("by mail"),
            "form": _("by the web form"),
            "portal": _("in the portal"),
            "link": _("by a portal link"),
        }.get(message.channel)
        when = self._moment(message.said_at)
        return {
            "author": message.author_name,
            "side": "" if message.is_incoming else self.ticket.company.name,
            "when": f"{when}, {how}" if how and message.is_incoming else when,
            "paragraphs": pdf.paragraphs(message.text),
            "attachments": [f"{file.name} ({file.size_label})" for file in message.files],
        }

    def _intervention(self, noted: Intervention) -> dict[str, Any]:
        return {
            "author": noted.by_name,
            "side": _("Intervention, %(time)s h", time=noted.time_spent),
            "when": self._moment(noted.done_at),
            "paragraphs": pdf.paragraphs(noted.text),
            "attachments": [],
        }

    def _authorization(self, asked: Authorization) -> dict[str, Any]:
        decision = asked.answer
        text = pdf.paragraphs(asked.text) + pdf.paragraphs("\n".join(self._items(asked)))
        who = _("%(name)s, %(moment)s", name=asked.asked_by.name, moment=self._moment(asked.created_at, seconds=True))
        shown: dict[str, Any] = {
            "title": self._title(asked),
            "text": text,
            "decision": _("Waiting for an answer"),
            "reason": [],
            "signature": None,
            "signature_name": "",
            "signature_caption": "",
            "identified_by": None,
            "code": None,
            "decided_at": None,
            "ip": None,
            "browser": None,
            "asked_by": who,
            "hashes": [(_("SHA-256 of the text"), asked.text_sha256)],
        }
        if decision:
            shown |= self._decision(decision)
            shown["hashes"] += [
                (_("SHA-256 of %(name)s", name=file["name"]), file["sha256"]) for file in decision.attachments
            ]
            if decision.signature_sha256:
                shown["hashes"].insert(1, (_("SHA-256 of the signature"), decision.signature_sha256))
        lines = text + shown["reason"]
        return shown | {"is_long": pdf.is_long(lines, besides=2 * len(shown["hashes"]))}

    def _title(self, asked: Authorization) -> str:
        which = {"number": asked.number, "ticket": asked.ticket.number}
        if asked.ticket_id != self.ticket.id:
            return _("Authorization %(number)s of ticket %(ticket)s", **which)
        return _("Authorization %(number)s", number=asked.number)

    def _items(self, asked: Authorization) -> list[str]:
        """A line for each item, with what it costs and what became of it; and what was signed."""
        decision = asked.answer
        refused = decision.refused if decision and decision.is_partial else []
        lines = [f"{item.number}. {item.text}{self._amount(item.amount, asked)}" for item in asked.items]
        for item in refused:
            lines[item.number - 1] += f" · {_('Not authorized')}: {decision.reason_for(item)}"
        if len(lines) > 1 and asked.total is not None:
            lines.append(f"{_('Total')}{self._amount(asked.total, asked)}")
        if refused and decision.authorized_total is not None:
            lines.append(f"{_('Authorized total')}{self._amount(decision.authorized_total, asked)}")
        return [*lines, "", decision.sentence] if decision else lines

    def _amount(self, amount: Any, asked: Authorization) -> str:
        return "" if amount is None else f": {money.shown(amount, asked.currency, self.language)}"

    def _decision(self, decision: Any) -> dict[str, Any]:
        verdict = _("Authorized") if decision.outcome == "authorized" else _("Denied")
        verdict = _("Authorized in part") if decision.is_partial else verdict
        at = self._moment(decision.decided_at, seconds=True)
        by_link = decision.way == "link"
        drawn = decision.signature_kind == "drawn"
        proved = decision.code_confirmed_at
        signature = kept(decision.signature_kind, decision.signature) if decision.signature else None
        identified = (
            _("Personal link sent to %(address)s", address=decision.address)
            if by_link
            else _("Signed in as %(address)s", address=decision.address)
        )
        return {
            "decision": verdict,
            "reason": pdf.paragraphs(decision.reasons),
            "signature": png_address(signature.png()) if signature else None,
            "signature_name": decision.name,
            "signature_caption": _("Drawn on screen, %(moment)s", moment=at)
            if drawn
            else _("Signed by typing the name, %(moment)s", moment=at),
            "identified_by": identified,
            "code": _("Confirmed %(moment)s", moment=self._moment(proved, seconds=True)) if proved else None,
            "decided_at": at,
            "ip": decision.ip,
            "browser": decision.user_agent,
        }
