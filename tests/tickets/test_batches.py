"""Changing many tickets at once: who may, what is refused, one history, one notice, undone, in short transactions."""

from datetime import timedelta

import pytest
from peewee import OperationalError

from app.accounts.agent import NotAllowed
from app.accounts.group import Group
from app.catalog.lists import Category, Justification, Priority
from app.lib import db
from app.lib.clock import now
from app.messages.reply_template import ReplyTemplate
from app.outbox.delivery import Delivery
from app.surveys.settings import SurveySettings
from app.surveys.survey import Survey, SurveyInvitation
from app.tickets import batch as batches
from app.tickets.batch import MOST, Batch, BatchItem, NothingChosen, NothingToUndo, Quiet, SaysNothing
from app.tickets.restorable import MOMENTS
from app.tickets.ticket import Ticket
from app.timeline import event as timeline
from app.timeline.event import Event
from tasks import batches as duty
from tasks import reactions
from tests.page import both_ways, form_values
from tests.tickets.test_listing import numbers


@pytest.fixture
def five(world):
    """Five more of Eve's, in Bea's hands."""
    return [
        Ticket.open(
            by=world.ben, channel="desk", requester=world.eve, subject=f"Roller {place}", text="It squeaks.",
            assignee=world.bea, acknowledge=False,
        )
        for place in range(5)
    ]  # fmt: skip


@pytest.fixture
def worker_away():
    """What is asked waits."""
    listeners = list(timeline._listeners)
    timeline._listeners.clear()
    yield
    timeline._listeners[:] = listeners


def ids(tickets):
    return [ticket.id for ticket in tickets]


def done(act, tickets, *, by, **details):
    batch = Batch.ask(act, ids(tickets), by=by, **details)
    batch.run(quiet=duty._quiet)
    return Batch.get_by_id(batch.id)


def fresh(tickets):
    return [Ticket.get_by_id(ticket.id) for ticket in tickets]


# --- the verb ------------------------------------------------------------------------------------------------------


def test_each_ticket_gets_the_verb_and_its_own_line_of_history(world, five):
    urgent = Priority.by_key("urgent")
    batch = done("priority", five, by=world.ben, to=urgent.id)
    assert (batch.state, batch.done, batch.refused) == ("done", 5, 0)
    assert {ticket.priority for ticket in fresh(five)} == {urgent}
    for ticket in five:
        event = Event.select().where(Event.ticket == ticket).order_by(Event.id.desc()).first()
        assert (event.kind, event.by, event.details["batch"]) == ("ticket.edited", world.ben, batch.id)


def test_what_a_ticket_refuses_is_noted_for_it_alone(world, five):
    five[1].close("Done", by=world.ben)
    batch = done("status", five, by=world.ben, status="pending", why=None)
    assert (batch.done, batch.refused) == (4, 1)
    assert [item.ticket for item in batch.refusals] == [five[1]]
    assert "“Closed by team”" in batch.refusals[0].refusal
    assert [ticket.status for ticket in fresh(five)].count("pending") == 4


def test_roles_hold_for_many_as_for_one(world, five):
    with pytest.raises(NotAllowed):
        Batch.ask("assign", ids(five), by=world.vic, to=world.vic.id)
    with pytest.raises(NotAllowed):
        Batch.ask("close", ids(five), by=world.ines, text="Done")
    with pytest.raises(NothingChosen):
        Batch.ask("assign", [], by=world.ben, to=None)
    with pytest.raises(SaysNothing):
        Batch.ask("tag", ids(five), by=world.ben, add=[], remove=[])


def test_a_ticket_that_went_out_of_sight_meanwhile_stays_as_it_was(world, five, worker_away):
    batch = Batch.ask("remove", ids(five), by=world.ben)
    secret = Group.create(name="Vault", is_restricted=True)
    secret.take_in(world.bea)
    five[2].give_to_group(secret, by=world.ada)
    batch.run()
    assert (Batch.get().done, Batch.get().refused) == (4, 1)
    assert not Ticket.get_by_id(five[2].id).is_away
    assert Batch.get().refusals == []  # its subject is not said either


