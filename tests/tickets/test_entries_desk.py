"""The conversation at the desk: its parts, earlier messages, editing, two agents at once, drafts, interventions."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.accounts.robot import Robot
from app.attachments.attachment import Attachment
from app.lib import db
from app.lib.clock import now
from app.messages.conversational import Overtaken
from app.messages.draft import Draft
from app.messages.message import Message
from app.messages.settings import MessageSettings
from app.messages.version import NotYours, TooLateToEdit
from app.outbox.delivery import Delivery
from app.tickets.intervention import Intervention, NotATime, NothingDone, NotYet
from app.tickets.presence import Presence
from app.tickets.removable import TicketAway
from app.tickets.ticket import Ticket
from app.timeline.event import Event, gathered
from tests.counting import statements
from tests.page import both_ways
from tests.world import CANARY


@pytest.fixture
def here(world):
    return f"/desk/tickets/{world.leak.number}"


def talk(ticket, agent, customer, times):
    for number in range(times):
        ticket.hear(f"Question {number}", by=customer, channel="portal")
        ticket.reply(f"Answer {number}", by=agent)


# --- parts ---------------------------------------------------------------------------------------------------------


def test_public_and_internal_are_shown_alone_too(desk, world, here):
    ben = desk(world.ben)
    both = ben.get(here).region("Conversation")
    assert "There is oil" in both
    assert CANARY in both
    assert CANARY not in ben.get(here, part="public").region("Conversation")
    internal = ben.get(here, part="internal").region("Conversation")
    assert CANARY in internal
    assert "There is oil" not in internal
    assert "assigned the ticket" not in internal
    shown = ben.get(here).follow("Public")
    assert CANARY not in shown.region("Conversation")
    assert "There is oil" not in shown.follow("Internal").region("Conversation")
    history = shown.follow("History")
    assert "assigned the ticket" in history
    assert CANARY not in history
    assert "There is oil" in history.follow("All")


def test_what_customers_read_beside_messages_is_public_too(desk, world, here):
    """A request, and what was done; not what was done while only the team saw the ticket."""
    world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    world.leak.note_intervention("Changed the seal.", minutes=5, by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ben)
    world.leak.note_intervention("Asked the maker.", minutes=5, by=world.ben)
    world.leak.set_visibility(internal=False, by=world.ben)
    ben = desk(world.ben)
    words = {
        part: {text for text in ("A new seal for 120 €.", "Changed the seal.", "Asked the maker.") if text in shown}
        for part in ("", "public", "internal")
        if (shown := ben.get(here, part=part).region("Conversation"))
    }
    assert words["public"] == {"A new seal for 120 €.", "Changed the seal."}
    assert words["internal"] == {"Asked the maker."}
    assert words[""] == words["public"] | words["internal"]


@both_ways
def test_a_long_conversation_shows_its_latest_part_and_fetches_the_rest(desk, world, here, htmx):
    talk(world.leak, world.ben, world.carol, 45)
    ben = desk(world.ben)
    page = ben.get(here)
    assert "Answer 44" in page
    assert "Question 3" not in [each.text for each in page.all("p")]
    earlier = page.follow("Earlier messages", htmx=htmx)
    assert "Question 20" in earlier
    assert "Answer 44" not in earlier
    assert "There is oil under the press." in earlier.follow("Earlier messages", htmx=htmx)


def test_a_long_conversation_costs_no_more_statements_and_is_not_read_whole(desk, world, here):
    talk(world.leak, world.ben, world.carol, 60)
    client = desk(world.ben)
    client.get(here)
    with statements() as seen:
        page = client.get(here)
    assert len(seen) <= 12, "\n".join(seen)
    assert len(page.all("article")) == 25


def test_what_waits_for_an_authorization_stands_in_the_latest_part(desk, world, here):
    world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    talk(world.leak, world.ben, world.carol, 30)
    page = desk(world.ben).get(here)
    assert "A new seal for 120 €." in page
    earlier = page.follow("Earlier messages")
    assert "A new seal for 120 €." not in earlier


# --- see more, edit -------------------------------------------------------------------------------------------------


def test_see_more_names_who_when_channel_and_what_became_of_the_mail(desk, world, here):
    reply = world.leak.reply("We come on Friday.", by=world.ben)
    page = desk(world.ben).get(f"{here}/messages/{reply.id}")
    assert "Ben Ortiz" in page
    assert "carol@marlow.example: Queued" in page
    assert "Support app" in page
    assert "Customer and team" in page


def test_see_more_of_a_message_names_when_and_the_rule_or_scenario(desk, world, here, clock):
    clock.move_to(datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    for kind, name in (("rule", "Thank them"), ("scenario", "Say when")):
        with db.transaction(), gathered(**{kind: name}):
            reply = world.leak.reply(f"We come: {kind}.", by=world.ben)
        page = desk(world.ben).get(f"{here}/messages/{reply.id}")
        assert f"Rule {name}" in page
        assert "1 December 2026, 10:30:00 (UTC+01:00)" in page


def test_see_more_of_a_message_of_a_merged_ticket_knows_what_happened_there(desk, world, here):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Ink", text="No ink.", channel="form")
    heard = other.hear("Still none.", by=world.eve, channel="portal")
    other.merge_into(world.leak, by=world.ben)
    page = desk(world.ben).get(f"{here}/messages/{heard.id}")
    assert "What happened Eve Stone wrote" in page
    assert "Channel Portal" in page


def test_see_more_and_the_history_name_the_rule(desk, world, here):
    world.leak.set_status("resolved", by=world.ben)
    with db.transaction():
        world.leak.record("ticket.assigned", by=world.ada, to="Ben Ortiz", rule="Presses go to Ben")
    history = desk(world.ben).get(f"{here}/history")
    assert "Rule: Presses go to Ben" in history
    world.leak.close_stale(by=Robot.clock())
    history = desk(world.ben).get(f"{here}/history")
    assert "The ticket was closed automatically" in history
    assert "Rule: resolved" not in history, "that is the name of none"


def test_see_more_of_an_entry_of_the_history(desk, world, here):
    """Where there is something to tell: what was before, through which channel, the rule or the change of many."""
    ben = desk(world.ben)
    world.leak.set_status("in_progress", by=world.ben)
    status = world.leak.events.order_by(Event.id.desc()).get()
    with db.transaction():
        rule = world.leak.record("ticket.assigned", by=None, to="Ben Ortiz", rule="Presses go to Ben", batch=1)
        plain = world.leak.record("ticket.snoozed", by=world.ben)
    opened = world.leak.events.where(Event.kind == "ticket.opened").get()
    history = ben.get(f"{here}/history")
    ways = {each["href"] for each in history.all("a") if each.text == "See more"}
    assert {f"{here}/history/{each.id}" for each in (status, rule, opened)} <= ways
    assert f"{here}/history/{plain.id}" not in ways
    assert f"{here}/history/{status.id}" in {each.get("href") for each in ben.get(here).all("a")}
    page = ben.get(f"{here}/history/{status.id}")
    assert "Before Open" in page
    assert "ben@acme.example" in page
    page = ben.get(f"{here}/history/{rule.id}")
    assert "Presses go to Ben" in page
    assert "A change of many tickets at once" in page
    assert "Ventanilla, by itself" in page
    assert "Web form" in ben.get(f"{here}/history/{opened.id}")
    assert ben.get(f"/desk/tickets/{world.leak.number + 1}/history/{opened.id}").status == 404


def test_the_menu_leads_to_the_details(desk, world, here):
    assert "Diagnosis" in desk(world.ben).get(here).follow("Ticket details")


@both_ways
def test_a_reply_is_edited_for_a_while_and_every_wording_is_kept(desk, portal, world, here, clock, htmx):
    reply = world.leak.reply("We come on Fridey.", by=world.ben)
    Delivery.get(Delivery.message == reply).accepted("250 OK")
    ben = desk(world.ben)
    page = ben.get(f"{here}/messages/{reply.id}/edit")
    page.press("Save Ctrl ↵", text="We come on Friday.", htmx=htmx)
    assert "We come on Friday." in ben.get(here)
    more = ben.get(f"{here}/messages/{reply.id}")
    assert "We come on Fridey." in more
    assert "as it was mailed" in more
    customers = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert "We come on Friday." in customers
    assert "Edited" in customers
    assert "Fridey" not in customers
    clock.shift(timedelta(minutes=16))
    assert ben.get(f"{here}/messages/{reply.id}/edit").status == 409
    late = ben.post(f"{here}/messages/{reply.id}", text="Never mind.")
    assert "15 minutes only" in late
    assert late.field("Message").value == "Never mind."


def test_of_several_wordings_the_one_that_was_mailed_is_named(desk, world, here, clock):
    """And no later one; the mail to somebody in copy may have left with another."""
    reply = world.leak.reply("First.", by=world.ben, cc=["dan@marlow.example"])
    one, two = Delivery.select().where(Delivery.message == reply).order_by(Delivery.id)
    for text, leaves in (("Second.", one), ("Third.", None), ("Fourth.", two), ("Fifth.", None)):
        if leaves:
            leaves.accepted("250 OK")
        clock.shift(timedelta(seconds=20))
        world.leak.reword(Message.get_by_id(reply.id), text, by=world.ben)
        clock.shift(timedelta(seconds=20))
    wordings = desk(world.ben).get(f"{here}/messages/{reply.id}").region("Earlier wordings").all("li")
    assert [("as it was mailed" in each, each.text.split()[-1]) for each in wordings] == [
        (True, "First."), (False, "Second."), (True, "Third."), (False, "Fourth."),
    ]  # fmt: skip


def test_how_long_customers_words_may_be_edited_is_a_setting(world, clock):
    MessageSettings.set(edit_public_for=30)
    reply = world.leak.reply("We come on Fridey.", by=world.ben)
    clock.shift(timedelta(minutes=29))
    world.leak.reword(reply, "We come on Friday.", by=world.ben)
    clock.shift(timedelta(minutes=2))
    with pytest.raises(TooLateToEdit):
        world.leak.reword(reply, "Never.", by=world.ben)


def test_the_pencil_is_there_for_as_long_as_its_writer_may_edit(desk, world, here, clock):
    """On notes always, on what customers read for a while, on nobody else's words."""
    world.leak.reply("We come.", by=world.ben)
    world.leak.hear("Good.", by=world.carol, channel="portal")

    def pencils(person):
        shown = desk(person).get(here).region("Conversation")
        return [each.name for each in shown.all("article") if each.has_link("Edit")]

    note, reply = "Internal note by Ben Ortiz", "Reply by Ben Ortiz"
    assert pencils(world.ben) == [note, reply]
    assert pencils(world.ada) == []
    clock.shift(timedelta(minutes=16))
    assert pencils(world.ben) == [note]
    world.leak.close("Done.", by=world.ada)
    assert pencils(world.ben) == [note], "of a closed ticket too"
    more = f"{here}/messages/{Message.get(~Message.is_public).id}"
    assert desk(world.ben).get(more).has_link("Edit")
    world.leak.remove(by=world.ada)
    assert pencils(world.ben) == [], "in the bin nothing is edited"
    assert not desk(world.ben).get(more).has_link("Edit")


