"""Being named in a note, following, and putting a ticket off."""

from datetime import timedelta

import pytest

from app.lib.clock import now
from app.notifications.telling import LETTER
from app.outbox.delivery import Delivery
from app.tickets.mentions import marked, mentioned, names
from app.tickets.snoozable import NotYetPast
from app.tickets.ticket import Ticket
from tasks import reactions
from tests.page import both_ways


def told(world, kind):
    """Who was told of the latest event of this kind."""
    event = next(event for event in reversed(list(world.leak.events)) if event.kind == kind)
    reactions.run(event)
    return {letter.person for letter in Delivery.select().where(Delivery.event == event, Delivery.letter == LETTER)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Bea look", ["Bea Lund"]),
        ("@bea, @ada.moss and @vic", ["Ada Moss", "Bea Lund", "Vic Hale"]),
        ("write to bea@acme.example", []),
        ("@Ben it is me", []),
        ("@nobody", []),
        ("(@Bea)", ["Bea Lund"]),
    ],
)
def test_names_after_an_at_sign_are_agents(world, text, names):
    assert sorted(person.name for person in mentioned(text, by=world.ben)) == names


def test_who_is_named_in_a_note_hears_of_it(world):
    world.leak.note("@Bea do you have the seal?", by=world.ben)
    assert told(world, "message.mentioned") == {world.bea}


def test_who_may_not_see_the_ticket_hears_nothing(world):
    world.press_team.change(is_restricted=True)
    world.leak.give_to_group(world.press_team, by=world.ada)
    world.leak.note("@Bea do you have the seal?", by=world.ben)
    assert "message.mentioned" not in [event.kind for event in world.leak.events]


def test_a_mark_in_a_note_is_escaped_and_stands_where_somebody_is_named(world):
    assert (
        str(marked("<b> @Bea & @Bert @<i>", names()))
        == '&lt;b&gt; <span class="mention">@Bea</span> &amp; @Bert @&lt;i&gt;'
    )


def test_the_name_is_marked_in_the_note(desk, world):
    world.leak.note("@Bea do you have the seal?", by=world.ben)
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "@Bea" in [each.text for each in page.all("span") if each.get("class") == "mention"]


@both_ways
def test_a_follower_hears_what_the_assignee_hears(desk, world, htmx):
    page = desk(world.bea).get(f"/desk/tickets/{world.leak.number}")
    page.press("Follow", htmx=htmx)
    assert "Bea Lund" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}").region("Followers")
    world.leak.hear("And now?", by=world.carol, channel="portal")
    assert told(world, "message.received") == {world.ben, world.bea}
    desk(world.bea).get(f"/desk/tickets/{world.leak.number}").press("Unfollow", htmx=htmx)
    world.leak.hear("Hello?", by=world.carol, channel="portal")
    assert told(world, "message.received") == {world.ben}


def test_a_snoozed_ticket_comes_back_at_its_moment(world, clock):
    world.leak.snooze(now() + timedelta(hours=2), by=world.ben)
    assert world.leak.status == "pending"
    assert not Ticket.wake_due()
    clock.shift(timedelta(hours=2, seconds=1))
    assert Ticket.wake_due() == 1
    assert world.leak.lock().status == "in_progress"
    assert world.leak.wakes_at is None
    assert told(world, "ticket.woken") == {world.ben}
    assert not Ticket.wake_due()


def test_an_answer_wakes_it_at_once_and_for_good(world, clock):
    world.leak.snooze(now() + timedelta(hours=2), by=world.ben)
    world.leak.hear("Here is the part number.", by=world.carol, channel="portal")
    assert world.leak.status == "answered_by_customer"
    clock.shift(timedelta(hours=3))
    assert not Ticket.wake_due()


def test_the_moment_is_still_to_come(world):
    with pytest.raises(NotYetPast):
        world.leak.snooze(now() - timedelta(minutes=1), by=world.ben)


@both_ways
def test_an_agent_snoozes_from_the_page(desk, world, htmx):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}/snooze")
    late = page.press("Snooze", until="2020-01-01T10:00", htmx=htmx)
    assert late.status == 422
    assert late.field("Until (optional)" if late.has_field("Until (optional)") else "Until").value == "2020-01-01T10:00"
    page.press("Snooze", until="", htmx=htmx)
    assert world.leak.lock().status == "pending"