def test_tags_are_added_and_taken_away(world, five):
    five[0].tag_with(["oil", "old"], by=world.ben)
    done("tag", five[:2], by=world.ben, add=["new"], remove=["OLD"])
    assert [sorted(tag.label for tag in ticket.tags) for ticket in fresh(five[:2])] == [["new", "oil"], ["new"]]


def test_one_reason_closes_many_and_speaks_to_each(world, five):
    batch = done("close", five[:2], by=world.ben, text="{name}, ticket {number} is done.")
    assert batch.done == 2
    for ticket in fresh(five[:2]):
        assert ticket.status == "closed_by_team"
        texts = [message.text for message in ticket.messages]
        assert f"Eve, ticket {ticket.number} is done." in texts
    mails = Delivery.select().where(Delivery.letter == "tickets.closed_by_team")
    assert mails.count() == 2
    five[3].edit(by=world.ben, name="eve@rival.example")
    assert done("close", [five[3]], by=world.ben, text="{name}!").refused == 1


def test_many_go_into_one_and_come_out_again(world, five):
    batch = done("merge", five, by=world.ben, into=five[0].id)
    assert (batch.total, batch.done, batch.refused) == (4, 4, 0)  # the one they go into is none of them
    assert all(ticket.is_away for ticket in fresh(five[1:]))
    batch.undo(by=world.ben).run()
    assert not any(ticket.is_away for ticket in fresh(five))


def test_a_draft_is_begun_once_by_who_asked_with_what_it_needs(world, five):
    draft = Batch.ask("priority", [five[0].id], by=world.ben, draft=True)
    with pytest.raises(NotAllowed):
        draft.start(by=world.bea, to=4)
    with pytest.raises(SaysNothing):
        Batch.get_by_id(draft.id).start(by=world.ben, to=None)
    assert Batch.get_by_id(draft.id).state == "draft"
    Batch.get_by_id(draft.id).start(by=world.ben, to=4)
    begun = Batch.get_by_id(draft.id)
    assert begun.details == {"to": 4}
    begun.start(by=world.ben, to=3)  # a second press
    assert Batch.get_by_id(draft.id).details == {"to": 4}
    assert Event.select().where(Event.kind == "batch.asked").count() == 1


@pytest.mark.parametrize(
    ("act", "details", "sentence"),
    [
        ("status", {"status": "pending", "why": None}, "Status: Pending"), ("priority", {"to": 4}, "Priority: Urgent"),
        ("tag", {"add": ["x"], "remove": ["oil"]}, "Tags: +x, −oil"), ("assign", {"to": None}, "Assigned to: Nobody"),
        ("merge", {"into": 1}, "Merge: 1"), ("group", {"to": 1}, "Group: Presses"), ("remove", {}, "Delete"),
    ],
)  # fmt: skip
def test_what_is_done_to_many_is_said(world, five, act, details, sentence):
    said = Batch.ask(act, [five[0].id], by=world.ben, draft=True, **details).sentence
    assert said == sentence.replace("Assigned to", "Assign")


def test_what_was_for_a_reason_is_for_it_again_and_found(world, five):
    """Undone: the reason, the words it is found by, and a line of its history."""
    parts = Justification.add("Waiting for parts", status="pending")
    five[0].set_status("pending", by=world.ben, justification=parts)
    five[0].edit(by=world.ben, category=Category.by_key("problem"))
    done("status", five[:1], by=world.ben, status="in_progress", why=None).undo(by=world.ben).run()
    done("category", five[:1], by=world.ben, to=Category.by_key("question").id).undo(by=world.ben).run()
    (ticket,) = fresh(five[:1])
    assert (ticket.status, ticket.justification) == ("pending", parts)
    assert [event.kind for event in ticket.events].count("ticket.put_back") == 2
    assert ticket.number in numbers(world.ben, q=Category.by_key("problem").label)
    assert ticket.number not in numbers(world.ben, q=Category.by_key("question").label)


