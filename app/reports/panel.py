"""A panel: what one person has put together from reports (SPEC V2)."""

from typing import Any

from peewee import CharField, ForeignKeyField, IntegerField, JSONField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.reports.index import USUAL, offered
from app.reports.report import Report
from app.reports.scope import Scope

MOST = 12  # panels of one person


class NothingChosen(Refused):
    says = _l("Choose at least one figure or chart.")


class EnoughPanels(Refused):
    says = _l("You have twelve panels, which is as many as there can be. Change or delete one.")


class Panel(Record):
    """The keys of the reports, in the order in which they stand."""

    person = ForeignKeyField(Person, backref="panels", index=False, on_delete="CASCADE")
    title = CharField(max_length=80)
    cards = JSONField(default=list)
    position = IntegerField(default=0)

    class Meta:
        indexes = ((("person", "position"), False),)

    @classmethod
    def for_agent(cls, me: Person, number: int) -> "Panel | None":
        return cls.find(id=number, person=me)

    @classmethod
    def all_for(cls, me: Person) -> "list[Panel]":
        """Theirs; somebody who has made none has the usual one, which is nowhere kept."""
        return list(cls.select().where(cls.person == me).order_by(cls.position, cls.id)) or [cls.usual(me)]

    @classmethod
    def usual(cls, me: Person) -> "Panel":
        return cls(person=me, title=_("Overview"), cards=USUAL)

    @classmethod
    @transaction()
    def compose(cls, *, by: Person, title: str, cards: list[str]) -> "Panel":
        """Puts a new one behind the others. Raises NotAllowed, NothingChosen, EnoughPanels."""
        demand(by, "see")
        mine = cls.select().where(cls.person == by)
        if mine.count() >= MOST:
            raise EnoughPanels
        last = mine.order_by(cls.position.desc()).first()
        return cls.create(person=by, position=last.position + 1 if last else 1, title=title, cards=_known(cards))

    @transaction()
    def recompose(self, *, title: str, cards: list[str]) -> None:
        """What stands in it of a field that is switched off stays, behind the rest. Raises NothingChosen."""
        unseen = [key for key in self.cards if key not in offered()]
        self.change(title=title, cards=[*_known(cards), *unseen])

    def reports(self, scope: Scope) -> list[Report]:
        """Its reports, asked within this scope."""
        known = offered()
        return [known[key](scope) for key in self.cards if key in known]


def _known(cards: list[str]) -> list[Any]:
    reports = offered()
    known = [key for key in dict.fromkeys(cards) if key in reports]
    if not known:
        raise NothingChosen
    return known
