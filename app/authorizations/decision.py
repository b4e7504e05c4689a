"""Decisions: the answer to a request, with what shows later who gave it, how and when."""

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, JSONField, TextField

from app.accounts.person import Person
from app.accounts.visitor import Access
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.authorizations.authorization import Authorization
    from app.authorizations.signature import Signature


class NotPending(Refused):
    """Somebody decided, withdrew or replaced it first; only one of two wins."""

    says = _l("This request has already been answered or withdrawn.")
    status = 409


class NotYours(Refused):
    says = _l("Only %(name)s may decide this.")
    status = 403


class Expired(Refused):
    says = _l("The time to answer this request is over. Ask us for a new one.")
    status = 409


class NoSignature(Refused):
    says = _l("Draw your signature, or sign by typing your name.")
    field = "signature"


class NoReason(Refused):
    says = _l("Tell us why you deny it.")
    field = "reasons"


class NoName(Refused):
    says = _l("Write your name as it should stand under the signature.")
    field = "name"


class Decision(Record):
    """One answer; the unique key is the last guard against a second one.

    The personal fields will enter the chain of evidence as salted hashes (SPEC W6), hence the salt.
    """

    authorization = DeferredForeignKey("Authorization", unique=True, backref="decisions", on_delete="RESTRICT")
    outcome = CharField(max_length=12)  # authorized, denied
    text = TextField()  # exactly what was shown
    text_sha256 = CharField(max_length=64)
    attachments = JSONField(default=list)  # [{"name", "sha256", "size"}] shown with the text
    reasons = TextField(default="")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    name = CharField(max_length=200)  # as they gave it
    address = CharField(max_length=254)
    decided_at = UTCDateTimeField(default=now)
    timezone = CharField(max_length=60)
    language = CharField(max_length=5)
    way = CharField(max_length=10)  # link or account
    link = DeferredForeignKey("PersonalLink", null=True, on_delete="SET NULL")
    delivery = DeferredForeignKey("Delivery", null=True, on_delete="SET NULL")
    mail_id = CharField(max_length=255, default="")  # of the mail whose link was used
    mail_answer = TextField(default="")  # what the receiving server said when it took that mail
    session = DeferredForeignKey("Session", null=True, on_delete="SET NULL")
    ip = CharField(max_length=45, default="")
    user_agent = CharField(max_length=300, default="")
    signature_kind = CharField(max_length=6, default="")  # drawn, typed or none
    signature = TextField(default="")  # canonical JSON of the strokes, or the typed name
    signature_sha256 = CharField(max_length=64, default="")
    salt = CharField(max_length=32, default=lambda: secrets.token_hex(16))


class Decidable:
    """How a request is answered, once."""

    @transaction()
    def authorize(
        self: "Authorization", *, by: Person, name: str, signature: "Signature | None", access: Access, language: str
    ) -> Decision:
        """Says yes (L5). Raises NotYours, NotPending, Expired, NoName, NoSignature."""
        ticket = self._open_for(by)
        if not name.strip():
            raise NoName
        if self.needs_signature and signature is None:
            raise NoSignature
        was = ticket.move("authorize")
        self.end("authorized", by=by)
        decision = self._keep("authorized", by=by, name=name, access=access, language=language, signature=signature)
        self._tell(decision, was=was, by=by)
        return decision

    @transaction()
    def deny(self: "Authorization", *, by: Person, reasons: str, access: Access, language: str) -> Decision:
        """Says no, with reasons (L6). Raises NotYours, NotPending, Expired, NoReason."""
        ticket = self._open_for(by)
        if not reasons.strip():
            raise NoReason
        was = ticket.move("deny")
        self.end("denied", by=by)
        decision = self._keep("denied", by=by, name=by.name, access=access, language=language, reasons=reasons)
        self._tell(decision, was=was, by=by)
        return decision

    def _open_for(self: "Authorization", by: Person) -> Any:
        """The ticket, locked, if this person may still answer."""
        ticket = self.ticket.lock()
        self.lock()
        if not self.is_pending:
            raise NotPending
        if self.asked_of_id != by.id:
            raise NotYours(name=self.asked_of.name)
        if self.is_expired:
            raise Expired
        return ticket

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
    ) -> Decision:
        mail = access.link.delivery if access.link else None
        drawn = signature.canonical() if signature else b""
        return Decision.create(
            authorization=self,
            outcome=outcome,
            text=self.text,
            text_sha256=self.text_sha256,
            attachments=[{"name": file.name, "sha256": file.sha256, "size": file.size} for file in self.attachments],
            reasons=reasons.strip(),
            person=by,
            name=name.strip()[:200],
            address=by.email or "",
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
        )

    def _tell(self: "Authorization", decision: Decision, *, was: str, by: Person) -> None:
        ticket = self.ticket
        if decision.reasons:
            ticket.index(decision.reasons, public=True)
        ticket.last_heard_at = decision.decided_at
        ticket.touch()
        event = ticket.record(
            f"authorization.{decision.outcome}", by=by, about=self, public=True, was=was, reasons=decision.reasons
        )
        ticket.mail_customer(f"authorizations.{decision.outcome}", event=event, about=self, only=by)
