"""An agent: somebody who works at the desk."""

from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField, JSONField

from app.accounts.person import Person
from app.accounts.role import LABELS, MAY, SPEAKING
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record


class NotAllowed(Refused):
    says = _l("Your role does not include this.")
    status = 403


class LastAdministrator(Refused):
    says = _l("This is the only administrator left. Make somebody else one first.")


class Agent(Record):
    """A person's details as one of the team."""

    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    role = CharField(max_length=20, default="agent")
    is_internal = BooleanField(default=False)
    is_available = BooleanField(default=True)
    is_active = BooleanField(default=True)
    title = CharField(max_length=120, default="")
    shortcuts = BooleanField(default=True)
    unwanted = JSONField(default=list)  # kinds of events they want no mail about (A5)

    @classmethod
    @transaction()
    def enlist(
        cls, name: str, email: str, *, role: str = "agent", password: str | None = None, **details: Any
    ) -> Person:
        """Makes somebody an agent, and returns the person. Raises NotAnAddress, WeakPassword."""
        person = Person.known_as(name, email)
        cls.insert(person=person, role=role, **details).on_conflict(
            conflict_target=[cls.person], update={cls.role: role, cls.is_active: True}
        ).execute()
        if password:
            person.set_password(password)
        return person

    def may(self, act: str) -> bool:
        """Whether this agent's role includes `act`, a word of app/accounts/role.py."""
        return self.is_active and act in MAY[self.role] and not (self.is_internal and act in SPEAKING)

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    def become(self, *, role: str, is_internal: bool, is_active: bool) -> None:
        """Changes what they are. Raises LastAdministrator."""
        if self.is_administrator and (role != "administrator" or not is_active) and not self._others_administer():
            raise LastAdministrator
        self.change(role=role, is_internal=is_internal, is_active=is_active)

    @transaction()
    def amend(
        self, *, by: Person, role: str, title: str, is_internal: bool, is_available: bool, is_active: bool
    ) -> None:
        """What an administrator changes. Raises NotAllowed, LastAdministrator."""
        demand(by, "configure")
        was = self.role
        self.become(role=role, is_internal=is_internal, is_active=is_active)
        self.change(title=title.strip()[:120], is_available=is_available)
        if not is_active:
            Record.records["Session"].end_all(self.person)  # type: ignore[attr-defined]
        record("agent.changed", by=by, about=self.person, was=was, role=role, internal=is_internal, active=is_active)

    def prefer(self, *, shortcuts: bool, unwanted: list[str]) -> None:
        """What they choose for themselves."""
        self.change(shortcuts=shortcuts, unwanted=unwanted)

    @classmethod
    def everybody(cls) -> list["Agent"]:
        """All agents with their people, the active ones first, by name."""
        query = cls.select(cls, Person).join(Person).order_by(cls.is_active.desc(), Person.name)
        return list(query)

    @classmethod
    def by_person(cls, number: int) -> "Agent | None":
        return cls.select(cls, Person).join(Person).where(Person.id == number).first()

    @property
    def role_label(self) -> str:
        return str(LABELS[self.role])

    def _others_administer(self) -> bool:
        cls = type(self)
        return cls.select().where(cls.role == "administrator", cls.is_active, cls.id != self.id).exists()

    @classmethod
    def working(cls) -> list[Person]:
        """The active agents as people, by name: who a ticket can be given to."""
        query = Person.select(Person).join(cls).where(cls.is_active, cls.role != "viewer").order_by(Person.name)
        return list(query)


def demand(by: Person, act: str) -> None:
    """Raises NotAllowed unless `by` is a robot or an agent whose role includes `act`."""
    if by.robot:
        return
    if not (by.agent and by.agent.may(act)):
        raise NotAllowed
