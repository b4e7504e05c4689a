"""What stands on a certificate, as plain values for its template, in the ticket's language."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale

from app.authorizations.decision import Decision
from app.authorizations.evidence import EvidenceRecord
from app.authorizations.item import Item
from app.authorizations.signature import kept
from app.branding.paper import letterhead, png_address
from app.lib import links, moments, money, pdf
from app.lib.words import gettext as _

TEMPLATE = "authorizations/documents/certificate.html"


def html_of(decision: Decision) -> tuple[str, str, dict[str, str]]:
    """The page, its title, and the words that the seal itself carries."""
    asked = decision.authorization
    with force_locale(asked.language):
        which = {"number": asked.ticket.number, "version": asked.number}
        title = _("Certificate of ticket %(number)s, request %(version)s", **which)
        document = CertificatePage(decision, asked.language).as_dictionary()
        page = current_app.jinja_env.get_template(TEMPLATE).render(document=document)
        words = {
            "reason": _("Simple electronic signature, sealed by the company"),
            "evidence_note": _("The evidence, to be checked by a program"),
        }
        return page, title, words


class CertificatePage:
    """One decision, in one language."""

    def __init__(self, decision: Decision, language: str) -> None:
        self.decision, self.language = decision, language
        self.asked = decision.authorization
        self.ticket = self.asked.ticket
        self.zone = ZoneInfo(decision.timezone)

    def as_dictionary(self) -> dict[str, Any]:
        decision, ticket = self.decision, self.ticket
        record = EvidenceRecord.get(EvidenceRecord.decision == decision)
        text = pdf.paragraphs(decision.text)
        reason = pdf.paragraphs(decision.reasons)
        return {
            "company": letterhead(ticket.company),
            "number": ticket.number,
            "subject": ticket.subject,
            "verdict": self._verdict(),
            "outcome": "partial" if decision.is_partial else decision.outcome,
            "text": text,
            "items": [self._item(item, decision.authorized) for item in self.asked.items],
            "total": self._amount(self.asked.total),
            "authorized_total": self._amount(decision.authorized_total) if decision.is_partial else "",
            "reason": reason,
            "sentence": decision.sentence,
            "facts": [(label, value) for label, value in self._facts() if value],
            **self._signature(),
            "hashes": self._hashes(record),
            "record": _("Record %(number)s of the chain of evidence", number=record.number),
            "verify": links.absolute("/verify"),
            "is_long": pdf.is_long(text + reason, lines=24),
        }

    def _verdict(self) -> str:
        if self.decision.is_partial:
            return _("Authorized in part")
        return _("Authorized") if self.decision.outcome == "authorized" else _("Denied")

    def _item(self, item: Item, authorized: list[Item]) -> dict[str, Any]:
        is_yes = item in authorized
        return {
            "text": item.text,
            "amount": self._amount(item.amount),
            "is_authorized": is_yes,
            "verdict": _("Authorized") if is_yes else _("Not authorized"),
            "reason": self.decision.reason_for(item),
        }

    def _amount(self, amount: Any) -> str:
        return "" if amount is None else money.shown(amount, self.asked.currency, self.language)

    def _facts(self) -> list[tuple[str, str]]:
        decision, asked = self.decision, self.asked
        by_link = decision.way == "link"
        said = {"address": decision.address}
        way = _("Personal link sent to %(address)s", **said) if by_link else _("Signed in as %(address)s", **said)
        return [
            (_("Decided by"), decision.name),
            (_("Identified by"), way),
            (_("Mail of the link"), f"{decision.mail_id} {decision.mail_answer}".strip()),
            (_("One-time code"), self._code()),
            (_("Local time"), self._moment(decision.decided_at)),
            (_("UTC"), decision.decided_at.strftime("%Y-%m-%d %H:%M:%S")),
            (_("IP address"), decision.ip),
            (_("Browser"), decision.user_agent),
            (_("Asked by"), _("%(name)s, %(moment)s", name=asked.asked_by.name, moment=self._moment(asked.created_at))),
            (_("Valid until"), self._moment(asked.valid_until) if asked.valid_until else ""),
        ]  # fmt: skip

    def _code(self) -> str:
        at = self.decision.code_confirmed_at
        return _("Confirmed %(moment)s", moment=self._moment(at)) if at else ""

    def _moment(self, moment: datetime) -> str:
        return moments.compact(moment, self.zone, self.language, seconds=True)

    def _signature(self) -> dict[str, Any]:
        decision = self.decision
        signature = kept(decision.signature_kind, decision.signature) if decision.signature else None
        drawn = decision.signature_kind == "drawn"
        caption = _("Drawn on screen") if drawn else _("Signed by typing the name")
        return {
            "signature": png_address(signature.png()) if signature else None,
            "signature_name": decision.name,
            "signature_caption": caption if signature else "",
        }

    def _hashes(self, record: EvidenceRecord) -> list[tuple[str, str]]:
        decision = self.decision
        found = [(_("SHA-256 of the text"), decision.text_sha256)]
        found.append((_("SHA-256 of what was agreed"), decision.agreement_sha256))
        if decision.signature_sha256:
            found.append((_("SHA-256 of the signature"), decision.signature_sha256))
        found += [(_("SHA-256 of %(name)s", name=file["name"]), file["sha256"]) for file in decision.attachments]
        return [*found, (_("SHA-256 of the record"), record.sha256)]