def test_what_was_put_off_or_resolved_is_so_again_since_or_until_the_same_moment(world, five, clock):
    until = now() + timedelta(days=3)
    five[0].snooze(until, by=world.ben)
    five[1].set_status("resolved", by=world.ben)
    resolved_at = Ticket.get_by_id(five[1].id).resolved_at
    clock.shift(timedelta(days=1))
    done("status", five[:2], by=world.ben, status="in_progress", why=None).undo(by=world.ben).run()
    put_off, resolved = fresh(five[:2])
    assert (put_off.status, put_off.wakes_at) == ("pending", until)
    assert (resolved.status, resolved.resolved_at) == ("resolved", resolved_at)


# --- undoing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "details"),
    [
        ("assign", {"to": None}), ("group", {"to": 1}), ("status", {"status": "resolved", "why": None}),
        ("priority", {"to": 4}), ("category", {"to": 1}), ("tag", {"add": ["x"], "remove": ["oil"]}),
        ("close", {"text": "Done"}), ("remove", {}),
    ],
)  # fmt: skip
def test_every_act_can_be_undone(world, five, act, details):
    five[0].tag_with(["oil"], by=world.ben)
    before = [ticket.standing(tags=True) for ticket in fresh(five)]
    batch = done(act, five, by=world.ben, **details)
    assert batch.done == 5
    assert [ticket.standing(tags=True) for ticket in fresh(five)] != before
    undoing = batch.undo(by=world.ben)
    undoing.run()
    assert Batch.get_by_id(undoing.id).done == 5
    assert [ticket.standing(tags=True) for ticket in fresh(five)] == before
    assert all(ticket.closed_at is None for ticket in fresh(five))
    with pytest.raises(NothingToUndo):
        Batch.get_by_id(batch.id).undo(by=world.ben)
    with pytest.raises(NotAllowed):
        Batch.get_by_id(batch.id).undo(by=world.bea)


def test_nothing_is_given_back_to_who_works_here_no_more(world, five):
    batch = done("assign", five[:2], by=world.ben, to=world.ben.id)
    assert {ticket.assignee_id for ticket in fresh(five[:2])} == {world.ben.id}
    again = done("assign", five[:2], by=world.ada, to=world.bea.id)
    world.ben.agent.change(is_active=False)
    again.undo(by=world.ada).run()
    assert batch.done == 2
    assert [ticket.assignee for ticket in fresh(five[:2])] == [None, None]


def test_what_an_older_version_has_kept_of_a_change_is_enough_to_undo_it(world, five):
    batch = done("priority", five[:2], by=world.ben, to=4)
    for item in BatchItem.select():
        kept = {name: {key: value for key, value in getattr(item, name).items() if key not in MOMENTS}
                for name in ("before", "after")}  # fmt: skip
        item.change(**kept)
    undoing = batch.undo(by=world.ben)
    undoing.run()
    assert Batch.get_by_id(undoing.id).done == 2


def test_the_history_says_what_stands_there_again(desk, world, five):
    """And leads whoever did it to the change, which can still be undone there."""
    batch = done("priority", five[:1], by=world.ben, to=4)
    batch.undo(by=world.ben).run()
    (ticket,) = fresh(five[:1])
    edited, back = ticket.events.order_by(Event.id.desc()).limit(2)[::-1]
    ben, there = desk(world.ben), f"/desk/tickets/{ticket.number}/history"
    said = ben.get(f"{there}/{back.id}").by_id("main").text
    assert f"Priority{ticket.priority.label}" in "".join(said.split())
    assert "Before" not in said
    assert ben.get(f"{there}/{edited.id}").follow("See that change").path == f"/desk/batches/{batch.id}"
    assert "See that change" not in desk(world.ada).get(f"{there}/{edited.id}")