def test_a_note_that_was_edited_keeps_its_wordings_too(desk, world, here):
    note = Message.get(~Message.is_public)
    world.leak.reword(note, "Fourth time this year.", by=world.ben)
    page = desk(world.ada).get(here).follow("Edited")
    assert CANARY in page.region("Earlier wordings")
    assert "as it was mailed" not in page


def test_a_note_that_was_edited_is_still_found_by_no_customer(portal, world):
    world.leak.reword(Message.get(~Message.is_public), "Zanzibar", by=world.ben)
    world.leak.reword(world.leak.reply("We come.", by=world.ben), "We come by Samarkand.", by=world.ben)
    carol = portal(world.carol)
    assert "The press leaks" not in carol.get("/portal", q="zanzibar").region("List of tickets")
    assert "The press leaks" in carol.get("/portal", q="samarkand").region("List of tickets")


def test_lists_show_the_new_wording_of_the_last_that_customers_read(desk, world):
    first, second = (world.leak.reply(text, by=world.ben) for text in ("Frist.", "Secnod."))
    note = world.leak.note("For us.", by=world.ben)
    for message, text in ((second, "Second."), (first, "First."), (note, "For us alone.")):
        world.leak.reword(message, text, by=world.ben)
    listed = desk(world.ben).get("/desk/tickets", view="all").region("Tickets")
    assert "Second." in listed
    assert "First." not in listed
    assert "For us" not in listed


