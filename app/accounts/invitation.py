"""Links that are good once: to set the installation up, to become an agent, to open an account, to sign in."""

from datetime import timedelta
from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField

from app.accounts.address import OtherAddress
from app.accounts.agent import Agent, demand
from app.accounts.mailing import mail
from app.accounts.person import Person, clean_address
from app.accounts.session import Session
from app.branding.company import Company
from app.catalog.lists import ship
from app.lib import links, secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.timeline.event import record

SIGN_IN_EVERY, SIGN_INS = timedelta(minutes=10), 3  # so many links in this time, so that nobody's inbox is flooded
ASKED_FOR = {"sign-in": "accounts.sign_in_link", "password": "accounts.password_link"}  # purpose -> letter
LIVES = {
    "setup": timedelta(hours=1),
    "sign-in": timedelta(minutes=30),
    "password": timedelta(hours=2),
    "account": timedelta(days=14),
    "agent": timedelta(days=14),
}


class NoLongerGood(Refused):
    says = _l("This link has been used, has expired or was withdrawn. Ask for a new one.")
    status = 410


class AlreadyAnAgent(Refused):
    says = _l("%(email)s is an agent already.")
    field = "email"


class NoAddress(Refused):
    says = _l("They have no e-mail address to write to.")


class Invitation(Record):
    """One link; its token is in a mail, the database keeps the hash."""

    purpose = CharField(max_length=10)
    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    person = ForeignKeyField(Person, null=True, backref="invitations", on_delete="CASCADE")
    name = CharField(max_length=200, default="")
    email = CharField(max_length=254, default="")
    role = CharField(max_length=20, default="agent")
    is_internal = BooleanField(default=False)
    invited_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField(default=now)
    expires_at = UTCDateTimeField()
    spent_at = UTCDateTimeField(null=True)
    withdrawn_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("purpose", "spent_at", "withdrawn_at"), False),)

    @classmethod
    def issue(cls, purpose: str, **details: object) -> "Invitation":
        """A fresh link for this purpose, a key of LIVES."""
        invitation = cls.create(purpose=purpose, expires_at=now() + LIVES[purpose], **details)
        invitation.change(token_hash=tokens.fingerprint(invitation.token))
        return invitation

    @classmethod
    @transaction()
    def ask(cls, purpose: str, email: str, *, language: str) -> None:
        """Mails a link to whoever has this address, to sign in or to choose a password.

        It goes to the one address that we write to, whichever of theirs was typed: a further one is what an agent wrote
        down, and opens nothing. For an unknown address, or too soon again, does nothing.
        """
        person = Person.by_email(email)
        if person is None or not person.email or not person.is_active or not (person.contact or person.agent):
            return
        recent = (cls.purpose == purpose) & (cls.person == person) & (cls.created_at > now() - SIGN_IN_EVERY)
        if cls.select().where(recent).count() >= SIGN_INS:
            return
        invitation = cls.issue(purpose, person=person, name=person.name, email=person.email)
        event = record("invitation.mailed", by=person, about=invitation)
        language = person.language or language
        mail(
            ASKED_FOR[purpose],
            event=event,
            to_name=person.name,
            to_address=invitation.email,
            about=invitation,
            person=person,
            language=language,
        )

    @property
    def token(self) -> str:
        return tokens.make(secrets.keys().derive("link"), self.purpose, self.id, self.nonce)

    @property
    def delivery(self) -> Delivery | None:
        """The mail that carries it."""
        return Delivery.get_or_none(about_kind="Invitation", about_id=self.id)

    @property
    def is_good(self) -> bool:
        return self.spent_at is None and self.withdrawn_at is None and self.expires_at > now()

    @classmethod
    def by_token(cls, token: str, *purposes: str) -> "Invitation":
        """The good link of this token, for one of these purposes. Raises NoLongerGood, for an unknown token too."""
        found = cls.get_or_none(cls.token_hash == tokens.fingerprint(token), cls.purpose.in_(purposes))
        if found is None or not found.is_good:
            raise NoLongerGood
        return found

    def spend(self) -> None:
        """Uses the link up, once: of two at the same time one does. Raises NoLongerGood."""
        cls = type(self)
        spent = cls.update(spent_at=now()).where(
            cls.id == self.id, cls.spent_at.is_null(), cls.withdrawn_at.is_null(), cls.expires_at > now()
        )
        if not spent.execute():
            raise NoLongerGood

    @classmethod
    @transaction()
    def invite_agent(cls, name: str, email: str, *, role: str, is_internal: bool, by: Person) -> "Invitation":
        """Invites somebody to the desk (P1): the account exists only once they register.

        Raises NotAllowed, NotAnAddress, AlreadyAnAgent.
        """
        demand(by, "invite")
        email = clean_address(email)
        there = Person.by_email(email)
        if there and there.agent and there.agent.is_active:
            raise AlreadyAnAgent(email=email)
        invitation = cls.issue(
            "agent", name=name.strip(), email=email, role=role, is_internal=is_internal, invited_by=by
        )
        invitation._mail("accounts.invited", by=by)
        return invitation

    @classmethod
    @transaction()
    def invite_all(cls, rows: list[dict[str, Any]], *, by: Person) -> None:
        """All of them or nobody. A refusal says in `values["row"]` which row it is about."""
        for place, row in enumerate(rows):
            try:
                cls.invite_agent(**row, by=by)
            except Refused as problem:
                problem.values["row"] = place
                raise

    @classmethod
    @transaction()
    def invite_contact(cls, person: Person, *, by: Person) -> "Invitation":
        """Offers a customer an account at the portal; a link sent before ends. Raises NotAllowed, NoAddress."""
        demand(by, "reply")
        if not person.email:
            raise NoAddress
        older = (cls.purpose == "account") & (cls.person == person) & cls.spent_at.is_null()
        cls.update(withdrawn_at=now()).where(older).execute()
        invitation = cls.issue("account", person=person, name=person.name, email=person.email, invited_by=by)
        invitation._mail("accounts.account", by=by, person=person)
        return invitation

    @transaction()
    def send_again(self, *, by: Person) -> "Invitation":
        """A fresh link in place of this one. Raises NotAllowed, NoLongerGood."""
        demand(by, "invite")
        cls = type(self)
        there = cls.update(withdrawn_at=now()).where(
            cls.id == self.id, cls.spent_at.is_null(), cls.withdrawn_at.is_null()
        )
        if not there.execute():
            raise NoLongerGood
        details = {"name": self.name, "email": self.email, "role": self.role, "is_internal": self.is_internal}
        fresh = cls.issue("agent", invited_by=by, **details)
        fresh._mail("accounts.invited", by=by)
        return fresh

    def _mail(self, letter: str, *, by: Person, person: Person | None = None) -> None:
        event = record("invitation.mailed", by=by, about=self, to=self.email)
        mail(letter, event=event, to_name=self.name, to_address=self.email, about=self, person=person)

    @transaction()
    def open_account(self, *, password: str) -> Person:
        """Somebody chooses their password, for the first time or anew; whoever was signed in is out.

        Raises NoLongerGood, WeakPassword.
        """
        self.spend()
        person = Person.get_by_id(self.person_id)
        if not person.is_active:
            raise NoLongerGood
        person.set_password(password)
        type(self)._shut(person)
        record("account.opened", by=person, about=person)
        return person

    @classmethod
    def _shut(cls, person: Person) -> None:
        """Who reads old mails, or is signed in already, gets in by none of them."""
        asked = (cls.person == person) & cls.purpose.in_([*ASKED_FOR, "account"]) & cls.spent_at.is_null()
        cls.update(withdrawn_at=now()).where(asked).execute()
        Session.end_all(person)

    @classmethod
    @transaction()
    def set_up(cls, token: str, *, name: str, email: str, password: str, company: dict[str, str]) -> Person:
        """The first administrator makes the installation theirs. Raises NoLongerGood, NotAnAddress, WeakPassword."""
        cls.by_token(token, "setup").spend()
        cls.update(withdrawn_at=now()).where(cls.purpose == "setup", cls.spent_at.is_null()).execute()
        person = Agent.enlist(name, email, role="administrator", password=password)
        person.change(name=name.strip(), language=company["language"])
        if Company.select().where(Company.is_default).exists():
            Company.ours().describe(by=person, **company)
        else:
            Company.found(by=person, email=person.email or "", **company)
        ship()
        return person

    @transaction()
    def register(self, *, name: str, password: str) -> Person:
        """The invited person makes their account. Raises NoLongerGood, WeakPassword.

        Whoever was a contact before starts afresh, with the address that was invited and no other: what agents wrote
        down of a customer, and who is signed in as them, opens no desk.
        """
        self.spend()
        person = Agent.enlist(name, self.email, role=self.role, password=password, is_internal=self.is_internal)
        OtherAddress.keep(person, [])
        person.change(email=self.email)
        self._shut(person)
        return person

    @transaction()
    def withdraw(self, *, by: Person) -> None:
        demand(by, "invite")
        self.change(withdrawn_at=now())
        record("invitation.withdrawn", by=by, about=self, to=self.email)

    @classmethod
    def by_number(cls, number: int) -> "Invitation | None":
        """An agent's invitation that still waits."""
        return next((each for each in cls.pending() if each.id == number), None)

    @classmethod
    def pending(cls) -> "list[Invitation]":
        """Invitations of agents that nobody has used yet, newest first; expired ones too, to be sent again."""
        query = cls.select().where(cls.purpose == "agent", cls.spent_at.is_null(), cls.withdrawn_at.is_null())
        return list(query.order_by(cls.id.desc()))


def setup_link() -> str:
    """The address by which the first administrator sets the installation up, good once for an hour."""
    return links.absolute(f"/set-up/{Invitation.issue('setup').token}")
