"""Decisions: the answer to a request, with what shows later who gave it, how and when."""

import json
import secrets
from functools import cached_property
from typing import Any

from peewee import CharField, DeferredForeignKey, ForeignKeyField, JSONField, TextField

from app.accounts.person import Person
from app.authorizations.item import Item, total
from app.authorizations.keyed import mac
from app.lib import canonical
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.timeline.event import Event

# What stands in the chain of evidence as salted hashes only.
PERSONAL = (
    "name", "address", "ip", "user_agent", "mail_answer", "signature", "reasons", "item_reasons",
)  # fmt: skip


class NotPending(Refused):
    """Somebody decided, withdrew or replaced it first; only one of two wins."""

    says = _l("This request has already been answered or withdrawn.")
    status = 409


class NotYours(Refused):
    says = _l("Only %(name)s may decide this.")
    status = 403


class NoLongerAllowed(Refused):
    """The contact's "may authorize" was taken away after the request."""

    says = _l("You may not authorize here any more. Answer us, and we ask somebody else.")
    status = 403


class Expired(Refused):
    says = _l("The time to answer this request is over. Ask us for a new one.")
    status = 409


class NotAsAsked(Refused):
    """Its rows do not make the hash of what was asked: somebody changed them behind our back."""

    says = _l("This request is no longer what we asked, so nobody can answer it. Write to us, and we ask you anew.")
    status = 409


class NotWhatWasShown(Refused):
    """The form brings back another request, choice or sentence than the page showed."""

    says = _l("What you were about to sign is not what you had read. Read it again.")
    status = 409


class NoSignature(Refused):
    says = _l("Sign first: without a signature nothing is authorized.")
    field = "strokes"


class NoReason(Refused):
    says = _l("Tell us why you deny it.")
    field = "reason"


class NoName(Refused):
    says = _l("Write your name as it should stand under the signature.")
    field = "name"


def may_authorize(person: Person) -> bool:
    """Whether this person's contact may authorize, as it stands now."""
    return person.contact is not None and person.contact.may_authorize


class Decision(Record):
    """One answer; the unique key is the last guard against a second one.

    `agreement` is what was agreed, as canonical JSON: text, items with their outcome, files, the sentence signed.
    """

    authorization = DeferredForeignKey("Authorization", unique=True, backref="decisions", on_delete="RESTRICT")
    outcome = CharField(max_length=12)  # authorized (perhaps in part), denied
    text = TextField()  # exactly what was shown
    text_sha256 = CharField(max_length=64)
    agreement = TextField()
    agreement_sha256 = CharField(max_length=64)
    reasons = TextField(default="")
    item_reasons = JSONField(default=dict)  # why an item was refused, by its number as text
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    name = CharField(max_length=200)  # as they gave it
    address = CharField(max_length=254)
    decided_at = UTCDateTimeField(default=now)
    local_time = CharField(max_length=40)  # the same moment where the company is, with its offset
    timezone = CharField(max_length=60)
    language = CharField(max_length=5)
    way = CharField(max_length=10)  # link or account
    link = DeferredForeignKey("PersonalLink", null=True, on_delete="SET NULL")
    delivery = DeferredForeignKey("Delivery", null=True, on_delete="SET NULL")
    mail_id = CharField(max_length=255, default="")  # of the mail whose link was used
    mail_answer = TextField(default="")  # what the receiving server said when it took that mail
    code_mail_id = CharField(max_length=255, default="")  # of the mail with the one-time code
    code_confirmed_at = UTCDateTimeField(null=True)
    session = DeferredForeignKey("Session", null=True, on_delete="SET NULL")
    ip = CharField(max_length=45, default="")
    user_agent = CharField(max_length=300, default="")
    signature_kind = CharField(max_length=6, default="")  # drawn, typed or none
    signature = TextField(default="")  # canonical JSON of the strokes, or the typed name
    signature_sha256 = CharField(max_length=64, default="")
    salt = CharField(max_length=32, default=lambda: secrets.token_hex(16))
    erased_at = UTCDateTimeField(null=True)
    erased_mac = CharField(max_length=64, default="")  # that we erased it ourselves (keyed.py)

    @cached_property
    def agreed(self) -> dict[str, Any]:
        """The agreement, read."""
        return dict(json.loads(self.agreement))

    @property
    def sentence(self) -> str:
        """What was signed, word by word."""
        return str(self.agreed["sentence"])

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """The files that were shown: name, sha256, size."""
        return list(self.agreed["attachments"])

    @property
    def erasure(self) -> str:
        """What is signed when the person is forgotten."""
        return f"erased:{self.id}:{self.agreement_sha256}"

    @property
    def by_whom(self) -> str:
        """The name they gave, as long as it is known."""
        return _("a person whose data was erased") if self.erased_at else self.name

    @property
    def is_partial(self) -> bool:
        return self.outcome == "authorized" and bool(self.refused)

    @property
    def authorized(self) -> list[Item]:
        return [Item.read(each) for each in self.agreed["items"] if each["authorized"]]

    @property
    def refused(self) -> list[Item]:
        return [Item.read(each) for each in self.agreed["items"] if not each["authorized"]]

    @property
    def authorized_total(self) -> Any:
        return total(self.authorized)

    def reason_for(self, item: Item) -> str:
        return str((self.item_reasons or {}).get(str(item.number), ""))

    @transaction()
    def erase(self, *, by: Person) -> None:
        """Forgets the person (P6). The salted hashes in the chain, and what was agreed, stay and still verify.

        With them goes what repeats them: the certificate, the history's and the search's copy of the reasons, and the
        PDFs of the ticket, which are made again without them.
        """
        for certificate in self.certificates:  # type: ignore[attr-defined]
            certificate.destroy()
        ticket = self.authorization.ticket
        ticket.record("authorization.erased", by=by, about=self.authorization)
        for event in ticket.events.where(Event.about_kind == "Authorization", Event.about_id == self.authorization_id):
            if event.details.get("reasons"):
                event.change(details=event.details | {"reasons": ""})
        SearchEntry.forget_texts(ticket, [self.reasons, *(self.item_reasons or {}).values()])
        for shown_in in filter(None, (ticket, ticket.merged_into)):
            for document in shown_in.documents:
                document.destroy()
        self.change(
            **dict.fromkeys(set(PERSONAL) - {"item_reasons"}, ""), item_reasons={}, salt="", signature_sha256="",
            link=None, delivery=None, session=None, erased_at=now(), erased_mac=mac(self.erasure),
        )  # fmt: skip


def hashed(agreement: dict[str, Any]) -> tuple[str, str]:
    """An agreement's canonical text and its hash."""
    text = canonical.encode(agreement)
    return text.decode(), canonical.digest(text)
