"""The inboxes of the sandbox: everybody whom mail could reach here, with what they got."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from peewee import fn

from app.accounts.address import OtherAddress
from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.invitation import Invitation
from app.accounts.person import Person
from app.sandbox.letter import SandboxLetter
from app.sandbox.sample import Stranger

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Inbox:
    """One person's: `unread` letters nobody has looked at here yet."""

    address: str
    name: str
    person: Any = None
    letters: int = 0
    unread: int = 0
    latest: datetime = LONG_AGO

    @property
    def initials(self) -> str:
        return Person(name=self.name).initials

    @property
    def id(self) -> int:
        """What picks the colour of the avatar."""
        return self.person.id if self.person else sum(self.address.encode())


def inboxes(me: Person) -> list[Inbox]:
    """Who got a letter, newest first; then the other sample customers and those made up here, by name."""
    shut = closed_to(me)
    found = {address: box for address, box in _with_letters(me).items() if address not in shut}
    people: dict[str, Any] = {each.email or "": each for each in Person.select().where(Person.email.in_(list(found)))}
    for sample in Person.select().join(Contact).where(Person.is_sample, Person.email.is_null(False)):
        people[sample.email or ""] = sample
    strangers = {each.email: each.name for each in Stranger.select()}
    for address in {*people, *strangers} - shut:
        box = found.setdefault(address, Inbox(address, address))
        box.person = people.get(address)
        box.name = box.person.name if box.person else strangers[address]
    return sorted(found.values(), key=lambda box: (-box.latest.timestamp() if box.letters else 0, box.name.casefold()))


def _with_letters(me: Person) -> dict[str, Inbox]:
    unread = fn.SUM(SandboxLetter.opened_at.is_null().cast("INTEGER"))
    recipient = fn.LOWER(SandboxLetter.recipient)
    query: Any = SandboxLetter.readable_by(
        me, recipient, fn.COUNT(SandboxLetter.id), unread, fn.MAX(SandboxLetter.received_at)
    ).group_by(recipient)
    return {
        address: Inbox(address, address, letters=count, unread=fresh or 0, latest=_aware(latest))
        for address, count, fresh, latest in query.tuples()
    }


def _aware(moment: Any) -> datetime:
    return SandboxLetter.received_at.python_value(moment)


def inbox(address: str, me: Person) -> Inbox:
    """One inbox; of somebody unknown, an empty one."""
    address = address.lower()
    return next((box for box in inboxes(me) if box.address == address), Inbox(address, address))


def closed_to(me: Person) -> set[str]:
    """Whose letters only an administrator reads: a colleague's may carry a link that signs in as them."""
    if me.agent and me.agent.may("configure"):
        return set()
    team = Person.select(Person.email).join(Agent).where(Person.id != me.id, Person.email.is_null(False)).tuples()
    beside = OtherAddress.select(OtherAddress.address).join(Agent, on=(Agent.person == OtherAddress.person))
    beside = beside.where(OtherAddress.person != me.id).tuples()
    invited = Invitation.select(Invitation.email).where(Invitation.purpose == "agent").tuples()
    return {email.lower() for (email,) in [*team, *beside, *invited]} - {(me.email or "").lower()}
