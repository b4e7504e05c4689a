"""A list as CSV: all of it, harmless to a spreadsheet, and no more than the agent may see; and the news of a list."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.group import Group
from app.catalog.lists import CustomField, Priority
from app.lib import db, tables
from app.tickets.ticket import Ticket
from tests.counting import statements


def table(page, delimiter=","):
    assert page.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff")), delimiter=delimiter))


def test_a_list_goes_out_whole_and_in_its_order(world, desk):
    for place in range(70):
        Ticket.open(
            by=world.ben, channel="desk", requester=world.eve, subject=f"Roller {place}", text="x", acknowledge=False,
            tags=["oil", "new"] if place == 0 else [],
        )  # fmt: skip
    found = table(desk(world.ben).get("/desk/tickets/export?view=all&order=oldest"))
    assert len(found) == 72
    assert found[0][:3] == ["No.", "Subject", "Status"]
    assert [row[1] for row in found[2:]] == [f"Roller {place}" for place in range(70)]
    assert found[2][10] == "oil, new"
    assert len(table(desk(world.ben).get("/desk/tickets/export?view=all&q=roller"))) == 71


def test_nothing_a_customer_wrote_is_taken_for_a_formula(world, desk):
    for subject in ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", " =1", "＝1", "|cmd"):
        Ticket.open(by=world.ben, channel="desk", name=subject, subject=subject, text="x", acknowledge=False)
    found = table(desk(world.ben).get("/desk/tickets/export?view=all"))
    dangerous = [cell for row in found for cell in row if cell.lstrip(" ").startswith(tables.FORMULA)]
    assert dangerous == []
    assert "'=HYPERLINK(1)" in [row[1] for row in found]


def test_in_spanish_a_semicolon_stands_between_cells(world, desk):
    world.ben.change(language="es")
    world.leak.edit(by=world.ben, priority=Priority.by_key("urgent"))
    found = table(desk(world.ben).get("/desk/tickets/export?view=all"), delimiter=";")
    assert found[1][:4] == [str(world.leak.number), "The press leaks", "Abierto", "Urgente"]


def test_fields_of_ones_own_go_out_too(world, desk):
    floor, hours = CustomField.add("Floor"), CustomField.add("Hours", kind="number")
    agreed, _old = CustomField.add("Agreed", kind="yes_no"), CustomField.add("Old", is_active=False)
    for field, value in ((floor, "=3"), (hours, "-12,50"), (agreed, True)):
        world.leak.set_custom(field, value, by=world.ben)
    found = table(desk(world.ben).get("/desk/tickets/export?view=all"))
    assert [row[-3:] for row in found] == [["Floor", "Hours", "Agreed"], ["'=3", "-12.5", "Yes"]]


def test_whoever_reads_slowly_holds_no_connection(world, desk, monkeypatch):
    """Between two pieces anybody has it, whatever a client does with the piece they have."""
    monkeypatch.setattr(tables, "AT_ONCE", 1)
    ben = desk(world.ben)

    def read():
        pieces = ben.http.get("/desk/tickets/export?view=all").iter_encoded()
        begun = [next(pieces)]
        is_free = db.database.is_closed()
        other = ThreadPoolExecutor(1).submit(lambda: len(table(ben.get("/desk/tickets/export?view=all"))))
        return is_free, other.result(10), len([*begun, *pieces])

    assert ThreadPoolExecutor(1).submit(read).result() == (True, 2, 2)


def test_a_restricted_group_is_not_exported(world, desk):
    secret = Group.create(name="Vault", is_restricted=True)
    secret.take_in(world.bea)
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    for asked in ("view=all", "view=any&q=press", f"view=any&group={secret.id}", "view=any&q=from:carol"):
        assert len(table(desk(world.ben).get(f"/desk/tickets/export?{asked}"))) == 1, asked
        assert len(table(desk(world.bea).get(f"/desk/tickets/export?{asked}"))) == 2, asked


# --- the news ------------------------------------------------------------------------------------------------------


def news_of(page):
    return next(each["hx-get"] for each in page.all("keep-fresh"))


@pytest.mark.parametrize("asked", ["view=all", "view=all&layout=board", "view=any&q=press"])
def test_the_list_asks_for_news_and_gets_nothing_while_nothing_happens(world, desk, asked):
    client = desk(world.ben)
    address = news_of(client.get(f"/desk/tickets?{asked}"))
    with statements() as seen:
        answer = client.get(address, htmx=True)
    assert (answer.status, answer.html) == (204, "")
    assert len(seen) <= 4, "\n".join(seen)
    world.leak.edit(by=world.bea, subject="The press leaks badly")
    fresh = client.get(address, htmx=True)
    assert fresh.status == 200
    assert "The press leaks badly" in fresh
    assert fresh.by_id("total").text == "1"
    assert client.get(news_of(fresh), htmx=True).status == 204


def test_the_news_keep_the_place(world, desk):
    for place in range(60):
        Ticket.open(
            by=world.ben, channel="desk", requester=world.eve, subject=f"Roller {place}", text="x", acknowledge=False
        )
    client = desk(world.ben)
    second = client.get("/desk/tickets?view=all&order=oldest").follow("Next")
    world.leak.note("Something", by=world.bea)
    fresh = client.get(news_of(second), htmx=True)
    assert "26–50 of 61" in fresh
    assert "Roller 30" in fresh
