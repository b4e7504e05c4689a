"""A newcomer fills in a mailbox, and looks on while it is tested by the worker."""

import pytest
from playwright.sync_api import expect

from app.lib.jobs import announcer, open_queue
from app.timeline.event import announce_to
from tests.journeys.steps import sign_in
from tests.mail.incoming import mail

pytestmark = pytest.mark.sqlite_only


def test_a_mailbox_is_tested_and_confirmed_from_its_page_alone(browsers, app, world, dovecot, worker, accessible):
    who = f"journey-{'with' if browsers.script else 'without'}-script@acme.example"  # a mailbox of its own
    dovecot.put(who, mail())
    announce_to(announcer(open_queue(app.extensions["ventanilla"])))
    page = browsers.open()
    sign_in(page, world.ada, to="/desk/settings/mailboxes/new")
    page.get_by_label("Address", exact=True).fill(who)
    receiving = page.get_by_role("group", name="Receiving")
    receiving.get_by_label("Server").fill(dovecot.host)
    receiving.get_by_label("Port").fill(str(dovecot.imap))
    receiving.get_by_label("Encryption").select_option("none")
    receiving.get_by_label("User").fill(who)
    receiving.get_by_label("Password", exact=False).last.fill("secret")
    receiving.get_by_label("Folder").first.fill("Soporte")
    page.get_by_role("group", name="Tickets that come in here").get_by_role("switch").first.check()
    page.get_by_role("button", name="Test and confirm").click()
    card = page.get_by_role("complementary", name="Connection test")
    expect(card).to_contain_text("The test is running.")  # nobody works yet
    accessible(page)
    name = page.get_by_role("group", name="Mailbox", exact=True).get_by_label("Name")
    if browsers.script:
        name.fill("Typed meanwhile")
    worker.start()
    wait_for_end(browsers, page, card)
    expect(card).to_contain_text("There is no such folder on the server. ")
    if browsers.script:
        expect(name).to_have_value("Typed meanwhile")
        expect(name).to_be_focused()
    expect(receiving.get_by_label("Folder").first).to_have_attribute("aria-invalid", "true")
    accessible(page)
    receiving.get_by_label("Folder").first.fill("INBOX")
    page.get_by_role("button", name="Test and confirm").click()
    wait_for_end(browsers, page, card)
    expect(card).to_contain_text("1 message is waiting in INBOX.")
    card.get_by_role("link", name="Confirm…").click()
    page.get_by_role("button", name="Make them tickets and confirm").click()
    expect(page.get_by_role("list", name="State of the mailbox").locator("[aria-current]")).to_have_text("Confirmed")


def wait_for_end(browsers, page, card):
    if browsers.script:
        expect(card).not_to_contain_text("The test is running.")
        return
    for _ in range(50):
        if not card.get_by_role("link", name="Refresh").count():
            return
        page.wait_for_timeout(200)
        card.get_by_role("link", name="Refresh").click()
