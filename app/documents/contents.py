"""What stands in the PDF of a ticket: its public conversation and the evidence, as plain values for a template."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale

from app.attachments import gallery
from app.authorizations.authorization import Authorization
from app.authorizations.signature import kept
from app.branding.letter import BRANDS
from app.lib import moments, pdf
from app.lib.clock import now
from app.lib.words import gettext as _
from app.messages.message import Message
from app.tickets.ticket import Ticket


def html_of(ticket: Ticket, *, face: str, language: str, timezone: str) -> tuple[str, str]:
    """The page for the PDF, and its title."""
    with force_locale(language):
        title = _("Ticket %(number)s", number=ticket.number)
        document = Contents(ticket, face, language, ZoneInfo(timezone)).as_dictionary()
        page = current_app.jinja_env.get_template("tickets/documents/ticket.html").render(document=document)
        return page, f"{title}: {ticket.subject}"


class Contents:
    """One ticket, in one language and zone, for one face."""

    def __init__(self, ticket: Ticket, face: str, language: str, zone: ZoneInfo) -> None:
        self.ticket, self.face, self.language, self.zone = ticket, face, language, zone

    def as_dictionary(self) -> dict[str, Any]:
        messages = self.ticket.conversation(public_only=True)
        asked = [each for each in self.ticket.authorizations_shown() if each.answer or each.is_pending][::-1]
        gallery.load(messages=messages, authorizations=asked)
        return {
            "company": self._company(),
            "number": self.ticket.number,
            "subject": self.ticket.subject,
            "fields": [(label, str(value)) for label, value in self._fields() if value],
            "authorizations": [self._authorization(each) for each in asked],
            "messages": [self._message(each) for each in messages],
            "generated": _("Made on %(moment)s. Internal notes are not included.", moment=self._moment(now())),
        }

    def _moment(self, moment: datetime, *, seconds: bool = False) -> str:
        return moments.compact(moment, self.zone, self.language, seconds=seconds)

    def _company(self) -> dict[str, Any]:
        company = self.ticket.company
        details = [company.address, company.phone, company.email, company.website]
        brand = BRANDS.get(company.theme, BRANDS["tinta"])["solid"]
        return {
            "name": company.name,
            "details": " · ".join(filter(None, details)),
            "logo": None,
            "brand": brand,
        }

    def _fields(self) -> list[tuple[str, Any]]:
        ticket = self.ticket
        state = ticket.state
        equipment = ticket.equipment
        return [
            (_("Customer"), ticket.organization.name if ticket.organization else ticket.customer_company),
            (_("Contact"), ticket.name),
            (_("Status"), state.label if self.face == "desk" else state.portal_label),
            (_("Opened"), self._moment(ticket.created_at)),
            (_("Category"), ticket.category),
            (_("Equipment"), equipment.name if equipment else ""),
            (_("Serial number"), ticket.serial or (equipment.serial if equipment else "")),
            (_("Sales order"), ticket.sales_order),
            (_("Handled by"), ticket.assignee.name if ticket.assignee else ""),
            (_("Deadline"), self._moment(ticket.due_at) if ticket.due_at else ""),
            (_("Closed"), self._moment(ticket.closed_at) if ticket.closed_at and ticket.is_closed else ""),
        ]

    def _message(self, message: Message) -> dict[str, Any]:
        how = {"email": _("by mail"), "form": _("by the web form"), "portal": _("in the portal")}.get(message.channel)
        when = self._moment(message.said_at)
        return {
            "author": message.author_name,
            "side": "" if message.is_incoming else self.ticket.company.name,
            "when": f"{when}, {how}" if how and message.is_incoming else when,
            "paragraphs": pdf.paragraphs(message.text),
            "attachments": [f"{file.name} ({file.size_label})" for file in message.files],
        }

    def _authorization(self, asked: Authorization) -> dict[str, Any]:
        decision = asked.answer
        text = pdf.paragraphs(asked.text)
        who = _("%(name)s, %(moment)s", name=asked.asked_by.name, moment=self._moment(asked.created_at, seconds=True))
        shown: dict[str, Any] = {
            "number": asked.number,
            "text": text,
            "decision": _("Waiting for an answer"),
            "reason": [],
            "signature": None,
            "signature_name": "",
            "signature_caption": "",
            "identified_by": None,
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

    def _decision(self, decision: Any) -> dict[str, Any]:
        at = self._moment(decision.decided_at, seconds=True)
        by_link = decision.way == "link"
        drawn = decision.signature_kind == "drawn"
        signature = kept(decision.signature_kind, decision.signature) if decision.signature else None
        identified = (
            _("Personal link sent to %(address)s", address=decision.address)
            if by_link
            else _("Signed in as %(address)s", address=decision.address)
        )
        return {
            "decision": _("Authorized") if decision.outcome == "authorized" else _("Denied"),
            "reason": pdf.paragraphs(decision.reasons),
            "signature": _address(signature.png()) if signature else None,
            "signature_name": decision.name,
            "signature_caption": _("Drawn on screen, %(moment)s", moment=at)
            if drawn
            else _("Signed by typing the name, %(moment)s", moment=at),
            "identified_by": identified,
            "decided_at": at,
            "ip": decision.ip,
            "browser": decision.user_agent,
        }


def _address(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode()
