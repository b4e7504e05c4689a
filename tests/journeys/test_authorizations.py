"""An authorization is asked at the desk and decided on a phone, without an account: signed, and denied with reasons."""

import pytest
from playwright.sync_api import expect

from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision
from app.tickets.ticket import Ticket
from tests.journeys.steps import PHONE, link_for, sign, sign_in

pytestmark = pytest.mark.sqlite_only
TEXT = "Replace the seal of the press for 120 € plus VAT."


def test_asked_at_the_desk_and_signed_on_a_phone(browsers, world, accessible):
    ask_at_the_desk(browsers.open(), world, accessible)
    phone = browsers.open(**PHONE)
    phone.goto(link_for("carol@marlow.example", "authorizations.requested"))
    expect(phone.get_by_role("heading", name="We need your authorization")).to_be_visible()
    accessible(phone)
    phone.get_by_role("link", name="Authorize and sign").click()
    sheet = phone.get_by_role("dialog", name="Sign the authorization") if browsers.script else phone.get_by_role("main")
    expect(sheet.get_by_text(TEXT)).to_be_visible()
    expect(sheet.get_by_label("First and last name")).to_have_value("Carol Ruiz")
    sheet.get_by_role("button", name="Confirm authorization").click()
    expect(sheet.get_by_role("alert")).to_contain_text("Sign first")
    accessible(phone)
    sign(phone, sheet, drawn=browsers.script)
    sheet.get_by_role("button", name="Confirm authorization").click()

    expect(phone.get_by_role("heading", name="Authorized by Carol Ruiz")).to_be_visible()
    expect(phone.get_by_role("img", name="Signature of Carol Ruiz")).to_be_visible()
    expect(phone.get_by_text("By the link sent to carol@marlow.example")).to_be_visible()
    accessible(phone)
    decision = Decision.get()
    assert (decision.outcome, decision.way, decision.text) == ("authorized", "link", TEXT)
    assert decision.signature_kind == ("drawn" if browsers.script else "typed")
    assert Ticket.get_by_id(world.leak.id).status == "authorized"


def test_denied_with_reasons(browsers, world, accessible):
    world.leak.request_authorization(TEXT, by=world.ben)
    phone = browsers.open(**PHONE)
    phone.goto(link_for("carol@marlow.example", "authorizations.requested"))
    phone.get_by_role("link", name="Deny…").click()
    sheet = phone.get_by_role("dialog", name="Deny the authorization") if browsers.script else phone.get_by_role("main")
    sheet.get_by_role("button", name="Deny", exact=True).click()
    expect(sheet.get_by_text("Tell us why you deny it.", exact=True)).to_be_visible()
    accessible(phone)
    sheet.get_by_role("radio", name="The date does not suit me").check(force=True)
    sheet.get_by_label("Tell us more").fill("Not before Friday.")
    sheet.get_by_role("button", name="Deny", exact=True).click()
    expect(phone.get_by_role("heading", name="Denied by Carol Ruiz")).to_be_visible()
    accessible(phone)

    desk = browsers.open()
    sign_in(desk, world.ben)
    desk.get_by_role("link", name="The press leaks").click()
    expect(desk.get_by_role("heading", name="Denied by Carol Ruiz")).to_be_visible()
    expect(desk.get_by_text("Not before Friday.")).to_be_visible()
    accessible(desk)


def ask_at_the_desk(page, world, accessible):
    sign_in(page, world.ben)
    page.get_by_role("link", name="The press leaks").click()
    page.get_by_role("link", name="Request authorization").click()
    page.get_by_label("What the customer authorizes").fill(TEXT)
    page.get_by_role("radio", name="With a signature").check(force=True)
    accessible(page)
    page.get_by_role("button", name="Request authorization").click()
    expect(page.get_by_role("region", name="Authorization request").get_by_text(TEXT)).to_be_visible()
    accessible(page)
    assert Authorization.get().state == "pending"
