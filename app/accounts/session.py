"""Sign-ins: one row each, so that one can be seen and ended."""

import hashlib
import secrets
from datetime import timedelta

from peewee import JOIN, CharField, DeferredForeignKey, ForeignKeyField, ModelSelect, fn

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import Event

LIFE = timedelta(days=30)
# What a browser calls itself, the more particular first: nearly all of them say Chrome, Safari and Mozilla too.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
            "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS",
           "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip


class NobodyKnown(Refused):
    """One sentence for a wrong address and a wrong password: who has an account is nobody's business."""

    says = _l("The address or the password is not right.")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class Session(Record):
    """One sign-in of one person in one browser; the key itself is only in their cookie."""

    key_hash = CharField(max_length=64, unique=True)
    person = ForeignKeyField(Person, backref="sessions", on_delete="CASCADE")
    started_at = UTCDateTimeField(default=now)
    expires_at = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)
    ip = CharField(max_length=45, default="")
    user_agent = CharField(max_length=300, default="")
    mail = DeferredForeignKey("Delivery", null=True, index=False, on_delete="SET NULL")  # whose link began it
    as_of = 0  # the last event there was when it was read: while it stays, nothing has been done to any ticket

    @classmethod
    def person_of(cls, email: str, password: str) -> Person:
        """Who signs in with these. Raises NobodyKnown, after the same work whatever was wrong."""
        person = Person.by_email(email)
        known = (person or Person(name="")).has_password(password)
        if not (person and known and person.is_active):
            raise NobodyKnown
        return person

    @classmethod
    def start(
        cls, person: Person, *, ip: str = "", user_agent: str = "", mail: Record | None = None
    ) -> tuple["Session", str]:
        """A new one, and its key. `mail`: the Delivery whose link was pressed, if it was one."""
        key, told = secrets.token_urlsafe(32), {"ip": ip, "user_agent": user_agent[:300], "mail": mail}
        session = cls.create(key_hash=_digest(key), person=person, expires_at=now() + LIFE, **told)
        return session, key

    @classmethod
    def of(cls, key: str) -> "Session | None":
        """The live session of this key, its person loaded with both faces, in one statement."""
        values = {"key": _digest(key), "now": cls.expires_at.db_value(now())}
        row = prepared("session", cls._statement).rows(values).fetchone()
        if row is None:
            return None
        columns = iter(row)
        session, person = hydrated(cls, columns), hydrated(Person, columns)
        person.__dict__["agent"] = hydrated(Agent, columns)
        person.__dict__["contact"] = hydrated(Contact, columns)
        session.__rel__["person"] = person
        session.as_of = next(columns) or 0
        return session

    @classmethod
    def _statement(cls) -> ModelSelect:
        latest = Event.select(fn.MAX(Event.id))
        query = cls.select(cls, Person, Agent, Contact, latest).join(Person).join(Agent, JOIN.LEFT_OUTER)
        query = query.switch(Person).join(Contact, JOIN.LEFT_OUTER)
        live = cls.ended_at.is_null() & (cls.expires_at > slot("now")) & Person.is_active
        return query.where(cls.key_hash == slot("key"), live)

    @property
    def browser(self) -> str:
        """Browser and system in a few words, as a person would say them; empty when it says nothing known."""
        names = (
            next((name for sign, name in known.items() if sign in self.user_agent), "") for known in (BROWSERS, SYSTEMS)
        )
        return " · ".join(filter(None, names))

    def end_others(self) -> None:
        """After a change of password only this sign-in stays."""
        cls = type(self)
        others = (cls.person == self.person) & (cls.id != self.id) & cls.ended_at.is_null()
        cls.update(ended_at=now()).where(others).execute()

    @classmethod
    def live_ones(cls, person: Person) -> "list[Session]":
        """Where somebody is signed in now, the newest first."""
        query = cls.select().where(cls.person == person, cls.ended_at.is_null(), cls.expires_at > now())
        return list(query.order_by(cls.started_at.desc()))

    @classmethod
    def end_one(cls, number: int, *, by: Person) -> None:
        """Ends one of one's own sign-ins; of somebody else's nothing happens."""
        cls.update(ended_at=now()).where(cls.id == number, cls.person == by, cls.ended_at.is_null()).execute()

    @classmethod
    def end_all(cls, person: Person) -> None:
        cls.update(ended_at=now()).where(cls.person == person, cls.ended_at.is_null()).execute()

    @classmethod
    def forget_ended(cls) -> int:
        """The daily duty: sign-ins that ended a month ago."""
        limit = now() - LIFE
        return cls.delete().where((cls.expires_at < limit) | (cls.ended_at < limit)).execute()

    def end(self) -> None:
        self.change(ended_at=now())
