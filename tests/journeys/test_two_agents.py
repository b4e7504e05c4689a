"""Two agents on one ticket: they see each other come and go, and neither misses what the other has said."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.accounts.group import Group
from app.lib.clock import now
from app.messages.message import Message
from app.tickets.presence import Presence
from tests.fixtures.browser import script_only
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.sqlite_only
POLL = re.compile(r"/presence\?")


@pytest.fixture
def here(world):
    return f"/desk/tickets/{world.leak.number}"


def at_the_ticket(browsers, person, here):
    page = browsers.open()
    if browsers.script:
        page.clock.install()
    sign_in(page, person, to=here)
    return page


def polls(page):
    """The addresses it asks from now on."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if POLL.search(request.url) else None)
    return asked


def wait(browsers, page, seconds=11):
    """Some seconds pass; who has no script reloads."""
    if browsers.script:
        page.clock.run_for(seconds * 1000)
    else:
        page.reload()


def test_they_see_each_other_come_and_go(browsers, world, here, accessible):
    ben = at_the_ticket(browsers, world.ben, here)
    expect(ben.get_by_role("heading", level=1)).to_contain_text("The press leaks")
    expect(ben.get_by_text("is looking at this ticket too")).to_have_count(0)
    at_the_ticket(browsers, world.ada, here)
    wait(browsers, ben)
    expect(ben.get_by_text("Ada Moss is looking at this ticket too")).to_be_visible()
    accessible(ben)
    Presence.update(at=now() - timedelta(minutes=2)).where(Presence.person == world.ada).execute()
    wait(browsers, ben)
    expect(ben.get_by_text("is looking at this ticket too")).to_have_count(0)


def test_a_reply_that_is_being_written_survives_the_news_of_another(browsers, world, here):
    """The news is said beside it, the reply is stopped until its writer has seen it, and goes on the second press."""
    ben, ada = (at_the_ticket(browsers, person, here) for person in (world.ben, world.ada))
    ben.get_by_role("textbox", name="Reply").fill("We come on Friday.")
    ada.get_by_role("textbox", name="Reply").fill("We come on Monday.")
    ada.get_by_role("button", name="Send reply").click()
    expect(ada.get_by_label("Reply by Ada Moss").get_by_text("We come on Monday.")).to_be_visible()
    if browsers.script:
        wait(browsers, ben)
        expect(ben.get_by_role("link", name="1 new message")).to_be_visible()
        expect(ben.get_by_role("textbox", name="Reply")).to_have_value("We come on Friday.")
        expect(ben.get_by_role("textbox", name="Reply")).to_be_focused()
    ben.get_by_role("button", name="Send reply").click()
    expect(ben.get_by_role("region", name="Said meanwhile")).to_contain_text("We come on Monday.")
    expect(ben.get_by_role("textbox", name="Reply")).to_have_value("We come on Friday.")
    assert Message.select().where(Message.text == "We come on Friday.").count() == 0
    ben.get_by_role("button", name="Send reply").click()
    expect(ben.get_by_label("Reply by Ben Ortiz").get_by_text("We come on Friday.")).to_be_visible()
    assert Message.select().where(Message.text == "We come on Friday.").count() == 1


@script_only
def test_it_asks_less_often_while_nothing_happens_and_not_at_all_in_a_hidden_tab(browsers, world, here):
    ben = at_the_ticket(browsers, world.ben, here)
    asked = polls(ben)
    pauses = []
    for place in range(8):
        seconds = 0
        # Each is answered before time goes on, which runs faster here than a busy server, and ends what waits for long.
        with ben.expect_event("requestfinished", lambda request: POLL.search(request.url)):
            while len(asked) == place and seconds < 100:
                ben.clock.run_for(1000)
                seconds += 1
        pauses.append(seconds)
    assert pauses[0] <= 11
    assert pauses == sorted(pauses)
    assert 50 <= pauses[-1] <= 61
    often = len(asked)
    ben.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    ben.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ben.clock.run_for(3_600_000)
    assert len(asked) == often
    ben.evaluate("delete document.hidden")
    with ben.expect_response(POLL):
        ben.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@script_only
def test_a_ticket_that_goes_out_of_sight_says_so_once_and_keeps_what_is_typed(browsers, world, here):
    browsers.expected.add("404")
    ben = at_the_ticket(browsers, world.ben, here)
    ben.get_by_role("textbox", name="Reply").fill("We come on Friday.")
    vault = Group.create(name="Vault", is_restricted=True)
    vault.take_in(world.ada)
    world.leak.hand_over(to=world.ada, by=world.ada)
    world.leak.give_to_group(vault, by=world.ada)
    with ben.expect_response(POLL) as answer:
        ben.clock.run_for(11_000)
    assert answer.value.status == 404
    expect(ben.get_by_role("status").get_by_text("This is not here any more.").first).to_be_visible()
    expect(ben.get_by_role("textbox", name="Reply")).to_have_value("We come on Friday.")
    asked = polls(ben)
    ben.clock.run_for(600_000)
    assert asked == []