def test_what_was_changed_again_is_left_alone(world, five):
    batch = done("priority", five, by=world.ben, to=4)
    five[1].edit(by=world.bea, priority=Priority.by_key("high"))
    undoing = batch.undo(by=world.ben)
    undoing.run()
    assert (Batch.get_by_id(undoing.id).done, Batch.get_by_id(undoing.id).refused) == (4, 1)
    assert Ticket.get_by_id(five[1].id).priority.key == "high"


def test_mail_of_a_closing_that_waits_is_held_back(world, five):
    """With what it said, and the survey: nobody reads of a closing that is none."""
    Survey.create(title="Generic", introduction="Tell us.", is_generic=True)
    SurveySettings.set(send_on_close=True)
    snippet = Ticket.get_by_id(five[0].id).snippet
    batch = done("close", five[:1], by=world.ben, text="Done")
    assert SurveyInvitation.select().count() == 1
    batch.undo(by=world.ben).run()
    (ticket,) = fresh(five[:1])
    assert [message.text for message in ticket.messages] == ["It squeaks."]
    assert (ticket.status, ticket.snippet) == ("open", snippet)
    assert not Delivery.select().where(Delivery.letter.in_(["tickets.closed_by_team", "surveys.sent"])).exists()
    assert not SurveyInvitation.select().exists()
    assert ticket.events.where(Event.kind == "ticket.put_back").exists()


def test_what_a_closing_said_stays_where_its_mail_has_left(desk, world, five):
    """Opened again all the same; and an earlier survey stays what it was."""
    Survey.create(title="Generic", introduction="Tell us.", is_generic=True)
    five[0].send_survey(by=world.ben)
    Delivery.update(state="sent").execute()
    batch = done("close", five[:1], by=world.ben, text="Done")
    Delivery.update(state="sent").where(Delivery.letter == "tickets.closed_by_team").execute()
    undoing = batch.undo(by=world.ben)
    undoing.run()
    (ticket,) = fresh(five[:1])
    assert ticket.status == "open"
    assert "Done" in [message.text for message in ticket.messages]
    assert SurveyInvitation.select().count() == 1
    page = desk(world.ben).get(f"/desk/batches/{undoing.id}")
    assert "1 ticket changed. Not all of it can be undone." in page
    assert f"{ticket.number} {ticket.subject}: The customer had already got the closing e-mail." in page


def test_a_closing_that_withdrew_a_request_is_not_undone(world, five):
    """Else it would wait for an authorization that nobody can give any more."""
    five[0].request_authorization("A new seal", by=world.ben)
    batch = done("close", five[:2], by=world.ben, text="Done")
    undoing = batch.undo(by=world.ben)
    undoing.run()
    undoing = Batch.get_by_id(undoing.id)
    assert (undoing.done, undoing.refused) == (1, 1)
    assert "Reopen the ticket" in undoing.refusals[0].refusal
    assert [ticket.status for ticket in fresh(five[:2])] == ["closed_by_team", "open"]


def test_closing_many_offers_the_templates_that_closing_one_offers(world, desk, five):
    secret = Group.create(name="Board", is_restricted=True)
    ReplyTemplate.create(name="Secret", text="Of the board.", use="closing", group=secret)
    ReplyTemplate.create(name="Old", text="Old.", use="closing", is_active=False)
    ReplyTemplate.create(name="Solved", text="It is solved.", use="closing")
    ben = desk(world.ben)
    draft = Batch.ask("close", [five[0].id], by=world.ben, draft=True)
    page = ben.get(f"/desk/batches/{draft.id}/edit")
    assert [option.text for option in page.field("Template").all("option")] == ["None", "Solved"]
    hidden = ReplyTemplate.get(ReplyTemplate.name == "Secret")
    assert ben.post(f"/desk/batches/{draft.id}", template=str(hidden.id)).status == 422
    assert Batch.get_by_id(draft.id).state == "draft"


