"""Merging, splitting, duplicating, relating and deleting, on the desk's pages."""

import pytest

from app.messages.message import Message
from app.tickets.ticket import Ticket, TicketRelation


@pytest.fixture
def second(world):
    return Ticket.open(by=world.eve, requester=world.eve, subject="Also leaks", text="Mine leaks.", channel="form")


def test_an_agent_merges_and_takes_it_apart(desk, world, second):
    ben = desk(world.ben)
    page = ben.get(f"/desk/tickets/{second.number}/merger", other=world.leak.number)
    assert "different customers" in page
    page = page.press(f"Merge {second.number} into {world.leak.number}")
    assert "Mine leaks." in page
    assert f"from ticket {second.number}" in page
    assert page.path.startswith(f"/desk/tickets/{world.leak.number}")
    assert ben.get(f"/desk/tickets/{second.number}").h1 == page.h1
    page = page.press("Undo merge")
    assert page.path.endswith(f"/desk/tickets/{second.number}")
    assert "Mine leaks." in page


@pytest.mark.parametrize(
    ("who", "offered"),
    [("ben", {"Duplicate", "Merge…", "Split…", "Delete…"}), ("vic", set()), ("ines", set())],
)
def test_the_menu_offers_what_the_role_may_do_and_nothing_in_the_bin(desk, world, who, offered):
    def menu() -> set[str]:
        page = desk(getattr(world, who)).get(f"/desk/tickets/{world.leak.number}")
        assert page.has_link("Ticket details")
        names = ("Duplicate", "Merge…", "Split…", "Delete…")
        return {name for name in names if page.has_link(name) or page.has_button(name)}

    assert menu() == offered
    world.leak.remove(by=world.ada)
    assert menu() == set()


def test_what_went_into_a_ticket_stands_among_the_related_ones(desk, world, second):
    second.merge_into(world.leak, by=world.ben)
    page = desk(world.vic).get(f"/desk/tickets/{world.leak.number}")
    assert f"Merged in {second.number} Also leaks" in page.region("Related tickets")
    assert not page.has_button("Undo merge"), "who only looks undoes nothing"


def test_the_other_number_must_be_of_a_ticket_one_sees(desk, world, second):
    world.press_team.change(is_restricted=True)
    second.give_to_group(world.press_team, by=world.ada)
    bea = desk(world.bea)
    for other in (second.number, 999, "x"):
        page = bea.get(f"/desk/tickets/{world.leak.number}/merger", other=other)
        assert "There is no ticket" in page
        assert "Also leaks" not in page
        page = bea.post(f"/desk/tickets/{world.leak.number}/merger", other=other)
        assert "There is no ticket" in page
        page = bea.post(f"/desk/tickets/{world.leak.number}/relations", other=other, says="related")
        assert "There is no ticket" in page
    assert not TicketRelation.select().exists()
    for path in ("merger", "split", "removal", "duplicate", "restoration", "separation"):
        assert bea.post(f"/desk/tickets/{second.number}/{path}", other=world.leak.number).status == 404


def test_a_follower_sees_a_ticket_of_a_restricted_group(desk, world, second):
    world.press_team.change(is_restricted=True)
    second.give_to_group(world.press_team, by=world.ada)
    assert desk(world.bea).get(f"/desk/tickets/{second.number}").status == 404
    second.follow(by=world.bea)
    assert "Mine leaks." in desk(world.bea).get(f"/desk/tickets/{second.number}")


def test_an_agent_splits_a_conversation(desk, world):
    heard = world.leak.hear("And the invoice is wrong.", by=world.carol, channel="portal")
    ben = desk(world.ben)
    page = ben.get(f"/desk/tickets/{world.leak.number}/split", message=heard.id)
    page = page.press("Split", subject="Wrong invoice")
    assert "Wrong invoice" in page.h1
    assert "And the invoice is wrong." in page
    assert "And the invoice is wrong." not in ben.get(f"/desk/tickets/{world.leak.number}").region("Conversation")


def test_a_refused_split_keeps_what_was_typed(desk, world):
    page = desk(world.ben).post(f"/desk/tickets/{world.leak.number}/split", subject="Nothing chosen")
    assert page.status == 422
    assert page.field("Subject of the new ticket").value == "Nothing chosen"
    assert "leave something in this one" in page


def test_an_agent_duplicates(desk, world):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}").press("Duplicate")
    assert not page.path.endswith(f"/desk/tickets/{world.leak.number}")
    assert "The press leaks" in page.h1
    assert "Duplicate of" in page


def test_an_agent_relates_two_tickets_and_takes_it_back(desk, world, second):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}/relations")
    assert "This ticket contains the other one" in page.field("How they belong together")
    page = page.press("Relate", says="child", other=second.number)
    assert f"{second.number} Also leaks" in page.region("Related tickets").text
    page = page.press(f"Remove the relation to {second.number}")
    assert "Also leaks" not in page


def test_an_agent_deletes_and_restores(desk, world):
    ben = desk(world.ben)
    page = ben.get(f"/desk/tickets/{world.leak.number}/removal").press("Delete ticket")
    assert "is in the bin" in page
    assert "The press leaks" in ben.get("/desk/bin")
    page = ben.get(f"/desk/tickets/{world.leak.number}")
    assert "This ticket is in the bin since" in page
    assert not page.all("textarea")
    page = page.press("Restore")
    assert page.all("textarea")
    assert "The bin is empty." in ben.get("/desk/bin")


def test_an_administrator_deletes_for_good(desk, world):
    world.leak.remove(by=world.ben)
    page = desk(world.ada).get(f"/desk/tickets/{world.leak.number}/purge").press("Delete for good")
    assert "gone for good" in page
    assert not Message.select().exists()
    assert "was deleted for good" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
