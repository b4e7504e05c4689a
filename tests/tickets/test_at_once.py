"""Two agents and a customer act on one ticket at the same moment, each by a connection of their own.

Nothing is lost, and what happens, happens once.
"""

from datetime import timedelta

import pytest

from app.accounts.person import Person
from app.catalog.lists import Tag
from app.lib.db import Vanished
from app.lib.refusals import Refused
from app.messages.conversational import Overtaken
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.surveys.survey import Question, Survey, SurveyInvitation
from app.tickets.batch import Batch
from app.tickets.intervention import Intervention
from app.tickets.lifecycle import StatusForbids
from app.tickets.opening import open_at_desk
from app.tickets.removable import TicketAway
from app.tickets.ticket import Ticket, TicketTag
from app.timeline.event import Event
from tests.at_once import at_once

ROUNDS = 6
TEXTS = ("Reply by Ben", "Reply by Ada", "Closed by Bea", "And by the customer")


def fresh(ticket):
    return Ticket.get_by_id(ticket.id)


def opened(world, subject, requester=None):
    return Ticket.open(
        by=requester or world.carol, requester=requester or world.carol, subject=subject, text=f"About {subject}",
        channel="form", acknowledge=False,
    )  # fmt: skip


def went(end):
    return not isinstance(end, Refused)


def events(kind, *tickets):
    return list(Event.select().where(Event.kind == kind, Event.ticket.in_([each.id for each in tickets])))


def said(text):
    return list(Message.select().where(Message.text == text))


def told(text, ends_in=1):
    """The message with this text is there once, and a mail of it goes to each recipient once."""
    (message,) = said(text)
    mails = [mail.to_address for mail in Delivery.select().where(Delivery.message == message)]
    assert len(mails) == len(set(mails)) == ends_in, mails
    return message


def test_a_button_pressed_twice_does_it_once(app, world, clock):
    """By two requests at the same moment; and again when it is meant."""
    Question.create(survey=Survey.create(title="How was it?", is_generic=True), kind="score", text="All in all?")
    ticket = opened(world, "Roller")

    def does(count):
        at_once(app, *[lambda: fresh(ticket).send_survey(by=world.ben)] * 3)
        at_once(app, *[lambda: fresh(ticket).note_intervention("New belt.", minutes=30, by=world.ben)] * 3)
        twins = at_once(app, *[lambda: fresh(ticket).duplicate(by=world.ben)] * 3)
        assert len({twin.id for twin in twins}) == 1
        assert SurveyInvitation.select().count() == count
        assert Intervention.select().count() == count
        assert len(events("ticket.duplicated", ticket)) == count

    does(1)
    fresh(ticket).note_intervention("New belt.", minutes=45, by=world.ben)
    fresh(ticket).note_intervention("New roller.", minutes=45, by=world.ben)
    assert Intervention.select().count() == 3
    Intervention.delete().where(Intervention.minutes == 45).execute()
    clock.shift(timedelta(seconds=11))
    does(2)


def test_what_somebody_deleted_meanwhile_is_refused(app, world):
    ticket = opened(world, "Roller")
    message = ticket.reply("We come.", by=world.ben)
    Message.get_by_id(message.id).delete_instance()
    with pytest.raises(Vanished):
        ticket.reword(message, "We come at nine.", by=world.ben)


def test_two_who_reply_at_once_to_what_they_both_have_read(app, world):
    """One is heard, the other is shown it first and nothing of theirs has left."""
    for number in range(ROUNDS):
        ticket = opened(world, f"Roller {number}")
        seen = max(message.id for message in ticket.messages)
        ends = at_once(
            app,
            lambda: fresh(ticket).reply(f"Ben {number}", by=world.ben, seen=seen),  # noqa: B023
            lambda: fresh(ticket).reply(f"Ada {number}", by=world.ada, seen=seen),  # noqa: B023
        )
        assert sorted(went(end) for end in ends) == [False, True]
        assert any(isinstance(end, Overtaken) for end in ends)
        told(f"Ben {number}" if went(ends[0]) else f"Ada {number}")
        assert len(said(f"Ben {number}")) + len(said(f"Ada {number}")) == 1
        assert len(events("message.replied", ticket)) == 1