def test_a_file_is_found_by_its_name_after_its_message_was_edited(desk, world):
    paper = Attachment.keep(SimpleNamespace(filename="chirimoya.txt", stream=io.BytesIO(b"12")), by=world.ben)
    reply = world.leak.reply("Look.", by=world.ben, files=[paper])
    world.leak.reword(reply, "Look here.", by=world.ben)
    assert "The press leaks" in desk(world.ben).get("/desk/tickets", q="chirimoya", view="any")


def test_a_note_is_edited_always_and_only_by_who_wrote_it(world, clock):
    note = Message.get(~Message.is_public)
    clock.shift(timedelta(days=3))
    world.leak.reword(note, "Fourth time this year.", by=world.ben)
    assert note.lock().text == "Fourth time this year."
    with pytest.raises(NotYours):
        world.leak.reword(note, "Mine now", by=world.ada)
    heard = world.leak.hear("It leaks", by=world.carol, channel="portal")
    with pytest.raises(NotYours):
        world.leak.reword(heard, "It does not", by=world.ben)
    reply = world.leak.reply("We come", by=world.ben)
    clock.shift(timedelta(minutes=15, seconds=1))
    with pytest.raises(TooLateToEdit):
        world.leak.reword(reply, "We do not", by=world.ben)


def test_an_edited_text_is_found_by_its_new_words_only(desk, world):
    note = Message.get(~Message.is_public)
    world.leak.reword(note, "Zanzibar", by=world.ben)
    ben = desk(world.ben)
    assert "The press leaks" in ben.get("/desk/tickets", q="zanzibar", view="any")
    assert "The press leaks" not in ben.get("/desk/tickets", q="third time", view="any")