# --- how it is done ------------------------------------------------------------------------------------------------


def test_one_notice_an_assignee_for_the_whole_batch(world, five):
    before = now()
    batch = done("assign", five, by=world.ben, to=world.ada.id)
    event = Event.select().where(Event.kind == "batch.ended").get()
    reactions.run(event)
    reactions.run(event)  # twice says nothing twice
    mails = list(Delivery.select().where(Delivery.letter.startswith("notifications."), Delivery.created_at >= before))
    assert [(mail.letter, mail.person) for mail in mails] == [("notifications.batched", world.ada)]
    reactions.sweep()
    assigned = Event.select().where(Event.kind == "ticket.assigned", Event.details.cast("text").contains('"batch"'))
    assert all(event.settled_at for event in assigned)
    assert batch.whose().keys() == {world.ada.id}


def test_a_transaction_takes_at_most_a_hundred_tickets_and_a_moment(world, five, monkeypatch):
    commits = []
    real = batches.transaction

    def counted():
        commits.append(1)
        return real()

    monkeypatch.setattr(batches, "transaction", counted)
    monkeypatch.setattr(batches, "LONGEST", 0)
    done("priority", five, by=world.ben, to=4)
    assert len(commits) >= 5  # each ticket took longer than nothing
    assert BatchItem.select().where(BatchItem.state == "done").count() == 5


def test_what_a_killed_worker_left_is_taken_over_and_nothing_is_done_twice(world, five, worker_away):
    batch = Batch.ask("tag", ids(five), by=world.ben, add=["once"], remove=[])
    assert batch._claim()
    assert not Batch.get().run()  # somebody has it
    assert Batch.get().done == 0
    Batch.update(claimed_at=now() - timedelta(minutes=2)).execute()
    Batch.get().run()
    Batch.get().run()
    assert (Batch.get().state, Batch.get().done) == ("done", 5)
    assert Event.select().where(Event.kind == "batch.ended").count() == 1


def test_at_most_a_thousand_tickets_are_taken_and_that_is_said(world, desk, monkeypatch, five):
    monkeypatch.setattr(batches, "MOST", 3)
    batch = Batch.ask("priority", ids(five), by=world.ben, to=4)
    assert (batch.total, batch.was_cut, MOST) == (3, True, 1000)
    said = "Only the first 3 of the list were included."
    assert said in desk(world.ben).get(f"/desk/batches/{batch.id}")
    whole = Batch.ask("priority", ids(five[:3]), by=world.ben, to=3)
    assert said not in desk(world.ben).get(f"/desk/batches/{whole.id}")


def test_a_batch_with_a_ticket_that_breaks_ends_and_says_which(desk, world, five):
    """The database itself refuses one of them; the others are done, nothing of that one is, and nobody hears of it."""
    db.database.execute_sql("CREATE UNIQUE INDEX one_of_them ON ticket (requester_id) WHERE priority_id = 4")
    try:
        batch = done("priority", [*five, world.leak], by=world.ben, to=4)
    finally:
        db.database.execute_sql("DROP INDEX one_of_them")
    assert (batch.state, batch.done, batch.refused) == ("done", 2, 4)
    changed = [ticket for ticket in fresh([*five, world.leak]) if ticket.priority_id == 4]
    assert changed == [five[0], world.leak]
    assert [item.ticket for item in batch.refusals] == five[1:]
    assert {item.refusal for item in batch.refusals} == {"Something went wrong here. The ticket stays as it was."}
    edited = Event.select().where(Event.kind == "ticket.edited", Event.details.cast("text").contains('"batch"'))
    assert [event.ticket for event in edited.order_by(Event.ticket)] == [world.leak, five[0]]
    assert Event.select().where(Event.kind == "batch.ended").count() == 1
    page = desk(world.ben).get(f"/desk/batches/{batch.id}")
    assert "2 tickets changed. 4 stayed as they were." in page
    assert f"{five[1].number} Roller 1: Something went wrong here." in page


