"""A saved view: the address of a list, kept under a name, for oneself or for everybody at the desk (SPEC V1)."""

from functools import cached_property
from typing import Any

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, Select, TextField, fn

from app.accounts.agent import NotAllowed, demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

MOST = 40  # that one person sees


class NoViewName(Refused):
    says = _l("Give the view a name.")
    field = "name"


class TooManyViews(Refused):
    says = _l("There are %(most)s saved views already. Delete one first.")


class SavedView(Record):
    """What a list shows, as its address says it: filters, words, order, columns, layout."""

    owner = ForeignKeyField(Person, backref="saved_views", on_delete="CASCADE")
    name = CharField(max_length=80)
    query = TextField(default="")
    is_shared = BooleanField(default=False, index=True)
    position = IntegerField(default=0)
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def seen_by(cls, me: Person) -> list["SavedView"]:
        """Their own in their order, then what others share."""
        return [hydrated(cls, iter(row)) for row in prepared("saved views", cls._seen).rows({"me": me.id})]

    @classmethod
    def _seen(cls) -> Select:
        mine = cls.owner == slot("me")
        return (
            cls.select().where(mine | cls.is_shared).order_by(mine.desc(), cls.position, cls.name, cls.id).limit(MOST)
        )

    @classmethod
    @transaction()
    def keep(cls, *, by: Person, name: str, query: str, shared: bool = False) -> "SavedView":
        """A new view at the end of their own. Raises NotAllowed for a shared one, NoViewName, TooManyViews."""
        if shared:
            demand(by, "edit")
        own = cls.select().where(cls.owner == by)
        if own.count() >= MOST:
            raise TooManyViews(most=MOST)
        last = own.select(fn.MAX(cls.position)).scalar() or 0
        view = cls.create(owner=by, name=_clean(name), query=query, is_shared=shared, position=last + 1)
        record("view.saved", by=by, about=view, name=view.name, shared=shared)
        return view

    @transaction()
    def amend(self, *, by: Person, name: str, shared: bool = False, query: str | None = None) -> None:
        """Another name, for whom, and where `query` is given what it shows. Raises NotAllowed, NoViewName."""
        self._demand(by)
        if shared:
            demand(by, "edit")
        self.change(name=_clean(name), is_shared=shared, query=self.query if query is None else query)
        record("view.changed", by=by, about=self, name=self.name, shared=shared)

    @transaction()
    def remove(self, *, by: Person) -> None:
        """Raises NotAllowed."""
        self._demand(by)
        record("view.removed", by=by, about=self, name=self.name)
        self.delete_instance()

    @transaction()
    def move(self, *, up: bool, by: Person) -> None:
        """Changes places with its neighbour among its owner's. Raises NotAllowed."""
        self._demand(by)
        cls = type(self)
        own = list(cls.select().where(cls.owner == self.owner_id).order_by(cls.position, cls.name, cls.id))
        here = [view.id for view in own].index(self.id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(own):
            own[here], own[there] = own[there], own[here]
        for position, view in enumerate(own):
            if view.position != position:
                view.change(position=position)

    @property
    def asks_what_was_read(self) -> bool:
        """Whether its figure may move though nothing was done; words in the search box may say so too."""
        return "has=" in self.query or "q=" in self.query

    def may_be_changed_by(self, me: Person) -> bool:
        """By its owner; one that is shared by administrators too."""
        return self.owner_id == me.id or bool(self.is_shared and me.agent and me.agent.is_administrator)

    def _demand(self, by: Person) -> None:
        if not self.may_be_changed_by(by):
            raise NotAllowed


class SavedViews:
    """Those that one agent sees, read once a page."""

    def __init__(self, me: Person) -> None:
        self.me = me

    @cached_property
    def all(self) -> list[SavedView]:
        return SavedView.seen_by(self.me)

    def by_number(self, number: Any) -> SavedView | None:
        return next((view for view in self.all if str(view.id) == str(number)), None)


def _clean(name: str) -> str:
    name = " ".join(name.split())[:80]
    if not name:
        raise NoViewName
    return name
