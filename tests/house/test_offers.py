"""No page of the desk offers a role what it may not do: neither a link nor a button (SPEC P2)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.lib.clock import now
from app.mail.mailbox import Mailbox
from app.tickets.ticket import Ticket
from tests.house.access import ROWS
from tests.house.test_doors import browser_of
from tests.page import Page

pytestmark = pytest.mark.sqlite_only

ALLOWED: dict[tuple[str, str], set[str]] = defaultdict(set)
for row in ROWS:
    ALLOWED[row.endpoint, row.method] |= row.allowed
WHERE_IT_IS_INTERNAL = {("desk.tickets.new_intervention", "GET"): "ines"}  # what no customer reads
LESS = ("ben", "vic", "ines")  # an administrator may do all, an operator what an agent may
LISTS = ("/desk/tickets?view=any", "/desk/tickets?view=any&layout=board")


@pytest.mark.parametrize("who", LESS)
def test_nobody_is_offered_what_they_may_not(app: Flask, world: Any, things: dict[str, Any], who: str):
    Mailbox.update(state="confirmed", failing_since=now()).execute()
    rows = [row for row in ROWS if row.endpoint.startswith("desk.") and row.method == "GET" and not row.is_foreign]
    paths = [row.path.format(**things) for row in rows if who in row.allowed]
    assert offered_in_vain(app, world, who, [*paths, *LISTS]) == set()


@pytest.mark.parametrize("who", LESS)
def test_nor_on_a_ticket_that_is_closed_hidden_or_in_the_bin(app: Flask, world: Any, things: dict[str, Any], who: str):
    closed, hidden, removed = Ticket.get(Ticket.number == things["linked"]), world.leak, opened(world)
    opened(world).merge_into(closed, by=world.ben)
    closed.close("Done", by=world.ben)
    hidden.set_visibility(internal=True, by=world.ben)
    removed.remove(by=world.ben)
    paths = [f"/desk/tickets/{ticket.number}" for ticket in (closed, hidden, removed)]
    assert offered_in_vain(app, world, who, [*paths, "/desk/bin"]) == set()


def opened(world: Any) -> Ticket:
    return Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="None", acknowledge=False)


def offered_in_vain(app: Flask, world: Any, who: str, paths: list[str]) -> set[tuple[str, str, str]]:
    browser, wrong = browser_of(app, world, who), set()
    for path in paths:
        offered = set(offers(app, browser.get(path, follow=False)))
        wrong |= {
            (path, *each) for each in offered if who not in ALLOWED[each] and WHERE_IT_IS_INTERNAL.get(each) != who
        }
    return wrong


def offers(app: Flask, page: Page) -> Iterator[tuple[str, str]]:
    """(endpoint, method) of each link, and of each form and each button with an address of its own."""
    ways = app.url_map.bind("localhost")
    for node in page.all("a", "form", "button"):
        method = node.get("method", "get").upper() if node.tag == "form" else "POST" if node.tag == "button" else "GET"
        path = urlsplit(node.get("href") or node.get("action") or node.get("formaction")).path
        if path.startswith("/desk"):
            yield str(ways.match(path, method=method)[0]), method