def test_two_who_did_not_say_what_they_have_read_are_both_heard(app, world):
    ticket = opened(world, "Roller")
    ends = at_once(
        app,
        *[
            lambda text=text, who=who: fresh(ticket).reply(text, by=who)
            for text, who in zip(TEXTS, (world.ben, world.ada), strict=False)
        ],
    )
    assert all(went(end) for end in ends)
    for text in TEXTS[:2]:
        told(text)
    assert fresh(ticket).first_response_at == min(end.said_at for end in ends)


def test_a_reply_and_a_closing_at_once(app, world):
    """Either the reply came first and both stand, or the ticket was closed and the reply is refused."""
    for number in range(ROUNDS):
        ticket = opened(world, f"Roller {number}")
        replied, closed = at_once(
            app,
            lambda: fresh(ticket).reply(f"Ben {number}", by=world.ben),  # noqa: B023
            lambda: fresh(ticket).close(f"Bea {number}", by=world.bea),  # noqa: B023
        )
        assert went(closed)
        assert fresh(ticket).status == "closed_by_team"
        told(f"Bea {number}")
        if went(replied):
            told(f"Ben {number}")
        else:
            assert isinstance(replied, StatusForbids)
            assert said(f"Ben {number}") == []
        assert len(events("message.replied", ticket)) == went(replied)
        assert len(events("ticket.closed", ticket)) == 1


def test_two_who_close_at_once_close_it_once(app, world):
    for number in range(ROUNDS):
        ticket = opened(world, f"Roller {number}")
        ends = at_once(
            app,
            lambda: fresh(ticket).close(f"Ben {number}", by=world.ben),  # noqa: B023
            lambda: fresh(ticket).close(f"Ada {number}", by=world.ada),  # noqa: B023
            lambda: fresh(ticket).close_by_customer(by=world.carol),  # noqa: B023
        )
        assert sum(went(end) for end in ends) == 1
        assert all(isinstance(end, StatusForbids) for end in ends if not went(end))
        assert len(events("ticket.closed", ticket)) == 1
        letters = ("tickets.closed_by_team", "tickets.closed_by_customer")
        assert Delivery.select().where(Delivery.ticket == ticket, Delivery.letter.in_(letters)).count() == 1


def test_a_customers_words_and_a_closing_at_once_leave_the_words_unmissed(app, world):
    """Whoever comes first: what the customer said is never under a closing that did not know of it, unattended."""
    for number in range(ROUNDS):
        ticket = opened(world, f"Roller {number}")
        seen = max(message.id for message in ticket.messages)
        heard, closed = at_once(
            app,
            lambda: fresh(ticket).hear(f"Carol {number}", by=world.carol, channel="portal"),  # noqa: B023
            lambda: fresh(ticket).close(f"Bea {number}", by=world.bea, seen=seen),  # noqa: B023
        )
        assert went(heard)
        assert len(said(f"Carol {number}")) == 1
        assert fresh(ticket).status == "answered_by_customer"  # it was not closed, or it has come back
        assert went(closed) or isinstance(closed, Overtaken)
        assert len(said(f"Bea {number}")) == went(closed)


def test_a_reply_and_a_merge_at_once(app, world):
    """The reply goes along into the other ticket or is refused, and never hangs between the two."""
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        replied, merged = at_once(
            app,
            lambda: fresh(ticket).reply(f"Ben {number}", by=world.ben),  # noqa: B023
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ada),  # noqa: B023
        )
        assert went(merged)
        assert fresh(ticket).merged_into_id == other.id
        assert Message.select().where(Message.ticket == ticket).count() == 0
        if went(replied):
            message = told(f"Ben {number}")
            assert (message.ticket_id, message.origin_id) == (other.id, ticket.id)
            assert [mail.to_address for mail in message.deliveries] == [world.carol.email]
        else:
            assert isinstance(replied, TicketAway)
            assert said(f"Ben {number}") == []
        assert len(events("ticket.merged", ticket)) == len(events("ticket.joined", other)) == 1


