"""Requests that no browser sends: they are cleaned, ignored or refused, and never break a page on either database."""

import pytest

from app.lib.inbound import number
from app.messages.message import Message
from app.tickets.ticket import Ticket

HOSTILE = [
    "q=%00", "tag=%00", "q=%ff%00", "x=\xff", "first=\xb2", "after=1~%00", "after=%C2%B2~a", "before=%C2%B2-1",
    "after=99999999999999999999~a", "before=99999999999999999999", "after=1-99999999999999999999-1",
    "before=0-1-99999999999999999999", "requester=999999999", "page=-1",
]  # fmt: skip
LISTS = ["/desk/tickets", "/desk/contacts", "/desk/organizations", "/desk/equipment", "/desk/mail/ledger"]
HUGE = ["/desk/tickets/99999999999", "/desk/contacts/2147483648", "/desk/mail/ledger/99999999999", "/t/%00", "/s/%00"]


def ask(browser, path, query=""):
    return browser._ask(path, environ_overrides={"QUERY_STRING": query})


@pytest.mark.parametrize("path", LISTS)
def test_a_list_answers_whatever_its_address_says(desk, world, path):
    """With a page, or with the way to an address that leaves out what says nothing."""
    ada = desk(world.ada)
    assert [query for query in HOSTILE if ask(ada, path, query).status_code not in (200, 303)] == []


def test_so_does_a_customers_list(portal, world):
    carol = portal(world.carol)
    assert [query for query in HOSTILE if ask(carol, "/portal/tickets", query).status_code != 200] == []


def test_bytes_that_are_no_words_break_no_public_page(client, world):
    assert ask(client, "/support/new", "x=\xff").status_code == 200
    assert ask(client, "/sign-in", "next=\xff").status_code == 200


@pytest.mark.parametrize("path", HUGE)
def test_what_no_row_can_have_is_not_here(desk, world, path):
    assert ask(desk(world.ada), path).status_code == 404


def test_a_nul_is_left_out_of_what_was_typed(desk, world):
    page = desk(world.ada).post("/desk/tickets/1/properties/subject", subject="The pr\0ess leaks o\0il")
    assert page.status == 200
    assert Ticket.get_by_id(world.leak.id).subject == "The press leaks oil"


@pytest.mark.parametrize(
    "path", ["/t/%00x", "/t/%07", "/s/%1B%5B31m", "/nothing/%00%0B", "/p/%7F?q=%01", "/support?q=%00%3C", "/a%3Fb%25"]
)
def test_an_address_is_shown_as_a_browser_writes_it(client, path):
    """A page is parsed as strict HTML here; the form of the language leads back to the same address, undecoded."""
    page = client.get(path)
    forth = next(each["value"] for each in page.all("input") if each.get("name") == "next")
    assert forth == path
    assert client.post("/language", language="pt", next=forth, follow=False).location == path


def test_a_control_character_is_left_out_of_what_was_typed(client, desk, world):
    page = desk(world.ada).post("/desk/tickets/1/notes", text="From a\x0b word\x1b processor\tand so")
    assert page.status == 200
    said = world.leak.messages.order_by(Message.id.desc()).first().text
    assert said == "From a word processor\tand so"


def test_a_nul_signs_nobody_in(client, world):
    assert client.post("/sign-in", email="ada\0@acme.example", password="\0").status == 422
    assert client.post("/sign-in/link", email="ada\0@acme.example").status == 200


@pytest.mark.parametrize("text", ["", "-1", "x", "\u00b2", "\u0661", "2147483648", "9" * 5000, " 1", "1_0"])
def test_numbers_of_rows(text):
    with pytest.raises(ValueError, match="no row"):
        number(text)
    assert number("2147483647") == 2**31 - 1