# --- two agents -----------------------------------------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("button", ["Send reply Ctrl ↵", "Send and close"])
def test_a_reply_is_stopped_when_something_newer_was_said_and_goes_with_the_second_press(
    desk, world, here, htmx, button
):
    page = desk(world.ben).get(here)
    world.leak.hear("It stopped by itself.", by=world.carol, channel="portal")
    stopped = page.press(button, text="We come on Friday.", htmx=htmx)
    assert stopped.status == 409
    assert "It stopped by itself." in stopped.region("Said meanwhile")
    assert stopped.field("Reply").value == "We come on Friday."
    assert not Message.select().where(Message.text == "We come on Friday.").exists()
    stopped.press(button, htmx=htmx)
    assert Message.select().where(Message.text == "We come on Friday.").count() == 1


def test_what_one_wrote_oneself_stops_nothing(world):
    seen = max(message.id for message in world.leak.messages)
    world.leak.note("Mine", by=world.ben)
    world.leak.reply("Mine too", by=world.ben, seen=seen)
    with pytest.raises(Overtaken):
        world.leak.reply("Late", by=world.ada, seen=seen)


def test_what_came_by_itself_stops_nothing(world):
    seen = max(message.id for message in world.leak.messages)
    world.leak.file_automatic("I am away", by=world.carol, said_at=now())
    world.leak.reply("We come on Friday.", by=world.ben, seen=seen)


def test_nobody_is_told_of_themselves_and_a_viewer_is_seen_too(desk, world, here):
    ben = desk(world.ben)
    ben.get(here)
    assert "looking at this ticket" not in ben.get(here)
    desk(world.vic).get(here)
    desk(world.ada).get(here)
    assert "Ada Moss, Vic Hale are looking at this ticket too" in ben.get(here)


def test_who_only_asks_for_the_news_stays_in_sight(desk, world, here, clock):
    """The page of who has left the window open goes on asking; one that was left a day ago is forgotten."""
    desk(world.ada).get(here)
    for _ in range(3):
        clock.shift(timedelta(minutes=1))
        assert desk(world.ada).get(f"{here}/presence", seen=0, known="x").status == 200
    assert "Ada Moss is looking" in desk(world.ben).get(here)
    clock.shift(timedelta(days=1, minutes=1))
    desk(world.ben).get(here)
    assert Presence.forget_old() == 1
    assert [trace.person for trace in Presence.select()] == [world.ben]


