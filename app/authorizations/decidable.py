"""How a request is answered, once."""

import hashlib
from typing import TYPE_CHECKING, Any

import structlog

from app.accounts.person import Person
from app.accounts.visitor import Access
from app.authorizations.certificate import Certificate
from app.authorizations.code import DecisionCode
from app.authorizations.decision import (
    Decision,
    Expired,
    NoLongerAllowed,
    NoName,
    NoReason,
    NoSignature,
    NotAsAsked,
    NotPending,
    NotWhatWasShown,
    NotYours,
    hashed,
    may_authorize,
)
from app.authorizations.evidence import EvidenceRecord
from app.authorizations.item import WHOLE, Choice, total
from app.authorizations.sentence import authorizing, denying, shown
from app.lib import canonical
from app.lib.clock import now
from app.lib.db import transaction

if TYPE_CHECKING:
    from app.authorizations.authorization import Authorization
    from app.authorizations.signature import Signature

AGREEMENT = "ventanilla-agreement/1"
log = structlog.get_logger("authorizations")


class Decidable:
    """Yes, in whole or in part, or no."""

    def authorize(
        self: "Authorization",
        *,
        by: Person,
        name: str,
        signature: "Signature | None",
        access: Access,
        language: str,
        choice: Choice = WHOLE,
        code: str = "",
        seen: str | None = None,
    ) -> Decision:
        """Says yes (L5), to all or to some items (W6a). `seen`: the hash of what the page showed.

        Raises NotYours, NotPending, Expired, NoLongerAllowed, NotWhatWasShown, NoName, NoSignature, NoReasonFor,
        NothingChosen, NoCode, WrongCode, CodeOver.
        """
        self._insist_signed(by, name=name, signature=signature, choice=choice, seen=seen)
        proof = self.prove(code, by=by)
        with transaction():
            self.open_for(by=by)
            self._insist_signed(by, name=name, signature=signature, choice=choice, seen=seen)
            was = self.ticket.move("authorize")
            self.end("authorized", by=by)
            decision = self._keep(
                "authorized", by=by, name=name, access=access, language=language, signature=signature, choice=choice,
                proof=proof,
            )  # fmt: skip
            self._tell(decision, was=was, by=by)
        return decision

    def deny(
        self: "Authorization", *, by: Person, reasons: str, access: Access, language: str, code: str = ""
    ) -> Decision:
        """Says no, with reasons (L6). Raises NotYours, NotPending, Expired, NoReason, NoCode, WrongCode, CodeOver."""
        self.insist_open_for(by=by)
        if not reasons.strip():
            raise NoReason
        proof = self.prove(code, by=by)
        with transaction():
            self.open_for(by=by)
            was = self.ticket.move("deny")
            self.end("denied", by=by)
            decision = self._keep(
                "denied", by=by, name=by.name, access=access, language=language, reasons=reasons, proof=proof
            )
            self._tell(decision, was=was, by=by)
        return decision

    def open_for(self: "Authorization", *, by: Person) -> Any:
        """The ticket, locked with the request, if this person may still answer."""
        ticket = self.ticket.lock()
        self.lock()
        self.insist_open_for(by=by)
        return ticket

    def insist_open_for(self: "Authorization", *, by: Person) -> None:
        """Raises NotPending, NotYours, Expired, NotAsAsked."""
        if not self.is_pending:
            raise NotPending
        if self.asked_of_id != by.id:
            raise NotYours(name=self.asked_of.name)
        if self.is_expired:
            raise Expired
        if not self.is_as_asked:
            log.error("a request is not what it was when it was asked", request=self.id)
            raise NotAsAsked

    def insist_signable(self: "Authorization", *, by: Person, choice: Choice, seen: str | None) -> None:
        """All but what they fill in.

        Raises NotYours, NotPending, Expired, NoLongerAllowed, NotAsAsked, NotWhatWasShown, NoReasonFor, NothingChosen.
        """
        self.insist_open_for(by=by)
        if not may_authorize(by):
            raise NoLongerAllowed
        choice.insist_sound(self.items)
        if seen is not None and seen != shown(self, choice):
            raise NotWhatWasShown

    def _insist_signed(
        self: "Authorization", by: Person, *, name: str, signature: "Signature | None", choice: Choice, seen: str | None
    ) -> None:
        self.insist_signable(by=by, choice=choice, seen=seen)
        if not name.strip():
            raise NoName
        if self.needs_signature and signature is None:
            raise NoSignature

    def _keep(
        self: "Authorization",
        outcome: str,
        *,
        by: Person,
        name: str,
        access: Access,
        language: str,
        reasons: str = "",
        signature: "Signature | None" = None,
        choice: Choice = WHOLE,
        proof: DecisionCode | None = None,
    ) -> Decision:
        mail = access.link.delivery if access.link else access.session and access.session.mail
        drawn = signature.canonical() if signature else b""
        agreement, agreement_sha256 = hashed(self._agreement(outcome, choice))
        moment, zone = now(), self.ticket.company.zone
        decision = Decision.create(
            authorization=self,
            outcome=outcome,
            text=self.text,
            text_sha256=self.text_sha256,
            agreement=agreement,
            agreement_sha256=agreement_sha256,
            reasons=reasons.strip(),
            item_reasons={str(number): reason.strip() for number, reason in choice.refused.items()},
            person=by,
            name=name.strip()[:200],
            address=by.email or "",
            decided_at=moment,
            local_time=moment.astimezone(zone).isoformat(timespec="seconds"),
            timezone=self.ticket.company.timezone,
            language=language,
            way="link" if access.link else "account",
            link=access.link,
            session=access.session,
            delivery=mail,
            mail_id=(mail and mail.mail_id) or "",
            mail_answer=(mail and mail.answer) or "",
            ip=access.ip,
            user_agent=access.user_agent[:300],
            signature_kind=signature.kind if signature else "none",
            signature=drawn.decode(),
            signature_sha256=hashlib.sha256(drawn).hexdigest() if signature else "",
            **_proved(proof),
        )
        EvidenceRecord.append(decision)
        Certificate.due(decision)
        return decision

    def _agreement(self: "Authorization", outcome: str, choice: Choice) -> dict[str, Any]:
        """What was agreed: the request, exactly, with what became of each item and the sentence."""
        wanted, _refused = choice.among(self.items) if outcome == "authorized" else ([], list(self.items))
        numbers, sum_of_them = {item.number for item in wanted}, total(wanted)
        return self.content() | {
            "format": AGREEMENT,
            "subject": self.ticket.subject,
            "asked_at": canonical.moment(self.created_at),
            "request_sha256": self.content_sha256,
            "items": [item.kept() | {"authorized": item.number in numbers} for item in self.items],
            "authorized_total": None if sum_of_them is None else str(sum_of_them),
            "outcome": outcome,
            "sentence": authorizing(self, choice) if outcome == "authorized" else denying(self),
        }

    def _tell(self: "Authorization", decision: Decision, *, was: str, by: Person) -> None:
        ticket = self.ticket
        for words in (decision.reasons, *decision.item_reasons.values()):
            ticket.index(words, public=True)
        ticket.last_heard_at = decision.decided_at
        ticket.touch()
        event = ticket.record(
            f"authorization.{decision.outcome}",
            by=by,
            about=self,
            public=True,
            was=was,
            reasons=decision.reasons,
            partial=decision.is_partial,
        )
        ticket.mail_customer(f"authorizations.{decision.outcome}", event=event, about=self, only=by)


def _proved(proof: DecisionCode | None) -> dict[str, Any]:
    """What a decision keeps of the code, which works no more."""
    if proof is None:
        return {}
    mail = proof.delivery
    proof.change(used_at=now())
    return {"code_mail_id": (mail and mail.mail_id) or "", "code_confirmed_at": proof.used_at}
