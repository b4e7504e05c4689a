"""The command palette, which without a script is a page of its own; the keys of the desk, and how to search."""

from typing import Any

from flask import g, request, url_for

from app.accounts.contact import Contact
from app.lib.folding import has_words
from app.lib.pages import came_from, page
from app.lib.words import gettext as _
from app.lib.words import pgettext
from app.tickets.desk.room import listing_of, tickets
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

PALETTE, KEYS, SEARCH = (f"tickets/desk/{name}.html" for name in ("palette", "keys", "search_help"))
KEYS_OF = {"P": "priority", "T": "tags", "G H": "due_at"}  # fields that can be switched off
MOST = 8  # of each kind


@tickets.get("/go")
def show_palette() -> Any:
    """Tickets, customers and places whose words are typed; of tickets only those this agent may see."""
    words = " ".join(request.args.get("q", "").split())[:100]
    return page(PALETTE, "found", words=words, groups=_groups(words))


@tickets.get("/keys")
def show_keys() -> Any:
    """Every key, and what it does."""
    off = [key for key, field in KEYS_OF.items() if field in TicketSettings.fields_off]
    groups = [(heading, [line for line in lines if line[0] not in off]) for heading, lines in _keys()]
    return page(KEYS, groups=groups, back=came_from("/desk") or url_for(".index"))


@tickets.get("/search-help")
def show_search_help() -> Any:
    """What the search box understands of the fields that are on."""
    off = TicketSettings.fields_off
    return page(SEARCH, "search_help", examples=[line[1:] for line in _examples() if line[0] not in off])


def _groups(words: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """(heading, what was found), without what found nothing."""
    found = [(_("Tickets"), _tickets(words)), (_("Customers"), _customers(words)), (_("Go to"), _places(words))]
    return [(heading, lines) for heading, lines in found if lines]


def _tickets(words: str) -> list[dict[str, Any]]:
    if not words:
        return []
    number = words.lstrip("#")
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    exact = Ticket.seen_by_agent(g.me).where(Ticket.number == known).first() if known else None
    rows = [] if len(words) < 2 else listing_of({"q": words, "view": "any"}).page().rows
    lines = [_ticket(exact.number, exact.subject, exact.name)] if exact else []
    return (lines + [_ticket(row.number, row.subject, row.who) for row in rows if row.number != known])[:MOST]


def _ticket(number: int, subject: str, who: str) -> dict[str, Any]:
    there = url_for("desk.tickets.show", number=number)
    return {"label": f"{number} {subject}", "note": who, "url": there, "icon": "inbox"}


def _customers(words: str) -> list[dict[str, Any]]:
    if len(words) < 2:
        return []
    contacts, _after = Contact.listed(words)
    return [
        {
            "label": contact.person.name,
            "note": contact.person.email or "",
            "url": url_for("desk.organizations.show_contact", number=contact.person_id),
            "icon": "user",
        }
        for contact in contacts[:MOST]
    ]


def _places(words: str) -> list[dict[str, Any]]:
    """The sidebar, the settings and the rest, by their names; all of the sidebar where nothing is typed."""
    nav, may = g.nav, g.me.agent.may
    lines = [*nav.views, *nav.groups, *nav.saved, *nav.bottom, *nav.person["links"]]
    if nav.new_ticket_url:
        lines.insert(0, {"label": _("New ticket"), "url": nav.new_ticket_url, "icon": "plus"})
    if words and may("configure"):
        lines += nav.settings
    found = [line for line in lines if not line.get("post") and has_words(str(line["label"]), words)]
    return [{"label": str(line["label"]), "note": "", "url": line["url"], "icon": line["icon"]} for line in found]


def _keys() -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, (key, what it does)), without what this agent's role may not do."""
    groups = [
        (_("Everywhere"), [
            ("see", "Ctrl K", _("Command palette")), ("open", "C", _("New ticket")), ("see", "/", _("Search")),
            ("see", "?", _("This list")), ("see", "G M", _("My tickets")), ("see", "G N", _("Unattended")),
            ("see", "G U", _("Unassigned")), ("see", "G A", _("Awaiting authorization")),
            ("see", "G H", _("Due today")), ("see", "G T", _("All open")), ("see", "G D", _("Panels")),
        ]),
        (_("In the list"), [
            ("see", "J / K", _("Next, previous")), ("see", "↵", pgettext("verb", "Open")), ("edit", "X", _("Select")),
            ("edit", "⇧ X", _("Select up to here")), ("assign", "A", _("Assign")), ("edit", "S", _("Status")),
            ("edit", "P", _("Priority")), ("edit", "T", _("Tags")), ("close", "E", _("Close…")),
            ("edit", "Z", _("Undo")),
        ]),
        (_("On a ticket"), [
            ("see", "J / K", _("Next, previous")), ("reply", "R", _("Reply")), ("note", "N", _("Internal note")),
            ("authorize", "F", _("Request authorization")), ("reply", "/", _("Template")),
            ("note", "Ctrl ↵", _("Send")), ("reply", "Z", _("Undo")), ("assign", "A", _("Assign")),
            ("edit", "S", _("Status")), ("edit", "P", _("Priority")), ("edit", "T", _("Tags")),
            ("close", "E", _("Close…")), ("see", "Esc", _("Back to the list")),
        ]),
    ]  # fmt: skip
    may = g.me.agent.may
    return [(heading, [(key, words) for act, key, words in keys if may(act)]) for heading, keys in groups]


def _examples() -> list[tuple[str, str, str]]:
    """(the field that has to be on, an example, what it finds)."""
    return [
        ("", _("from:carol"), _("whose ticket it is: name, address or company")),
        ("cc", _("to:press@"), _("somebody in copy, or the mailbox")),
        ("", _("status:pending"), _("its status")),
        ("", _("assignee:me"), _("who has it; nobody: “none”")),
        ("tags", _("tag:warranty"), _("one of its tags")),
        ("priority", _("priority:high"), _("its priority")),
        ("category", _("category:problem"), _("its category")),
        ("", _("type:repair"), _("its type; also group:, channel:")),
        ("", _("is:unread"), _("also open, closed, unassigned")),
        ("due_at", _("is:overdue"), _("past its deadline")),
        ("visibility", _("is:internal"), _("which only the team sees")),
        ("", _("has:files"), _("with attachments")),
        ("", _("after:2026-03-01"), _("opened since then; before: until then; also 7d, today")),
        ("", _("subject:leak"), _("words of its subject")),
        ("serial", _("serial:OP-77"), _("its serial number")),
        ("sales_order", _("order:4711"), _("its sales order")),
    ]
