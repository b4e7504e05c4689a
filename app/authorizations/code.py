"""One-time codes, mailed to who is asked, before they decide (SPEC W6b)."""

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from peewee import CharField, DeferredForeignKey, ForeignKeyField, IntegerField

from app.accounts.person import Person
from app.lib import secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery

if TYPE_CHECKING:
    from app.authorizations.authorization import Authorization

log = structlog.get_logger("authorizations")
LIFE = timedelta(minutes=15)
TRIES = 5  # of one code
AGAIN_AFTER = timedelta(minutes=1)
MOST_AN_HOUR = 5  # codes for one request
DIGITS = 6


class NoCode(Refused):
    says = _l("Write the code that we mailed you.")
    field = "code"


class NoCodeYet(NoCode):
    """None is on its way, or it no longer works."""

    says = _l("Ask for the code first: we e-mail it to you.")


class WrongCode(Refused):
    says = _l("That is not the code of our last mail. Tries left: %(left)s.")
    field = "code"


class CodeOver(Refused):
    says = _l("That code no longer works. Ask for a new one.")
    field = "code"


class CodeTooSoon(Refused):
    says = _l("A code is on its way: look in your mail, and ask again in a minute.")
    field = "code"
    status = 429


class TooManyCodes(Refused):
    says = _l("Too many codes were asked for. Try again in an hour.")
    field = "code"
    status = 429


class DecisionCode(Record):
    """A code for one request and one person. The database keeps no code: it is made again from a key of ours."""

    authorization = DeferredForeignKey("Authorization", backref="codes", index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    nonce = CharField(max_length=32, default=tokens.nonce)
    wrong = IntegerField(default=0)
    created_at = UTCDateTimeField(default=now)
    used_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("authorization", "created_at"), False),)

    @property
    def digits(self) -> str:
        """What the mail says."""
        said = f"decision-code:{self.id}:{self.nonce}".encode()
        made = hmac.new(secrets.keys().derive("decision-code"), said, hashlib.sha256).digest()
        return f"{int.from_bytes(made[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

    @property
    def is_live(self) -> bool:
        return self.used_at is None and self.wrong < TRIES and self.created_at > now() - LIFE

    @property
    def delivery(self) -> Delivery | None:
        """The mail that carries it."""
        return Delivery.get_or_none(about_kind="DecisionCode", about_id=self.id)


class Provable:
    """A request whose answer waits for a mailed code."""

    @property
    def last_code(self: "Authorization") -> DecisionCode | None:
        return self.codes.order_by(DecisionCode.id.desc()).first()  # type: ignore[attr-defined]

    @property
    def awaits_code(self: "Authorization") -> bool:
        """Whether a code is on its way that still works."""
        return bool(self.needs_code and (code := self.last_code) and code.is_live)

    @transaction()
    def send_code(self: "Authorization", *, by: Person) -> DecisionCode:
        """Mails a fresh code to who is asked; the one before no longer works.

        Raises NotPending, NotYours, Expired, CodeTooSoon, TooManyCodes.
        """
        ticket = self.open_for(by=by)
        sent = list(self.codes.where(DecisionCode.created_at > now() - timedelta(hours=1)))  # type: ignore[attr-defined]
        if any(code.created_at > now() - AGAIN_AFTER for code in sent):
            raise CodeTooSoon
        if len(sent) >= MOST_AN_HOUR:
            raise TooManyCodes
        code = DecisionCode.create(authorization=self, person=by)
        event = ticket.record("authorization.code_sent", by=by, about=self)
        ticket.mail_customer("authorizations.code", event=event, about=code, only=by, linked=False)
        return code

    def prove(self: "Authorization", given: str, *, by: Person) -> DecisionCode | None:
        """The live code, if this is it; a wrong one counts, whatever becomes of the form.

        Raises NoCode, NoCodeYet, WrongCode, CodeOver.
        """
        if not self.needs_code:
            return None
        given = "".join(str(int(char)) for char in given if char.isdecimal())
        if not given:
            raise NoCode if self.awaits_code else NoCodeYet
        right, left = self._compare(given, by=by)
        if right is None:
            log.warning("a code that is not the one", request=self.id, person=by.id, left=left)
        if right is None and left:
            raise WrongCode(left=left)
        if right is None:
            raise CodeOver
        return right

    @transaction()
    def _compare(self: "Authorization", given: str, *, by: Person) -> tuple[DecisionCode | None, int]:
        """The code if it is right, and how many tries are left; committed before anybody is told."""
        code = self.last_code
        if code is None or code.person_id != by.id:
            return None, 0
        code.lock()
        if not code.is_live:
            return None, 0
        if hmac.compare_digest(code.digits, given[:20]):
            return code, TRIES
        code.change(wrong=code.wrong + 1)
        return None, TRIES - code.wrong
