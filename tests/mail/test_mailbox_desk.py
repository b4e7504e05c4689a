"""The settings of a mailbox, against real servers."""

import pytest

from app.mail.mailbox import Mailbox
from app.outbox.wire import WireSettings
from app.timeline.event import Event
from tests.mail.incoming import mail, support
from tests.page import both_ways

pytestmark = pytest.mark.sqlite_only

URL = "/desk/settings/mailboxes"


def filled(dovecot, postbag=None, **changed):
    fields = {
        "address": "help@acme.example", "name": "", "kind": "imap", "host": dovecot.host, "port": str(dovecot.imap),
        "security": "none", "user": "help@acme.example", "password": "secret", "folder": "INBOX",
        "after_reading": "keep", "move_to": "", "every_minutes": "1", "authserv_id": "",
        "smtp_host": postbag.host if postbag else "", "smtp_port": str(postbag.port if postbag else 587),
        "smtp_security": "none", "smtp_user": "", "smtp_password": "", "group": "0", "assignee": "0", "type": "0",
        "priority": "0", "acknowledges": "y",
    }  # fmt: skip
    return fields | changed


@both_ways
def test_an_administrator_drafts_a_mailbox(desk, world, dovecot, htmx):
    desk(world.ada).post(URL, htmx=htmx, **filled(dovecot))
    mailbox = Mailbox.get()
    assert (mailbox.state, mailbox.address, mailbox.is_default) == ("draft", "help@acme.example", True)
    assert mailbox.password != "secret"
    page = desk(world.ada).get(f"{URL}/{mailbox.id}")
    assert page.field("Password").get("value") == ""
    assert "secret" not in page.html
    assert page.has_button("Test and confirm")


def test_a_preset_fills_in_a_providers_servers(desk, world):
    page = desk(world.ada).get(f"{URL}/new", preset="gmail")
    assert page.by_id("host").value == "imap.gmail.com"
    assert page.by_id("smtp_host").value == "smtp.gmail.com"


def test_only_administrators_come_in(desk, world):
    for person in (world.ben, world.bea, world.vic, world.ines):
        for path in (URL, f"{URL}/new", "/desk/mail/ledger"):
            assert desk(person).get(path).status == 403


def test_testing_and_confirming(desk, world, dovecot, postbag):
    page = desk(world.ada).post(
        URL, **filled(dovecot, postbag, address="calm@acme.example", user="calm@acme.example", do="confirm")
    )
    mailbox = Mailbox.get()
    assert mailbox.is_confirmed
    assert "INBOX, 0 messages" in page.text
    assert page.has_button("Back to draft")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"host": "no.such.host.invalid"}, "host"),
        ({"port": "1"}, "host"),
        ({"password": "wrong"}, "password"),
        ({"folder": "Nowhere"}, "folder"),
        ({"smtp_host": "127.0.0.1", "smtp_port": "1"}, "smtp_host"),
    ],
)
def test_a_failed_test_shows_the_step_and_the_field(desk, world, dovecot, wrong, field):
    page = desk(world.ada).post(URL, **filled(dovecot, **wrong | {"do": "confirm"}))
    assert not Mailbox.get().is_confirmed
    assert page.by_id(field)["aria-invalid"] == "true"
    assert "Failed" in page.region("Connection test")


def test_a_backlog_is_asked_about(desk, world, dovecot):
    who = "full@acme.example"
    dovecot.put(who, mail(), mail(), mail())
    ada = desk(world.ada)
    page = ada.post(URL, **filled(dovecot, address=who, user=who, creates="y", do="confirm"))
    mailbox = Mailbox.get()
    assert "3 messages are waiting in INBOX." in page.follow("Confirm…")
    assert not mailbox.is_confirmed
    ada.post(f"{URL}/{mailbox.id}/confirmation", backlog="passed")
    mailbox = Mailbox.get()
    assert (mailbox.is_confirmed, mailbox.creates_since_uid) == (True, 3)
    ada.post(f"{URL}/{mailbox.id}/confirmation", backlog="tickets")  # a second click, on the page of before
    assert Mailbox.get().creates_since_uid == 3
    assert "Make them tickets and confirm" not in ada.get(f"{URL}/{mailbox.id}/confirmation")
    ada.post(f"{URL}/{mailbox.id}/draft")
    ada.post(f"{URL}/{mailbox.id}/confirmation", backlog="tickets")
    assert Mailbox.get().creates_since_uid is None