def test_a_ticket_in_no_state_we_know_holds_up_nobody(world, five):
    Ticket.update(status="nonsense").where(Ticket.id == five[2].id).execute()
    batch = done("status", five, by=world.ben, status="pending", why=None)
    assert (batch.state, batch.done, batch.refused) == ("done", 4, 1)
    undoing = batch.undo(by=world.ben)
    undoing.run()
    assert Batch.get_by_id(undoing.id).done == 4


def test_a_batch_that_cannot_even_begin_ends_too(world, five):
    """What it needs is gone altogether."""
    batch = done("merge", five, by=world.ben, into=999_999)
    assert (batch.state, batch.done, batch.refused) == ("done", 0, 5)
    assert not any(ticket.is_away for ticket in fresh(five))
    assert not batch.may_be_undone


@pytest.mark.sqlite_only  # where the fault can be made without waiting for a lock
def test_a_busy_database_ends_no_batch_before_an_hour(world, five, worker_away):
    batch = Batch.ask("priority", ids(five), by=world.ben, to=4)
    db.database.execute_sql("ALTER TABLE batch_item RENAME TO away")
    with pytest.raises(OperationalError):
        Batch.get().run()
    db.database.execute_sql("ALTER TABLE away RENAME TO batch_item")
    assert (Batch.get().state, Batch.get().treated) == ("running", 0)
    Batch.update(claimed_at=now() - timedelta(minutes=2)).execute()
    Batch.get().run()
    assert (Batch.get_by_id(batch.id).state, Batch.get().done) == ("done", 5)


def test_many_closed_with_a_template_are_one_notice_an_assignee_and_a_mail_a_customer(world, five):
    ReplyTemplate.create(name="Thanks", text="Thank you, {name}.", use="closing")
    five[0].hand_over(to=world.ada, by=world.ada)
    before = now()
    batch = done("close", [*five, world.leak], by=world.ben, text=ReplyTemplate.get().text)
    assert batch.done == 6
    ended = Event.select().where(Event.kind == "batch.ended").get()
    reactions.run(ended)
    reactions.sweep()
    mails = list(Delivery.select().where(Delivery.created_at >= before).order_by(Delivery.id))
    notices = [(mail.letter, mail.person) for mail in mails if mail.letter.startswith("notifications.")]
    assert sorted(notices, key=lambda each: each[1].id) == [
        ("notifications.batched", world.ada), ("notifications.batched", world.bea),
    ]  # fmt: skip
    customers = [mail.to_address for mail in mails if mail.letter == "tickets.closed_by_team"]
    assert sorted(customers) == [world.carol.email, *[world.eve.email] * 5]
    assert Event.select().where(Event.kind == "ticket.closed", Event.settled_at.is_null()).count() == 0


def test_what_else_happens_to_each_is_not_forgotten(world, five, worker_away):
    """A kind of event of which the end of the batch tells only a part: the rest is announced, a ticket at a time."""
    heard = []
    batch = Batch.ask("priority", ids(five[:2]), by=world.ben, to=4)
    timeline._listeners.append(lambda event: heard.append((event.kind, event.reacted)))
    Batch.get_by_id(batch.id).run(quiet={"ticket.edited": Quiet(("tell_assignee",), is_all=False)})
    assert [each for each in heard if each[0] == "ticket.edited"] == [("ticket.edited", ["tell_assignee"])] * 2


# --- the page ------------------------------------------------------------------------------------------------------