def test_two_agents_see_each_other(desk, world, here):
    desk(world.ada).get(here)
    page = desk(world.ben).get(here)
    assert "Ada Moss is looking at this ticket too" in page
    seen = max(message.id for message in world.leak.messages)
    ben = desk(world.ben)
    assert ben.get(f"{here}/presence", seen=seen, known="0:Ada Moss").status == 204
    world.leak.hear("And now?", by=world.carol, channel="portal")
    assert "1 new message" in ben.get(f"{here}/presence", htmx=True, seen=seen, known="0:Ada Moss")


def test_who_left_is_seen_no_more(desk, world, here, clock):
    desk(world.ada).get(here)
    clock.shift(timedelta(minutes=2))
    assert "Ada Moss is looking" not in desk(world.ben).get(here)


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_a_half_written_reply_waits_for_its_writer_alone_until_it_is_sent(desk, world, here):
    ben = desk(world.ben)
    assert ben.post(f"{here}/drafts", kind="reply", text="We co").status == 204
    page = ben.get(here)
    assert page.field("Reply").value == "We co"
    assert desk(world.ada).get(here).field("Reply").value == ""
    page.press("Send reply Ctrl ↵", text="We come.")
    assert ben.get(here).field("Reply").value == ""
    assert not Draft.select().exists()


def test_whom_a_reply_was_to_go_to_waits_with_it_and_what_others_change_stands(desk, world, here):
    """By its script and by its button; a refused one keeps them too."""
    ben = desk(world.ben)
    for press in (
        lambda: ben.post(f"{here}/drafts", kind="reply", text="We co", cc="boss@marlow.example"),
        lambda: ben.get(here).press("Save draft", text="We come.", cc="boss@marlow.example"),
        lambda: ben.get(here).press("Send reply Ctrl ↵", text="{soon}", cc="boss@marlow.example, nobody"),
    ):
        Draft.delete().execute()
        press()
        world.leak.lock().set_copies(["amy@marlow.example"], by=world.ada)
        assert ben.get(here).field("Copies to").value.startswith("amy@marlow.example, boss@marlow.example")
        assert desk(world.ada).get(here).field("Copies to").value == "amy@marlow.example"
        world.leak.lock().set_copies([], by=world.ada)
    world.leak.lock().set_copies(["amy@marlow.example"], by=world.ada)
    ben.post(f"{here}/drafts", kind="reply", text="", cc="")
    assert ben.get(here).field("Copies to").value == "", "to take somebody out is something, too"
    ben.post(f"{here}/drafts", kind="reply", text="", cc="amy@marlow.example")
    assert not Draft.select().exists()


def test_without_a_script_a_button_keeps_the_draft(desk, world, here):
    ben = desk(world.ben)
    ben.get(here, compose="note").press("Save draft", text="Ask Bea abo")
    assert ben.get(here, compose="note").field("Internal note").value == "Ask Bea abo"
    assert Message.select().count() == 2


def test_what_is_emptied_is_no_draft_any_more_and_only_who_may_write_keeps_one(desk, world, here):
    ben = desk(world.ben)
    ben.post(f"{here}/drafts", kind="reply", text="We co")
    assert ben.post(f"{here}/drafts", kind="reply", text=" ").status == 204
    assert not Draft.select().exists()
    assert ben.post(f"{here}/drafts", kind="closing", text="Done").status == 404
    for person, kind, status in ((world.vic, "note", 403), (world.ines, "reply", 403), (world.ines, "note", 204)):
        assert desk(person).post(f"{here}/drafts", kind=kind, text="x").status == status
    assert [(draft.person, draft.kind) for draft in Draft.select()] == [(world.ines, "note")]


# --- interventions --------------------------------------------------------------------------------------------------


@both_ways
def test_an_intervention_is_read_at_the_desk_and_by_the_customer(desk, portal, world, here, htmx):
    page = desk(world.ben).get(f"{here}/interventions")
    page.press("Save intervention Ctrl ↵", text="Changed the seal.", hours="1", minutes="5", htmx=htmx)
    page = desk(world.ben).get(here)
    assert "Changed the seal." in page.region("Intervention by Ben Ortiz")
    assert "1:05 h" in page
    assert "Changed the seal." in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    page.press("Take back")
    assert "Changed the seal." not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


