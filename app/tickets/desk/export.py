"""A list as CSV: what the agent sees there, all of it, in pieces as it is read."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from flask import Response, g, request, stream_with_context

from app.frame import zone
from app.lib import db, tables, words
from app.lib.clock import now
from app.lib.kinds import said, value_of
from app.lib.words import gettext as _
from app.tickets.choices import Choice, Choices
from app.tickets.desk.room import listing_of, tickets
from app.tickets.lifecycle import STATUSES
from app.tickets.listing import Listing
from app.tickets.rows import Row, moment
from app.tickets.settings import TicketSettings

_reading = threading.Lock()


@tickets.get("/tickets/export")
def show_export() -> Any:
    listing = listing_of(request.args)
    rows = _table(listing, Choices(), {team.id: team.name for team in g.teams.all})
    text = tables.pieces(tables.lines(next(rows), rows, delimiter=tables.delimiter_of(words.language())))
    name = f"tickets-{now().astimezone(zone()):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(_in_units(text)), content_type=tables.TYPE, headers=headers)


def _in_units(pieces: Iterator[str]) -> Iterator[str]:
    """The request has given its connection back when the file is read: each piece takes one, and none is held while
    somebody's slow line takes a piece. One piece is read at a time, else eight exports fill eight connections.
    """
    while True:
        with _reading, db.connection():
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _table(listing: Listing, choices: Choices, groups: dict[int, str]) -> Iterator[list[Any]]:
    off = TicketSettings.fields_off
    cells = {name: cell for name, cell in _cells(choices, groups).items() if name not in off}
    words, own = _headings(), choices.offered("custom")
    yield [*(words[name] for name in cells), *(each.label for each in own)]
    for row in listing.all_rows(tuple(each.id for each in own)):
        yield [*(cell(row) for cell in cells.values()), *(_own(row, each) for each in own)]


def _headings() -> dict[str, str]:
    return {
        "number": _("No."), "subject": _("Subject"), "status": _("Status"), "priority": _("Priority"),
        "type": _("Type"), "category": _("Category"), "customer": _("Customer"), "organization": _("Organization"),
        "assignee": _("Assigned to"), "group": _("Group"), "tags": _("Tags"), "origin": _("Channel"),
        "serial": _("Serial number"), "due_at": _("Deadline"), "created": _("Created"), "activity": _("Activity"),
        "resolved": _("Resolved"),
    }  # fmt: skip


def _cells(choices: Choices, groups: dict[int, str]) -> dict[str, Callable[[Row], Any]]:
    """What stands in each column; the names are those of the fields that can be switched off (T6)."""

    def named(kind: str) -> Callable[[Row], str]:
        known = choices[kind]
        return lambda row: choice.label if (choice := known.get(getattr(row, f"{kind}_id") or 0)) else ""

    return {
        "number": lambda row: row.number, "subject": lambda row: row.subject,
        "status": lambda row: STATUSES[row.status].label, "priority": named("priority"), "type": named("type"),
        "category": named("category"), "customer": lambda row: row.who, "organization": lambda row: row.organization,
        "assignee": named("assignee"), "group": lambda row: groups.get(row.group_id or 0, ""),
        "tags": lambda row: ", ".join(row.tags), "origin": named("origin"), "serial": lambda row: row.serial,
        "due_at": lambda row: _at(row.due), "created": lambda row: _at(row.created),
        "activity": lambda row: _at(row.active), "resolved": lambda row: _at(row.resolved),
    }  # fmt: skip


def _own(row: Row, field: Choice) -> Any:
    text = dict(row.own).get(field.id, "")
    value = value_of(field.own_kind, text)
    if isinstance(value, Decimal):
        return value
    return said(field.own_kind, text) if isinstance(value, bool) else text


def _at(value: Any) -> str:
    """A moment in the reader's zone, as spreadsheets of every language read it."""
    return f"{moment(value).astimezone(zone()):%Y-%m-%d %H:%M}" if value else ""