def test_a_reply_to_what_another_is_merged_into_stands(app, world):
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        ends = at_once(
            app,
            lambda: fresh(other).reply(f"Ben {number}", by=world.ben),  # noqa: B023
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ada),  # noqa: B023
        )
        assert all(went(end) for end in ends)
        (message,) = said(f"Ben {number}")
        assert message.ticket_id == other.id
        to = {mail.to_address for mail in message.deliveries}
        assert world.eve.email in to
        assert to <= {world.eve.email, world.carol.email}  # Carol, if the merge came first
        assert fresh(other).status == "answered_by_team"


def test_two_who_merge_the_same_two_into_each_other_at_once(app, world):
    """Neither waits for the other for ever, and one ticket is left, with all that was said."""
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        ends = at_once(
            app,
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ben),  # noqa: B023
            lambda: fresh(other).merge_into(fresh(ticket), by=world.ada),  # noqa: B023
        )
        assert sorted(went(end) for end in ends) == [False, True]
        assert_one_is_left(ticket, other)


def test_three_tickets_merged_in_a_ring_at_once(app, world):
    for number in range(ROUNDS):
        first, second, third = (opened(world, f"{name} {number}") for name in ("Roller", "Ink", "Paper"))
        at_once(
            app,
            lambda: fresh(first).merge_into(fresh(second), by=world.ben),  # noqa: B023
            lambda: fresh(second).merge_into(fresh(third), by=world.ada),  # noqa: B023
            lambda: fresh(third).merge_into(fresh(first), by=world.bea),  # noqa: B023
        )
        assert_one_is_left(first, second, third)


def assert_one_is_left(*tickets):
    rows = [fresh(ticket) for ticket in tickets]
    (left,) = [row for row in rows if not row.is_away]
    assert {row.merged_into_id for row in rows} == {None, left.id}
    assert Message.select().where(Message.ticket == left).count() == len(tickets)


@pytest.mark.parametrize("into_closed", [False, True], ids=["the one that goes", "the one it goes into"])
def test_a_closing_and_a_merge_at_once(app, world, into_closed):
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        closing = other if into_closed else ticket
        closed, merged = at_once(
            app,
            lambda: fresh(closing).close(f"Bea {number}", by=world.bea),  # noqa: B023
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ada),  # noqa: B023
        )
        assert went(merged)
        assert went(closed) or isinstance(closed, TicketAway)
        assert len(said(f"Bea {number}")) == went(closed)
        assert len(events("ticket.closed", closing)) == went(closed)
        assert fresh(other).status == ("closed_by_team" if into_closed else "open")


def test_all_of_them_at_once(app, world):
    """Two replies, a closing, the customer and a merge: each is there once or was refused; a mail leaves once."""
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        texts = [f"{text} {number}" for text in TEXTS]
        acts = [
            lambda: fresh(ticket).reply(texts[0], by=world.ben),  # noqa: B023
            lambda: fresh(ticket).reply(texts[1], by=world.ada),  # noqa: B023
            lambda: fresh(ticket).close(texts[2], by=world.bea),  # noqa: B023
            lambda: fresh(ticket).hear(texts[3], by=world.carol, channel="portal"),  # noqa: B023
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ada),  # noqa: B023
        ]
        *ends, merged = at_once(app, *acts)
        assert went(merged)
        for text, end in zip(texts, ends, strict=True):
            messages = said(text)
            assert len(messages) == went(end), (text, end)
            for message in messages:
                assert message.ticket_id == other.id
                mails = [mail.to_address for mail in message.deliveries]
                assert len(mails) == (0 if message.is_incoming else 1)
        kinds = [event.kind for event in fresh(ticket).events] + [event.kind for event in fresh(other).events]
        assert kinds.count("message.replied") == went(ends[0]) + went(ends[1])
        assert kinds.count("ticket.closed") == went(ends[2])
        assert kinds.count("message.received") == went(ends[3])
        assert kinds.count("ticket.merged") == kinds.count("ticket.joined") == 1


def test_a_merge_and_the_bin_at_once(app, world):
    for number in range(ROUNDS):
        ticket, other = opened(world, f"Roller {number}"), opened(world, f"Ink {number}", world.eve)
        merged, removed = at_once(
            app,
            lambda: fresh(ticket).merge_into(fresh(other), by=world.ada),  # noqa: B023
            lambda: fresh(other).remove(by=world.ben),  # noqa: B023
        )
        assert went(removed)
        (message,) = said(f"About Roller {number}")
        assert message.ticket_id == (other.id if went(merged) else ticket.id)
        assert fresh(ticket).is_away == went(merged)