def test_a_draft_that_was_not_tested_is_not_confirmed(desk, world):
    mailbox = support(state="draft")
    page = desk(world.ada).post(f"{URL}/{mailbox.id}/confirmation", backlog="tickets")
    assert page.status == 409
    assert not Mailbox.get().is_confirmed


def test_a_changed_password_makes_it_a_draft_again_and_other_changes_do_not(desk, world, dovecot):
    ada = desk(world.ada)
    ada.post(URL, **filled(dovecot, address="b@acme.example", user="b@acme.example", do="confirm"))
    mailbox = Mailbox.get()
    url = f"{URL}/{mailbox.id}"
    ada.post(url, **filled(dovecot, address="b@acme.example", user="b@acme.example", password="", creates="y"))
    mailbox = Mailbox.get()
    assert (mailbox.state, mailbox.creates, mailbox.creates_since_uid) == ("confirmed", "ticket", 0)
    ada.post(url, **filled(dovecot, address="b@acme.example", user="b@acme.example", password="other"))
    assert Mailbox.get().state == "draft"


@pytest.mark.parametrize(
    ("changed", "typed"), [({"host": "mail.elsewhere.example"}, "password"), ({"smtp_host": "::1"}, "smtp_password")]
)
def test_a_stored_password_goes_to_no_other_server(desk, world, dovecot, changed, typed):
    ada = desk(world.ada)
    ada.post(URL, **filled(dovecot, do="draft"))
    mailbox = Mailbox.get()
    url, kept = f"{URL}/{mailbox.id}", {"password": "", "smtp_password": ""}
    page = ada.post(url, **filled(dovecot, **kept | changed))
    assert page.status == 422
    assert "type the password again" in page
    assert Mailbox.get().host == mailbox.host
    ada.post(url, **filled(dovecot, **kept | changed | {typed: "secret"}))
    assert getattr(Mailbox.get(), next(iter(changed))) == next(iter(changed.values()))


def test_what_is_wrong_with_the_form_is_said(desk, world, dovecot):
    for wrong in ({"address": "nonsense"}, {"port": "99999"}, {"host": ""}, {"every_minutes": "0"}):
        assert desk(world.ada).post(URL, **filled(dovecot, **wrong)).status == 422
    support()
    assert desk(world.ada).post(URL, **filled(dovecot)).status == 422  # the address is taken
    assert Mailbox.select().count() == 1


def test_fetch_now_is_queued_where_it_can_be_done(desk, world):
    mailbox = support(host="127.0.0.1", port=1)
    ada = desk(world.ada)
    assert ada.post(f"{URL}/{mailbox.id}/fetch").status == 409  # a sandbox
    WireSettings.set(mode="live")
    ada.post(f"{URL}/{mailbox.id}/fetch")
    assert Event.select().where(Event.kind == "mailbox.fetch_asked").count() == 1
    assert Mailbox.get().failing_since  # the task ran: nobody listens there
    assert "cannot be fetched since" in desk(world.ben).get("/desk/tickets").text


def test_deleting_asks_first(desk, world):
    mailbox = support()
    ada = desk(world.ada)
    assert ada.get(f"{URL}/{mailbox.id}/removal").has_button("Delete mailbox")
    ada.post(f"{URL}/{mailbox.id}/removal")
    assert not Mailbox.select().exists()
    assert "No mailbox yet" in ada.get(URL).text
