"""The test of a mailbox: in the background, each step told as it is known, and no request waits for a server."""

import threading
from datetime import timedelta

import pytest

from app.lib.clock import now
from app.lib.db import connection
from app.mail.connecting import sealed
from app.mail.mailbox import Mailbox
from app.mail.relay import Relay
from app.timeline.event import Event, announce_to
from tasks import reactions
from tests.mail.incoming import support
from tests.mail.test_mailbox_desk import URL, filled
from tests.page import both_ways


@pytest.fixture
def asleep():
    """No worker runs: what is asked for waits."""
    announce_to(None)


def draft(weather, **fields):
    user = "steps@acme.example"
    return support(
        **{"state": "draft", "address": user, "user": user, "password": sealed("secret"), "port": weather.port} | fields
    )


def steps(mailbox):
    return [(step["title"], step["state"]) for step in Mailbox.get_by_id(mailbox.id).steps]


@both_ways
def test_a_request_asks_for_the_test_and_waits_for_nobody(desk, world, weather, asleep, htmx):
    page = desk(world.ada).post(URL, htmx=htmx, **filled(server_of(weather), do="confirm"))
    page = page if not htmx else desk(world.ada).get(f"{URL}/{Mailbox.get().id}")
    assert weather.met == 0
    told = page.region("Connection test")
    assert "The test is running." in told.text
    assert told.has_link("Refresh")
    assert steps(Mailbox.get()) == [
        ("Name of the incoming server", "running"), ("Incoming server", "waiting"), ("Access", "waiting"),
        ("Folder", "waiting"),
    ]  # fmt: skip


def server_of(weather):
    """As the form's filling wants it."""
    return type("Server", (), {"host": weather.host, "imap": weather.port})


def test_each_step_is_told_as_soon_as_it_is_known(desk, world, weather):
    mailbox, reached, go_on = draft(weather), threading.Event(), threading.Event()

    def hold(line):
        if b"Logged in" in line:
            reached.set()
            go_on.wait(5)
        return line

    weather.tell(hold)
    announce_to(None)
    mailbox.ask_to_test(by=world.ada)

    def work():
        with connection():
            reactions.sweep()

    Event.update(at=now() - timedelta(minutes=2)).where(Event.kind == "test.asked").execute()
    worker = threading.Thread(target=work)
    worker.start()
    assert reached.wait(5)
    page = desk(world.ada).get(f"{URL}/{mailbox.id}/test", htmx=True)
    go_on.set()
    worker.join()
    assert "AccessRunning" in page.text
    assert "Incoming server" in page.text
    assert page.text.index("Passed") < page.text.index("Running") < page.text.index("Waiting")
    assert steps(mailbox) == [
        ("Name of the incoming server", "passed"), ("Incoming server", "passed"), ("Access", "passed"),
        ("Folder", "passed"),
    ]  # fmt: skip
    over = desk(world.ada).get(f"{URL}/{mailbox.id}/test", htmx=True)
    assert "HX-Redirect" not in over.response.headers  # it would lose what is being typed
    assert "The test has passed." in over.text


def test_a_test_of_a_connection_that_was_changed_meanwhile_is_worth_nothing(world, weather):
    mailbox, changed = draft(weather), []
    announce_to(None)
    mailbox.ask_to_test(by=world.ada, test_then="confirm")
    running = Mailbox.get()

    def change(line):
        if not changed:
            changed.append(line)
            with connection():
                Mailbox.get().edit(by=world.ada, folder="Another")
        return line

    weather.tell(change)
    assert running.test(by=world.ada) is False
    mailbox = Mailbox.get()
    assert (mailbox.test_steps, mailbox.tested_at, mailbox.state) == ([], None, "draft")


def test_a_test_that_a_killed_worker_left_is_made_by_the_next_one_and_only_once(world, weather, asleep):
    mailbox = draft(weather)
    mailbox.ask_to_test(by=world.ada)
    Event.update(at=now() - timedelta(minutes=2)).where(Event.kind == "test.asked").execute()
    reactions.sweep()
    assert Mailbox.get().is_tested
    met = weather.met
    reactions.sweep()
    assert weather.met == met


def test_a_page_says_that_nobody_tests_and_that_a_test_was_lost(desk, world, weather, asleep, clock):
    mailbox = draft(weather)
    mailbox.ask_to_test(by=world.ada)
    clock.shift(timedelta(seconds=20))
    assert "the background worker is busy, or not running" in desk(world.ada).get(f"{URL}/{mailbox.id}")
    clock.shift(timedelta(minutes=5))
    page = desk(world.ada).get(f"{URL}/{mailbox.id}")
    assert "did not come to its end" in page
    assert page.has_button("Test")


def test_the_server_for_outgoing_mail_is_tested_in_the_background_too(desk, world, postbag, asleep):
    fields = {"host": postbag.host, "port": str(postbag.port), "security": "none", "user": "", "password": "",
              "bounce_address": ""}  # fmt: skip
    page = desk(world.ada).post("/desk/settings/sending", do="test", **fields)
    assert "The test is running." in page
    assert not Relay.ours().can_send
    Relay.ours().test(by=world.ada)
    assert Relay.ours().can_send
    over = desk(world.ada).get("/desk/settings/sending/test", htmx=True)
    assert "Mail leaves by this server." in over.text
    assert "HX-Redirect" not in over.response.headers


def test_forwarded_mail_needs_no_server_to_be_confirmed(desk, world, dovecot):
    page = desk(world.ada).post(URL, **filled(dovecot, kind="forwarded", host="", user="", password="", do="confirm"))
    assert Mailbox.get().is_confirmed
    assert "no server of its own to test" in page
