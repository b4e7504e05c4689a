"""A customer's list and ticket page."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.visitor import Access
from app.authorizations.signature import TypedSignature
from app.lib.clock import now
from app.messages.message import Message
from app.surveys.survey import Question, Survey
from app.tickets.personal_link import PersonalLink
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from tests.counting import statements
from tests.page import both_ways
from tests.world import CANARY


def test_my_tickets_are_mine_newest_first_the_closed_ones_too(portal, world):
    old = Ticket.open(
        by=world.carol, requester=world.carol, subject="Old rollers", text="They squeak.", channel="form",
        created_at=now() - timedelta(days=90),
    )  # fmt: skip
    old.close_by_customer(by=world.carol)
    Ticket.open(by=world.eve, requester=world.eve, subject="Not theirs", text="Mine.", channel="form")
    page = portal(world.carol).get("/portal")
    assert page.h1 == "Hello, Carol"
    rows = page.region("List of tickets").all("li")
    assert ["The press leaks" in row for row in rows] == [True, False]
    assert "Old rollers" in rows[1]
    assert "Closed by customer" in rows[1]
    assert "Not theirs" not in page


def test_the_account_menu_leads_to_them_too(portal, world):
    page = portal(world.carol).get("/portal/profile")
    menu = page.by_id("person-menu")
    assert [each.text for each in menu.all("a")] == ["Support tickets", "My data"]
    assert "The press leaks" in page.follow("Support tickets").region("List of tickets")


def test_tabs_and_search_narrow_the_list(portal, world):
    closed = Ticket.open(by=world.carol, requester=world.carol, subject="Rollers", text="Squeak.", channel="form")
    closed.close_by_customer(by=world.carol)
    carol = portal(world.carol)
    assert "Rollers" not in carol.get("/portal/tickets", tab="open").region("List of tickets")
    assert "The press leaks" not in carol.get("/portal/tickets", tab="closed").region("List of tickets")
    assert "The press leaks" in carol.get("/portal/tickets", q="oil").region("List of tickets")
    assert "Nothing found" in carol.get("/portal/tickets", q="nonsense'\"*(")


def test_a_search_never_finds_a_note(portal, world):
    page = portal(world.carol).get("/portal/tickets", q=CANARY)
    assert "Nothing found" in page


def test_colleagues_tickets_show_where_the_organization_shares_them(portal, world):
    theirs = Ticket.open(by=world.dan, requester=world.dan, subject="Dan's ink", text="Pale.", channel="form")
    carol = portal(world.carol)
    assert carol.get(f"/portal/tickets/{theirs.number}").status == 404
    world.marlow.change(shares_tickets=True)
    page = carol.get("/portal/tickets", tab="company")
    assert "Dan's ink" in page.region("List of tickets")
    assert "The press leaks" not in page.region("List of tickets")
    assert carol.get(f"/portal/tickets/{theirs.number}").h1 == "Dan's ink"
    assert portal(world.eve).get(f"/portal/tickets/{theirs.number}").status == 404


def test_colleagues_do_not_see_what_a_restricted_group_has(portal, world):
    """Its requester does, whoever else takes part too; else any agent could see it who makes somebody a colleague."""
    world.marlow.change(shares_tickets=True)
    world.leak.give_to_group(Group.create(name="Bills", is_restricted=True), by=world.ada)
    dan = portal(world.dan)
    assert "The press leaks" not in dan.get("/portal/tickets", tab="company")
    assert dan.get(f"/portal/tickets/{world.leak.number}").status == 404
    assert portal(world.carol).get(f"/portal/tickets/{world.leak.number}").h1 == "The press leaks"
    world.leak.copy_to([world.dan.email])
    assert dan.get(f"/portal/tickets/{world.leak.number}").h1 == "The press leaks"


def test_what_is_said_in_another_language_says_so(portal, desk, world):
    """Also once that is changed: parts of the page are kept (WCAG 3.1.2)."""
    pages = [portal(world.carol).get, desk(world.ben).get]
    for get, face in zip(pages, ("portal", "desk"), strict=True):
        for language in ("pt", "en", "es"):
            world.leak.edit(by=world.ben, language=language)
            page = get(f"/{face}/tickets/{world.leak.number}")
            here = page.all("html")[0]["lang"]
            texts = [each for each in page.all("div") if "message__text" in (each.get("class") or "").split()]
            said = {each.get("lang") for each in texts if "oil under the press" in each.text}
            assert said == {"" if language == here else language}, (face, language)


def test_a_long_list_has_pages_without_gaps(portal, world):
    for number in range(30):
        Ticket.open(by=world.eve, requester=world.eve, subject=f"Matter {number}", text="…", channel="form")
    eve = portal(world.eve)
    first = eve.get("/portal")
    second = first.follow("Older")
    seen = [row.text for page in (first, second) for row in page.region("List of tickets").all("li")]
    assert len(seen) == len(set(seen)) == 30
    assert "Matter 29" in seen[0]
    assert "Matter 0No." in seen[-1]
    back = second.follow("Newer")
    assert [row.text for row in back.region("List of tickets").all("li")] == seen[:25]


def test_what_waits_for_the_customer_stands_first(portal, world):
    world.leak.request_authorization("A new seal for 100 €.", by=world.ben)
    survey = Survey.create(title="How was it?", is_generic=True)
    Question.create(survey=survey, kind="score", text="All in all?")
    world.leak.send_survey(by=world.ben)
    page = portal(world.carol).get("/portal")
    waiting = page.region("Waiting for you")
    assert "Authorize or deny" in waiting
    assert "Tell us how it went" in waiting
    assert "2 things are waiting for you." in page


def test_it_is_not_the_turn_of_who_is_only_in_copy(portal, world):
    """The tab counts as the header does."""
    world.leak.set_copies(["eve@rival.example"], by=world.ben)
    asked = world.leak.request_authorization("A new seal.", by=world.ben)
    assert "Your turn 0" in portal(world.eve).get("/portal").region("Filter")
    assert "Your turn 1" in portal(world.carol).get("/portal").region("Filter")
    asked.withdraw(by=world.ben)
    world.leak.reply("Is Friday fine?", by=world.ben)
    assert "Your turn 0" in portal(world.eve).get("/portal").region("Filter")
    assert "Your turn 1" in portal(world.carol).get("/portal").region("Filter")
    assert "The press leaks" not in portal(world.eve).get("/portal/tickets", tab="waiting").region("List of tickets")
    assert "The press leaks" in portal(world.carol).get("/portal/tickets", tab="waiting").region("List of tickets")


def test_a_request_that_has_expired_is_nobodys_turn(portal, world):
    asked = world.leak.request_authorization("A new seal.", by=world.ben, asked_of=world.eve)
    assert "Your turn 1" in portal(world.eve).get("/portal").region("Filter")
    asked.change(valid_until=now() - timedelta(hours=1))
    page = portal(world.eve).get("/portal")
    assert "Your turn 0" in page.region("Filter")
    assert "waiting for you" not in page


def test_the_page_shows_the_public_conversation_newest_first_and_no_note(portal, world):
    world.leak.reply("We come tomorrow.", by=world.ben)
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    messages = page.all("article")
    assert "We come tomorrow." in messages[0]
    assert "from Acme Service" in messages[0]
    assert "There is oil" in messages[1]
    assert "You" in messages[1]
    assert CANARY not in page.html
    assert "Waiting for your reply" in page
    assert "Ben Ortiz" in page.region("Details of the ticket")


def test_an_internal_ticket_is_not_there(portal, world):
    """Nor what waited for the customer in it; public again, it is found by its subject."""
    Survey.create(title="How was it?", is_generic=True)
    world.leak.send_survey(by=world.ben)
    world.leak.request_authorization("A new seal for 100 €.", by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ben)
    carol = portal(world.carol)
    assert carol.get(f"/portal/tickets/{world.leak.number}").status == 404
    page = carol.get("/portal")
    assert "The press leaks" not in page
    assert "waiting for you" not in page
    assert "Nothing found" in carol.get("/portal/tickets", q="leaks")
    world.leak.set_visibility(internal=False, by=world.ben)
    assert "2 things are waiting for you." in carol.get("/portal")


def test_a_ticket_that_was_opened_inside_is_found_once_it_is_public(portal, world):
    inside = Ticket.open(
        by=world.ben, requester=world.carol, subject="Check the gasket", text="Among us: she pays late.",
        channel="desk", is_internal=True,
    )  # fmt: skip
    carol = portal(world.carol)
    assert "Nothing found" in carol.get("/portal/tickets", q="gasket")
    inside.set_visibility(internal=False, by=world.ben)
    assert "Check the gasket" in carol.get("/portal/tickets", q="gasket").region("List of tickets")
    assert "Nothing found" in carol.get("/portal/tickets", q="pays")
    assert "pays late" not in carol.get(f"/portal/tickets/{inside.number}")


def test_what_was_said_in_public_is_read_and_found_again_once_the_ticket_is_public_again(portal, world):
    """Though it was reworded meanwhile; what was noted meanwhile stays a note."""
    reply = world.leak.reply("We bring a gasket.", by=world.ben)
    world.leak.set_visibility(internal=True, by=world.ben)
    world.leak.reword(reply, "We bring a new rotor.", by=world.ben)
    world.leak.note("She pays late, mind the carburettor.", by=world.ben)
    world.leak.set_visibility(internal=False, by=world.ben)
    carol = portal(world.carol)
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "We bring a new rotor." in page
    assert "She pays late" not in page
    assert "The press leaks" in carol.get("/portal/tickets", q="rotor").region("List of tickets")
    assert "Nothing found" in carol.get("/portal/tickets", q="carburettor")


@pytest.mark.parametrize("path", ["", "/closure", "/replies", "/documents/1", "/attachments/1", "/authorizations/1"])
def test_a_foreign_ticket_is_not_there(portal, world, path):
    assert portal(world.eve).get(f"/portal/tickets/{world.leak.number}{path}").status == 404
    assert portal(world.eve).get(f"/portal/tickets/999999{path}").status == 404


def test_the_page_takes_a_dozen_statements_at_most(portal, world):
    for turn in range(3):
        world.leak.reply(f"Answer {turn}.", by=world.ben)
        world.leak.hear(f"Question {turn}?", by=world.carol, channel="portal")
    first = world.leak.request_authorization("A new seal.", by=world.ben)
    first.authorize(
        by=world.carol, name="Carol Ruiz", signature=TypedSignature("Carol Ruiz"), access=Access(), language="en"
    )
    world.leak.request_authorization("And a pump.", by=world.ben)
    carol = portal(world.carol)
    carol.get(f"/portal/tickets/{world.leak.number}")
    with statements() as seen:
        assert carol.get(f"/portal/tickets/{world.leak.number}").status == 200
    assert len(seen) <= 12, "\n".join(seen)


def test_the_list_takes_a_dozen_statements_at_most(portal, world):
    carol = portal(world.carol)
    carol.get("/portal")
    with statements() as seen:
        carol.get("/portal")
    assert len(seen) <= 12, "\n".join(seen)


# --- answering ----------------------------------------------------------------------------------------------------


@both_ways
def test_a_customer_answers_with_files(portal, world, htmx):
    carol = portal(world.carol)
    form = carol.get(f"/portal/tickets/{world.leak.number}")
    form.press("Send", htmx=htmx, text="It drips more.", files=(io.BytesIO(b"minutes of the drip"), "drip.txt"))
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "It drips more." in page.all("article")[0]
    assert "drip.txt" in page.all("article")[0]
    assert "Answered by customer" in page
    file = page.link("drip.txt1 kB")["href"]
    saved = carol.get(file)
    assert saved.response.get_data() == b"minutes of the drip"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert portal(world.eve).get(file).status == 404


def test_after_an_answer_htmx_loads_the_page_anew(portal, world):
    """With a fragment on the same page a browser would only scroll."""
    form = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    answer = form.press("Send", htmx=True, text="It drips more.")
    assert answer.headers["HX-Redirect"] == f"/portal/tickets/{world.leak.number}"


@both_ways
def test_an_empty_answer_is_refused_and_its_file_waits(portal, world, htmx):
    carol = portal(world.carol)
    form = carol.get(f"/portal/tickets/{world.leak.number}")
    refused = form.press("Send", htmx=htmx, text="x" * 10, files=(io.BytesIO(b""), "empty.txt"))
    assert refused.status == 422
    assert "empty.txt" in refused
    assert "x" * 10 in refused.html
    refused = form.press("Send", htmx=htmx, text=" ")
    assert refused.status == 422
    assert "Write something first." in refused


def test_the_files_of_a_refused_answer_are_sent_with_the_next(portal, world):
    carol = portal(world.carol)
    good, bad = (io.BytesIO(b"good"), "good.txt"), (io.BytesIO(b""), "bad.txt")
    form = carol.get(f"/portal/tickets/{world.leak.number}")
    refused = form.press("Send", text="Two files", files=[good, bad])
    assert refused.status == 422
    assert "good.txt" in refused.region("Already added")
    page = refused.press("Send")
    assert "Two files" in page.all("article")[0]
    assert page.has_link("good.txt1 kB")


def test_a_kept_file_can_be_left_out(portal, world):
    carol = portal(world.carol)
    good, bad = (io.BytesIO(b"good"), "good.txt"), (io.BytesIO(b""), "bad.txt")
    form = carol.get(f"/portal/tickets/{world.leak.number}")
    refused = form.press("Send", text="Two files", files=[good, bad])
    page = refused.press("Send", kept=[])
    assert "Two files" in page.all("article")[0]
    assert not page.has_link("good.txt1 kB")


def test_pressed_twice_it_is_said_once(portal, world):
    carol = portal(world.carol)
    form = carol.get(f"/portal/tickets/{world.leak.number}")
    form.press("Send", text="Only once")
    form.press("Send", text="Only once")
    assert Message.select().where(Message.text == "Only once").count() == 1


def test_an_answer_to_a_closed_ticket_brings_it_back(portal, world):
    world.leak.close("Done.", by=world.ben)
    carol = portal(world.carol)
    carol.get(f"/portal/tickets/{world.leak.number}").press("Send", text="It leaks again")
    assert Ticket.get_by_id(world.leak.id).status == "answered_by_customer"


# --- closing and reopening ----------------------------------------------------------------------------------------


@both_ways
def test_a_customer_closes_and_reopens(portal, world, htmx):
    carol = portal(world.carol)
    carol.get(f"/portal/tickets/{world.leak.number}/closure").press("Close ticket", htmx=htmx)
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "Closed by customer" in page
    assert not page.has_link("Close ticket…")
    page.press("Reopen", htmx=htmx)
    assert Ticket.get_by_id(world.leak.id).status == "open"


def test_closing_twice_is_refused_with_a_clear_word(portal, world):
    carol = portal(world.carol)
    form = carol.get(f"/portal/tickets/{world.leak.number}/closure")
    form.press("Close ticket")
    again = form.press("Close ticket")
    assert again.status == 409
    assert "Closed by customer" in again


@both_ways
def test_who_is_only_in_copy_does_not_close_while_somebody_else_decides(portal, world, htmx):
    """Closing takes the request back."""
    world.leak.set_copies(["eve@rival.example"], by=world.ben)
    eve = portal(world.eve)
    early = eve.get(f"/portal/tickets/{world.leak.number}/closure")
    asked = world.leak.request_authorization("A new seal.", by=world.ben)
    refused = early.press("Close ticket", htmx=htmx)
    said = "Carol Ruiz still has to decide on the authorization, so you cannot close this ticket."
    assert refused.status == 409
    assert said in refused
    assert said in eve.get(f"/portal/tickets/{world.leak.number}")
    assert not eve.get(f"/portal/tickets/{world.leak.number}/closure").has_button("Close ticket")
    assert type(asked).get_by_id(asked.id).is_pending
    assert said not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    portal(world.carol).get(f"/portal/tickets/{world.leak.number}/closure").press("Close ticket", htmx=htmx)
    assert Ticket.get_by_id(world.leak.id).status == "closed_by_customer"


def test_it_is_too_late_to_reopen(portal, world):
    world.leak.close_by_customer(by=world.carol)
    Ticket.update(closed_at=now() - timedelta(days=TicketSettings.reopen_within + 1)).execute()
    carol = portal(world.carol)
    assert not carol.get(f"/portal/tickets/{world.leak.number}").has_button("Reopen")
    assert carol.post(f"/portal/tickets/{world.leak.number}/reopening").status == 409


def test_a_link_is_revoked_by_its_person_alone(portal, world):
    link = PersonalLink.issue(world.leak, world.carol)
    dan = Contact.register("Dan Webb", "dan@marlow.example")
    theirs = PersonalLink.issue(world.leak, dan)
    carol = portal(world.carol)
    assert carol.post(f"/portal/tickets/{world.leak.number}/links/{theirs.id}/revocation").status == 404
    carol.post(f"/portal/tickets/{world.leak.number}/links/{link.id}/revocation")
    assert not PersonalLink.get_by_id(link.id).is_live
    assert PersonalLink.get_by_id(theirs.id).is_live


def test_a_customer_reads_the_deadline_and_that_it_waits_for_them(portal, world):
    carol, here = portal(world.carol), f"/portal/tickets/{world.leak.number}"
    assert "Deadline" not in carol.get(here).region("Details of the ticket")
    world.leak.set_due(datetime(2030, 5, 6, 8, 30, tzinfo=UTC), by=world.ben)
    assert "Deadline 6 May 2030, 10:30" in carol.get(here).region("Details of the ticket")
    world.leak.reply("Which paper?", by=world.ben)
    assert "Deadline Paused until you answer" in carol.get(here).region("Details of the ticket")
    world.leak.close("Done", by=world.ben)
    assert "Deadline" not in carol.get(here).region("Details of the ticket")
