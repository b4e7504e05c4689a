"""Being named in a note, following, and putting a ticket off."""

from datetime import UTC, datetime, timedelta

import pytest

from app.lib.clock import now
from app.notifications.telling import LETTER
from app.outbox.delivery import Delivery
from app.tickets.mentions import marked, mentioned, names
from app.tickets.snoozable import NotYetPast
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tasks import reactions
from tests.page import both_ways


def told(world, kind):
    """Who was told of the latest event of this kind."""
    event = Event.find(ticket=world.leak.id, kind=kind, order=("-id",))
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


def test_what_was_answered_and_put_off_again_does_not_wake_at_the_first_moment(world, clock):
    world.leak.snooze(now() + timedelta(hours=2), by=world.ben)
    world.leak.hear("Here is the part number.", by=world.carol, channel="portal")
    world.leak.set_status("pending", by=world.ben)
    clock.shift(timedelta(hours=3))
    assert not Ticket.wake_due()
    assert world.leak.lock().status == "pending"


def test_who_snoozes_it_again_chooses_another_moment_or_none(world, clock):
    for hours in (2, 5):
        world.leak.snooze(now() + timedelta(hours=hours), by=world.ben)
    clock.shift(timedelta(hours=3))
    assert not Ticket.wake_due()
    world.leak.snooze(None, by=world.ben)
    clock.shift(timedelta(hours=3))
    assert not Ticket.wake_due()


@pytest.mark.parametrize("away", ["in the bin", "merged"])
def test_what_is_away_wakes_nobody_and_keeps_no_other_asleep(world, clock, away):
    gone, other = (
        Ticket.open(by=world.eve, subject=subject, text="No ink", channel="form", requester=world.eve)
        for subject in ("Ink", "More ink")
    )
    for ticket in (gone, world.leak):
        ticket.snooze(now() + timedelta(hours=2), by=world.ben)
    if away == "merged":
        gone.merge_into(other, by=world.ben)
    else:
        gone.remove(by=world.ben)
    clock.shift(timedelta(hours=3))
    assert Ticket.wake_due() == 1
    assert (world.leak.lock().status, gone.hold().status) == ("in_progress", "pending")


def test_until_when_it_is_snoozed_stands_at_its_head(desk, world, clock):
    clock.move_to(datetime(2026, 11, 18, 9, 0, tzinfo=UTC))
    desk(world.ben).post(f"/desk/tickets/{world.leak.number}/snooze", until="2026-11-20T10:30")
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "until Fri 20, 10:30" in page.by_id("ticket-head")


def test_a_closed_ticket_is_not_put_off(desk, world):
    world.leak.close("Done", by=world.ben)
    ben, there = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    assert not ben.get(there).has_link("Snooze…")
    assert "while the ticket is “Closed by team”" in ben.post(f"{there}/snooze", until="")
    assert world.leak.lock().status == "closed_by_team"


def test_whoever_has_left_is_neither_named_nor_told_nor_shown(desk, world):
    world.leak.follow(by=world.bea)
    world.bea.agent.become(role="operator", is_internal=False, is_active=False)
    assert mentioned("@Bea look", by=world.ben) == []
    assert "@Bea" not in [each.text for each in desk(world.ben).get(f"/desk/tickets/{world.leak.number}").all("span")]
    assert world.leak.followers == []
    world.leak.hear("And now?", by=world.carol, channel="portal")
    assert told(world, "message.received") == {world.ben}


def test_who_follows_twice_follows_once_and_a_handing_over_is_not_their_business(world):
    for _ in range(2):
        world.leak.follow(by=world.vic)
    assert world.leak.followers == [world.vic]
    world.leak.hand_over(to=world.bea, by=world.ada)
    assert told(world, "ticket.assigned") == {world.bea}
    world.leak.note("@Ben have a look", by=world.bea)
    assert told(world, "message.mentioned") == {world.ben}


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