def test_an_intervention_says_what_and_how_long(desk, world, here):
    with pytest.raises(NothingDone):
        world.leak.note_intervention(" ", minutes=5, by=world.ben)
    with pytest.raises(NotATime):
        world.leak.note_intervention("Looked", minutes=0, by=world.ben)
    page = desk(world.ben).post(f"{here}/interventions", text="Looked", minutes="")
    assert page.status == 422
    assert page.field("What was done").value == "Looked"


def test_an_intervention_without_a_moment_was_now_and_lasts_a_month_at_most(desk, world, here):
    desk(world.ben).post(f"{here}/interventions", text="Looked.", done_at="", hours="744", minutes="0")
    noted = Intervention.get()
    assert (noted.minutes, noted.by, noted.by_name) == (744 * 60, world.ben, "Ben Ortiz")
    assert now() - noted.done_at < timedelta(minutes=1)
    with pytest.raises(NotATime):
        world.leak.note_intervention("Looked", minutes=744 * 60 + 1, by=world.ben)


def test_of_a_closed_ticket_one_still_says_what_was_done_and_of_one_in_the_bin_not(world):
    world.leak.close("Done", by=world.ben)
    world.leak.note_intervention("Looked once more.", minutes=5, by=world.ben)
    world.leak.remove(by=world.ben)
    with pytest.raises(TicketAway):
        world.leak.note_intervention("Looked again.", minutes=5, by=world.ben)


def test_an_intervention_is_no_appointment(world):
    with pytest.raises(NotYet):
        world.leak.note_intervention("Looked", minutes=5, by=world.ben, done_at=now() + timedelta(hours=1))


def test_an_intervention_that_was_taken_back_is_found_by_nobody(desk, portal, world):
    noted = world.leak.note_intervention("Of the chirimoya", minutes=5, by=world.ben)
    world.leak.note_intervention("Of the maracuya", minutes=5, by=world.ben)
    assert "The press leaks" in portal(world.carol).get("/portal", q="chirimoya")
    world.leak.retract_intervention(noted.id, by=world.ben)
    for browser, path in ((portal(world.carol), "/portal"), (desk(world.ben), "/desk/tickets")):
        assert "The press leaks" not in browser.get(path, q="chirimoya")
        assert "The press leaks" in browser.get(path, q="maracuya")


def test_an_internal_agent_writes_no_customer_an_intervention(desk, world, here):
    """They read and note (P1); on a ticket that no customer sees they say what they did."""
    ines = desk(world.ines)
    assert "Intervention…" not in ines.get(here)
    assert ines.post(f"{here}/interventions", text="Looked", hours="1").status == 403
    world.leak.set_visibility(internal=True, by=world.ben)
    assert "Intervention…" in ines.get(here)
    Ticket.get_by_id(world.leak.id).note_intervention("Looked", minutes=5, by=world.ines)


def test_interventions_of_an_internal_ticket_stay_inside(world, portal):
    hidden = Ticket.open(
        by=world.ben, requester=world.carol, subject="Hidden", text="x", channel="desk", is_internal=True
    )
    hidden.note_intervention("Secret work", minutes=5, by=world.ben, done_at=now())
    assert portal(world.carol).get(f"/portal/tickets/{hidden.number}").status == 404
    assert "Hidden" not in portal(world.carol).get("/portal/tickets", q="secret work")


def test_a_number_that_is_given_again_makes_nothing_public(portal, world):
    """SQLite gives the number of a row that is gone to the next one."""
    told = world.leak.note_intervention("Changed the seal.", minutes=5, by=world.ben)
    world.leak.retract_intervention(told.id, by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ben)
    world.leak.note_intervention("Asked the maker.", minutes=5, by=world.ben)
    world.leak.set_visibility(internal=False, by=world.ben)
    assert "Asked the maker." not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


def test_what_was_noted_while_only_the_team_saw_the_ticket_stays_inside(desk, portal, world):
    """As the page promised who wrote it; what customers had read before, they read again."""
    world.leak.note_intervention("Changed the seal.", minutes=5, by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ben)
    world.leak.note_intervention("Asked the maker.", minutes=5, by=world.ines)
    world.leak.set_visibility(internal=False, by=world.ben)
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert "Changed the seal." in page
    assert "Asked the maker." not in page
    assert "Only the team" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}").region(
        "Intervention by Ines Paz"
    )