def test_two_who_name_somebody_new_at_once_name_one(app, world):
    """Neither loses what they wrote to the other."""
    for number in range(ROUNDS):
        email = f"new{number}@vega.example"
        ends = at_once(
            app,
            *[lambda: open_at_desk(by=world.ben, name="Nora", email=email, subject="S", text="T")] * 2,  # noqa: B023
        )
        assert all(went(end) for end in ends), ends
        assert {ticket.requester.email for ticket in ends} == {email}
        assert Person.select().where(Person.email == email).count() == 1


def test_a_relation_is_removed_once(app, world):
    other = opened(world, "Ink")
    for _ in range(ROUNDS):
        world.leak.relate("related", other, by=world.ben)
        relation = world.leak.relatives(world.ben)[0].id
        at_once(app, *[lambda: fresh(world.leak).unrelate(relation, by=world.ben)] * 2)  # noqa: B023
    assert len(events("ticket.unrelated", world.leak)) == ROUNDS


def test_a_change_of_many_and_an_agent_who_make_new_words_at_once_end_both(app, world):
    """To ask for it does it: here a task runs where it is queued."""
    for number in range(ROUNDS):
        tickets = [opened(world, f"Saw {number} {each}") for each in range(3)]
        ends = at_once(
            app,
            lambda: Batch.ask("tag", [each.id for each in tickets], by=world.ben, add=[f"Many {number}"], remove=[]),  # noqa: B023
            lambda: fresh(tickets[2]).tag_with([f"One {number}"], by=world.bea),  # noqa: B023
        )
        assert all(went(end) for end in ends), ends
        batch = Batch.get_by_id(ends[0].id)
        assert (batch.state, batch.done) == ("done", 3)


def test_two_changes_of_the_same_tickets_that_were_ticked_the_other_way_round_end_both(app, world):
    """Each takes its tickets in one order, so that none waits for the other in a ring; and so does their undo."""
    tickets = [opened(world, f"Saw {each}").id for each in range(8)]
    for person, status in [(world.bea, "pending"), (world.ben, "in_progress")] * 3:
        asked = at_once(
            app,
            lambda: Batch.ask("assign", tickets, by=world.ben, to=person.id),  # noqa: B023
            lambda: Batch.ask("status", tickets[::-1], by=world.ada, status=status, why=None),  # noqa: B023
        )
        done = [Batch.get_by_id(batch.id) for batch in asked]
        assert [(batch.state, batch.done) for batch in done] == [("done", 8)] * 2
        undoing = at_once(app, *[lambda batch=batch: batch.undo(by=batch.by) for batch in done])
        assert [Batch.get_by_id(batch.id).state for batch in undoing] == ["done"] * 2


def test_a_merge_of_many_and_a_change_of_the_same_end_both(app, world):
    """The ticket that all go into is held from the first of them on, though it is the last of all."""
    for number in range(ROUNDS):
        *gone, into = [opened(world, f"Saw {number} {each}").id for each in range(6)]
        asked = at_once(
            app,
            lambda: Batch.ask("merge", gone, by=world.ben, into=into),  # noqa: B023
            lambda: Batch.ask("assign", [*gone[1:], into], by=world.ada, to=world.bea.id),  # noqa: B023
        )
        merge, change = (Batch.get_by_id(batch.id) for batch in asked)
        assert (merge.state, merge.done, change.state, change.done + change.refused) == ("done", 5, "done", 5)
        assert Ticket.get_by_id(into).assignee == world.bea


def test_two_who_tag_with_the_same_new_word_at_once_make_it_once(app, world):
    for number in range(ROUNDS):
        tickets = [opened(world, f"Roller {number} {each}") for each in range(2)]
        ends = at_once(app, *[
            lambda ticket=ticket: fresh(ticket).tag_with([f"Word {number}"], by=world.ben)  # noqa: B023
            for ticket in tickets
        ])  # fmt: skip
        assert all(went(end) for end in ends), ends
        (tag,) = [each for each in Tag.all() if each.label == f"Word {number}"]
        assert {link.ticket_id for link in TicketTag.select().where(TicketTag.tag == tag)} == {t.id for t in tickets}
