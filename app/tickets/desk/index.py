"""The list: views, filters, search, pages, the board, and what has changed since."""

from typing import Any

from flask import Response, g, redirect, request

from app.lib.pages import page, wants_block
from app.tickets import orders
from app.tickets.batch import Batch
from app.tickets.choices import Choices, named_customers
from app.tickets.columns import COLUMNS
from app.tickets.desk.chips import chips
from app.tickets.desk.looks import Looks
from app.tickets.desk.room import listing_of, remember, tickets
from app.tickets.lifecycle import STATUSES, TURNS
from app.tickets.listing import Listing
from app.tickets.settings import TicketSettings
from app.timeline.event import Event

SHOWN_CHIPS = 4  # filters that always stand above the list
PAGE, NEWS = "tickets/desk/index.html", "tickets/desk/news.html"


@tickets.get("")
@tickets.get("/tickets")
def index() -> Any:
    listing = listing_of(request.args)
    remember(listing)
    says_too_much = "" in request.args.values()  # a form sends each field that says nothing, too
    if says_too_much and not wants_block():
        return redirect(listing.url(), 303)
    answer = page(PAGE, "listing", is_place=True, **shown(listing, Batch.begun(g.me, request.args.get("batch", ""))))
    if says_too_much:
        answer.headers["HX-Push-Url"] = listing.url()
    return answer


@tickets.get("/tickets/news")
def show_news() -> Any:
    """The lines as they are now, or nothing (204) where nothing has happened since the page was drawn."""
    if request.args.get("since", "") == str(Event.latest()):
        return Response(status=204)
    return page(NEWS, "lines", **shown(listing_of(request.args)))


@tickets.get("/tickets/filters")
def show_filters() -> Any:
    """The rarer filters that are not chosen yet."""
    listing = listing_of(request.args)
    rare = chips(listing, Choices(), rare=True)[SHOWN_CHIPS:]
    if wants_block():
        rare = [chip for chip in rare if not chip.chosen]
    return page("tickets/desk/filters.html", "more_filters", listing=listing, filters=rare)


@tickets.get("/tickets/columns")
def show_columns() -> Any:
    columns = _columns(Choices())
    return page("tickets/desk/columns.html", "columns_form", listing=listing_of(request.args), columns=columns)


def shown(listing: Listing, batch: Batch | None = None) -> dict[str, Any]:
    """What the page of a list shows; `batch`: the change of many tickets that is watched on it."""
    g.nav.mark(listing.key)
    choices = Choices()
    common = {
        "listing": listing,
        "title": listing.title,
        "filters": lambda: chips(listing, choices),
        "orders": [(key, order.label) for key, order in orders.offered().items()],
        "offered_key": (
            listing.url(),
            _saved_key(listing),
            g.me.id,
            choices.key,
            *g.teams.open_to_me,
            *TicketSettings.fields_off,
            *named_customers(listing.filters).values(),
        ),
        "looks": Looks(choices, listing, g.teams, may_select=_may_select()),
        "choices": choices,
        "batch": batch,
        "since": choices.as_of,
    }
    return common | (_board(listing) if listing.is_board else _page(listing))


def _saved_key(listing: Listing) -> tuple[Any, ...]:
    """What the chips show of a saved view."""
    return (listing.saved.query, listing.saved.may_be_changed_by(g.me)) if listing.saved else ()


def _page(listing: Listing) -> dict[str, Any]:
    listing.want_counts(g.tally)
    found, counts = listing.page(g.tally), listing.counts(g.tally)
    total = listing.label(sum(counts.values()))
    labels = {turn: listing.label(figure) for turn, figure in counts.items()}
    return {
        "shown": found,
        "counts": labels,
        "turn_words": TURNS,
        "lines_key": (*found.rows.key, *labels.items()),
        "total": total,
        "pager": {
            "first": found.first,
            "last": found.last,
            "total_label": total,
            "previous_url": found.previous_url,
            "next_url": found.next_url,
        },
    }


def _board(listing: Listing) -> dict[str, Any]:
    listing.want_counts(g.tally)
    listing.want_statuses(g.tally)
    columns = [
        {
            "status": STATUSES[key],
            "rows": rows,
            "count": len(rows) if listing.is_search else g.tally.label(f"status-{key}"),
            "url": listing.url(status=key, layout=None),
        }
        for key, rows in listing.board(g.tally).items()
    ]
    total = listing.label(sum(listing.counts(g.tally).values()))
    return {"board": columns, "total": total, "shown": None}


def _columns(choices: Choices) -> list[tuple[str, Any]]:
    off = {"due": "due_at"}
    ours = [(key, label) for key, label in COLUMNS.items() if off.get(key, key) not in TicketSettings.fields_off]
    return [*ours, *((f"custom_{each.id}", each.label) for each in choices.offered("custom"))]


def _may_select() -> bool:
    return any(g.me.agent.may(act) for act in ("assign", "edit", "close"))
