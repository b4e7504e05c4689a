"""What the kept parts of a ticket's page show, as the keys they are kept by (app/lib/kept.py)."""

from collections.abc import Hashable
from functools import cached_property

from flask import g

from app.frame import today
from app.lib.kept import shown
from app.messages.message import Message
from app.messages.version import obstacle
from app.tickets.dossier import NAMED, Dossier
from app.tickets.listing import Listing
from app.tickets.settings import TicketSettings

Key = tuple[Hashable, ...]
ACTS = (
    "close", "reopen", "assign", "survey", "edit", "publish", "forecast", "note", "reply", "open", "merge", "remove",
)  # fmt: skip
MAIL = ("id", "to_name", "to_address", "state", "answer", "due_at", "sent_at")


class Shows:
    """Of one ticket, to one agent, today."""

    def __init__(self, dossier: Dossier, listing: Listing | None = None) -> None:
        self.dossier, self.listing, self.ticket = dossier, listing, dossier.ticket

    @cached_property
    def _ticket(self) -> Key:
        """All its fields, what they name, and what this agent may do with it."""
        named = (shown(self.ticket.__rel__.get(name)) for name in NAMED)
        return (*shown(self.ticket), *named, *map(self.dossier.may, ACTS), self.dossier.may_whatsapp, today())

    @property
    def bar(self) -> Key:
        listing = self.listing
        if listing is None or listing.is_search:
            return (*self._ticket, g.me.id, listing and listing.url(), listing and listing.title)
        place = (g.tally["position"], g.tally["whole"], g.tally["here"])
        return (*self._ticket, g.me.id, listing.url(), listing.title, *place)

    @property
    def head(self) -> Key:
        due = self.dossier.clock
        clock = (due.state, due.label, due.share) if due else None
        return (*self._ticket, clock, 0, *self.dossier.tags, 0, *TicketSettings.fields_off)

    @property
    def parts(self) -> Key:
        return self.ticket.number, self.dossier.conversation.part

    @property
    def properties(self) -> Key:
        contact = self.ticket.requester.contact if self.ticket.requester else None
        counts = (g.tally["theirs"], g.tally["theirs-open"]) if self.ticket.requester else ()
        beside = (
            g.me.id,
            *self.dossier.followers.items(),
            0,
            *self.dossier.custom.items(),
            g.tally["companies"],
            tuple(TicketSettings.fields_off),
        )
        return (*self._ticket, *shown(contact), *self.dossier.tags, 0, *self.dossier.copies, 0, *counts, *beside)

    @property
    def closure(self) -> Key:
        ticket = self.ticket
        return (
            ticket.number,
            ticket.name,
            bool(ticket.is_internal or not ticket.email),
            self.dossier.pending is not None,
            self.dossier.latest,
        )

    def composer(self, kind: str, to_write: bool) -> Key:
        dossier, ticket, role = self.dossier, self.ticket, g.me.agent
        shown = (ticket.number, ticket.name, bool(ticket.email), ticket.is_closed, kind, to_write, *dossier.ways)
        draft = (
            dossier.draft(kind),
            dossier.latest,
            bool(ticket.removed_at),
            dossier.pending is not None,
            bool(ticket.is_closed and dossier.draft("reply")),
        )
        return (*shown, role.may("close"), role.may("reopen"), dossier.shows("cc"), *draft, *dossier.copies_to_write)

    def may_reword(self, entry: Message) -> bool:
        return self.dossier.may("note") and obstacle(entry, by=g.me) is None

    def message(self, entry: Message, images: int | None) -> Key:
        ticket, may = self.ticket, self.dossier.may
        whose = (
            ticket.number,
            ticket.language,
            entry.author_id == ticket.requester_id,
            ticket.organization and ticket.organization.name,
        )
        mails = (shown(mail, MAIL) for mail in entry.mails)
        return (
            *whose,
            images == entry.id,
            self.may_reword(entry),
            may("note"),
            may("reply"),
            g.me.agent.may("reply"),
            ticket.is_internal,
            today(),
            *entry.shown,
            0,
            *mails,
        )