@both_ways
def test_ticked_tickets_are_changed_and_the_list_says_how_it_went(desk, world, five, htmx):
    client = desk(world.ben)
    page, chosen = client.get("/desk/tickets?view=all"), {"ticket": ids(five[:2]), "act": "assign"}
    unfolded = page.by_id("act-assign")
    if htmx:  # what is unfolded comes then; the form around the table sends it
        choice = client.get(unfolded["hx-get"], htmx=True)
        assert [each.text for each in choice.all("option")][:2] == ["Choose", "Nobody"]
        answer = client.post("/desk/batches", htmx=True, list="view=all", assignee=str(world.ben.id), **chosen)
    else:
        asking = page.press("Choose", within=unfolded, **chosen)
        assert "2 tickets" in asking
        apply = next(each for each in asking.all("button") if each.text == "Apply")
        told = form_values(asking.form_of(apply)) | {apply["name"]: apply["value"], "assignee": str(world.ben.id)}
        answer = client.post("/desk/batches", **told)
    assert "Assign: Ben Ortiz" in answer
    assert "2 tickets changed." in answer
    assert [ticket.assignee for ticket in fresh(five)].count(world.ben) == 2
    undone = answer.press("Undo Z", htmx=htmx)
    assert "Undone" in undone
    assert [ticket.assignee for ticket in fresh(five)].count(world.bea) == 5


def test_all_that_match_are_meant_with_one_tick(desk, world, five):
    client = desk(world.ben)
    Ticket.open(by=world.ben, channel="desk", requester=world.carol, subject="Paper", text="x", acknowledge=False)
    client.post("/desk/batches", act="tag", all="1", list=f"view=all&requester={world.eve.id}", tags_add="big, red")
    assert BatchItem.select().count() == 5
    assert {tag.label for tag in five[0].tags} == {"big", "red"}


def test_a_reason_of_one_status_says_so_and_is_refused_ticket_by_ticket_for_another(desk, world, five):
    client = desk(world.ben)
    late = Justification.add("The carrier is late")
    late.change(status="pending")
    choice = client.get("/desk/batches/acts/status", htmx=True)
    assert "The carrier is late (Pending)" in [each.text for each in choice.all("option")]
    told = {"act": "status", "ticket": ids(five[:2]), "list": "view=all", "why": str(late.id)}
    answer = client.post("/desk/batches", status="in_progress", **told)
    assert "That reason is for “Pending”." in answer
    assert {ticket.justification for ticket in fresh(five)} == {None}
    client.post("/desk/batches", status="pending", **told)
    assert [ticket.justification for ticket in fresh(five)].count(late) == 2


@both_ways
def test_closing_many_asks_for_the_reason_on_a_page(desk, world, five, htmx):
    ReplyTemplate.create(name="Thanks", text="Thank you, {name}.", use="closing")
    client = desk(world.ben)
    answer = client.post("/desk/batches", act="close", ticket=ids(five[:2]), list="view=all")
    assert answer.h1 == "Close 2 tickets"
    assert "Roller 0" in answer
    assert "(optional)" not in answer.by_id("asking")
    assert "one of the two is needed" in answer
    one = client.post("/desk/batches", act="close", ticket=ids(five[2:3]), list="view=all")
    assert one.h1 == "Close 1 ticket"
    refused = answer.press("Close tickets", htmx=htmx)
    assert refused.status == 422
    assert [ticket.status for ticket in fresh(five)].count("closed_by_team") == 0
    template = ReplyTemplate.get()
    answer.press("Close tickets", template=str(template.id), htmx=htmx)
    assert [ticket.status for ticket in fresh(five)].count("closed_by_team") == 2
    assert "Thank you, Eve." in [message.text for message in five[0].messages]


def test_merging_many_asks_into_which(desk, world, five):
    client = desk(world.ben)
    answer = client.post("/desk/batches", act="merge", ticket=ids(five[:3]), list="view=all")
    assert answer.field("Number of the other ticket").value == str(five[0].number)
    assert answer.press("Merge tickets", other="999999").status == 422
    shown = answer.press("Merge tickets")
    assert "2 tickets changed." in shown


def test_of_a_draft_there_is_nothing_to_be_seen(desk, world, five):
    client = desk(world.ben)
    client.post("/desk/batches", act="merge", ticket=ids(five[:3]), list="view=all")
    draft = Batch.get()
    assert client.get(f"/desk/tickets?view=all&batch={draft.id}").status == 200
    assert client.get(f"/desk/batches/{draft.id}").status == 404


