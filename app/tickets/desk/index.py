"""The list: views, filters, search, pages."""

from typing import Any

from flask import g, request

from app.lib.pages import page
from app.lib.tally import label
from app.lib.words import gettext as _
from app.tickets.choices import Choices
from app.tickets.desk.looks import Looks
from app.tickets.desk.room import listing_of, remember, tickets
from app.tickets.lifecycle import STATUSES, TURNS
from app.tickets.listing import ORDERS, Listing
from app.tickets.settings import TicketSettings
from app.tickets.views import OPEN

PAGE = "tickets/desk/index.html"


@tickets.get("")
@tickets.get("/tickets")
def index() -> Any:
    listing = listing_of(request.args)
    remember(listing)
    listing.want_counts(g.tally)
    choices = Choices()
    shown, counts = listing.page(), listing.counts(g.tally)
    g.nav.mark(listing.key)
    return page(
        PAGE,
        "listing",
        listing=listing,
        shown=shown,
        title=listing.title,
        filters=lambda: _filters(listing, choices),
        orders=[(key, order.label) for key, order in ORDERS.items()],
        offered_key=(listing.url(), g.me.id, choices.key, *g.teams.open_to_me, *TicketSettings.fields_off),
        turns=[(turn, TURNS[turn], counts.get(turn, 0), rows) for turn, rows in shown.turns],
        total=label(sum(counts.values())),
        looks=Looks(choices, listing.path),
        pager=_pager(shown, sum(counts.values())),
    )


def _pager(shown: Any, total: int) -> dict[str, Any]:
    return {
        "first": shown.first,
        "last": shown.last,
        "total_label": label(total),
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
    }


def _filters(listing: Listing, choices: Choices) -> list[dict[str, Any]]:
    """The chips: each with its choices as (value, words); what is switched off is not offered."""
    turns = (*OPEN, *listing.view.turns)
    statuses = [(key, status.label) for key, status in STATUSES.items() if status.turn in turns]
    agents = [("me", _("Me")), ("none", _("Nobody"))]
    agents += [(str(choice.id), choice.label) for choice in choices.offered("assignee") if choice.id != g.me.id]
    any_status = _("All but closed") if listing.view.turns == OPEN else _("Any")
    offered = [("status", _("Status"), any_status, statuses), ("assignee", _("Assigned to"), _("Anybody"), agents)]
    for name, words in (("priority", _("Priority")), ("category", _("Category")), ("type", _("Type"))):
        if name not in TicketSettings.fields_off:
            offered.append((name, words, _("Any"), [(str(each.id), each.label) for each in choices.offered(name)]))
    groups = [(str(team.id), team.name) for team in g.teams.open_to_me]
    offered.append(("group", _("Group"), _("Any"), groups))
    return [_chip(listing, *each) for each in offered if each[3]]


def _chip(listing: Listing, name: str, words: str, anything: str, values: list[tuple[str, Any]]) -> dict[str, Any]:
    chosen = listing.filters.get(name, "")
    return {
        "name": name,
        "label": words,
        "any": anything,
        "values": values,
        "chosen": chosen,
        "shown": dict(values).get(chosen, chosen) if chosen else anything,
    }
