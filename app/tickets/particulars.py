"""What is small of a ticket, in one statement: tags, copies, followers, own fields, drafts, who is here, what was."""

from typing import Any

from peewee import SQL

from app.accounts.person import Person
from app.catalog.lists import CustomField, Tag
from app.lib.clock import now
from app.lib.prepared import prepared, slot
from app.messages.draft import KINDS as DRAFTED
from app.messages.draft import Draft
from app.tickets.custom import CustomValue
from app.tickets.presence import EVERY, PRESENT, Presence
from app.tickets.ticket import Ticket, TicketCopy, TicketFollower, TicketTag
from app.timeline.event import Event

SHAPED = ("yes_no", "date", "number")  # kinds of fields of their own whose values are read otherwise than they are kept
NUMBERED = ("here", "follower", "own", *SHAPED, "value")  # kinds of words that belong to a row
ZERO = SQL("0")


def particulars(ticket: Ticket, me: Person) -> dict[str, list[Any]]:
    """By kind, as this agent sees them and in the order in which they are shown: words, or (id of their row, words).

    Kinds: "tag", "copy" (addresses), "event" (kinds of what ever happened), "noted" (that I am here, lately), the kinds
    of my drafts, and those of NUMBERED, which have ids.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in (*NUMBERED, "tag", "copy", "event", "noted", *DRAFTED)}
    values = {"ticket": ticket.id, "me": me.id, "type": ticket.type_id or 0}
    values |= {"since": Presence.at.db_value(now() - PRESENT), "lately": Presence.at.db_value(now() - EVERY)}
    for kind, words, number, _place in prepared("words of a ticket", _query).rows(values):
        found[kind].append((number, words) if kind in NUMBERED else words)
    return found


def _query() -> Any:
    """(kind, words, number, place) of everything small, each kind in the order in which it is shown."""
    here = slot("ticket")
    tags = TicketTag.select(*_small("tag", Tag.name, place=Tag.position)).join(Tag).where(TicketTag.ticket == here)
    addressed = TicketCopy.ticket == here, Person.email.is_null(False)
    copies = TicketCopy.select(*_small("copy", Person.email, place=TicketCopy.id)).join(Person).where(*addressed)
    kinds = Event.select(*_small("event", Event.kind)).where(Event.ticket == here).distinct()
    drafts = Draft.select(*_small(Draft.kind, Draft.text)).where(Draft.ticket == here, Draft.person == slot("me"))
    present = Presence.select(*_small("here", Person.name, Person.id)).join(Person)
    present = present.where(Presence.ticket == here, Presence.at > slot("since"))
    lately = (Presence.person == slot("me")) & (Presence.at > slot("lately"))
    noted = Presence.select(*_small("noted", SQL("''"))).where(Presence.ticket == here, lately)
    followers = TicketFollower.select(*_small("follower", Person.name, Person.id, TicketFollower.id)).join(Person)
    followers = followers.where(TicketFollower.ticket == here)
    mine = CustomField.is_active & (CustomField.type.is_null() | (CustomField.type == slot("type")))
    own = CustomField.select(*_small("own", CustomField.name, CustomField.id, CustomField.position)).where(mine)
    shaped = CustomField.select(*_small(CustomField.kind, CustomField.name, CustomField.id))
    shaped = shaped.where(CustomField.kind.in_(SHAPED))
    given = CustomValue.select(*_small("value", CustomValue.text, CustomValue.field)).where(CustomValue.ticket == here)
    found = tags
    for more in (own, shaped, given, copies, kinds, drafts, present, noted, followers):
        found = found.union_all(more)
    return found.order_by(SQL("4"), SQL("3"), SQL("2"))


def _small(kind: Any, words: Any, number: Any = ZERO, place: Any = ZERO) -> tuple[Any, ...]:
    return SQL(f"'{kind}'") if isinstance(kind, str) else kind, words, number, place