def test_nothing_ticked_and_nothing_chosen_are_said(desk, world, five):
    client = desk(world.ben)
    assert "Choose at least one ticket." in client.post("/desk/batches", act="remove", list="view=all")
    said = "Choose what the tickets should be changed to."
    assert said in client.post("/desk/batches", act="priority", priority="", ticket=ids(five), list="view=all")
    assert said in client.post("/desk/batches", act="assign", ticket=ids(five), assignee="99999", list="view=all")
    assert said in client.post("/desk/batches", ticket=ids(five), list="view=all")
    assert Batch.select().count() == 0


def test_tickets_of_a_restricted_group_are_in_no_batch(desk, world, five):
    secret = Group.create(name="Vault", is_restricted=True)
    secret.take_in(world.bea)
    for ticket in five:
        ticket.give_to_group(secret, by=world.ada)
    client = desk(world.ben)
    client.post("/desk/batches", act="priority", ticket=ids(five), priority="4", list="view=all")
    client.post("/desk/batches", act="priority", all="1", priority="4", list=f"view=all&requester={world.eve.id}")
    client.post("/desk/batches", act="priority", all="1", priority="4", list="view=any&q=squeaks")
    assert Batch.select().count() == 0
    page = client.post("/desk/batches", act="merge", ticket=[world.leak.id], list="view=all")
    assert page.press("Merge tickets", other=str(five[0].number)).status == 422


def test_a_viewer_has_no_boxes_to_tick(desk, world, five):
    page = desk(world.vic).get("/desk/tickets?view=all")
    assert not page.has_field(f"Select {five[0].number}")
    assert desk(world.vic).post("/desk/batches", act="priority", priority="4", ticket=ids(five)).status == 403


@pytest.mark.parametrize(("who", "more"), [("ben", {"Merge…", "Close… E", "Delete"}), ("ines", set())])
def test_the_bar_offers_what_a_role_may_do(desk, world, five, who, more):
    bar = desk(getattr(world, who)).get("/desk/tickets?view=all").region("Selected tickets")
    offered = {"Assign A", "Status S", "Tag T", "Merge…", "Close… E", "Delete"}
    assert {name for name in offered if bar.has_button(name)} == {"Assign A", "Status S", "Tag T"} | more


def test_a_batch_is_its_askers_alone(desk, world, five, worker_away):
    batch = Batch.ask("remove", ids(five), by=world.ben)
    assert desk(world.bea).get(f"/desk/batches/{batch.id}").status == 404
    page = desk(world.ben).get(f"/desk/batches/{batch.id}")
    assert "0 of 5" in page
    assert page.link("Refresh")["href"]
    assert db.database.in_transaction() is False


def test_it_asks_how_far_it_is_until_it_is_over(desk, world, five, worker_away):
    batch = Batch.ask("priority", ids(five), by=world.ben, to=4)
    there = f"/desk/batches/{batch.id}"
    strip = desk(world.ben).get("/desk/tickets", view="all", batch=batch.id).by_id("batch")
    assert (strip["hx-get"], strip.get("hx-trigger")) == (there, "every 1s")
    assert strip.all("progress")[0].get("max") == "5"
    assert not strip.has_button("Undo Z")
    Batch.get_by_id(batch.id).run()
    strip = desk(world.ben).get(there, htmx=True).by_id("batch")
    assert "5 tickets changed." in strip
    assert strip.get("hx-get") == ""
    assert strip.has_button("Undo Z")


def test_a_page_that_asked_is_forgotten_after_a_day(world, five):
    Batch.ask("close", ids(five), by=world.ben, draft=True)
    Batch.update(created_at=now() - timedelta(days=2)).execute()
    Batch.forget_drafts()
    assert (Batch.select().count(), BatchItem.select().count()) == (0, 0)
