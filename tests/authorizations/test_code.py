"""The mailed one-time code: only where it is asked for, a few tries, a short life (W6b)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from app.authorizations.code import CodeOver, CodeTooSoon, NoCode, TooManyCodes, WrongCode
from app.authorizations.decision import Decision
from app.authorizations.settings import AuthorizationSettings
from app.catalog.lists import Category
from app.mail.outgoing import written
from app.outbox.delivery import Delivery
from tests.authorizations.deciding import DRAWN, ask, decide, last_code
from tests.page import both_ways


@pytest.fixture
def asked(world):
    Category.by_key("problem").amend(by=world.ada, name="Problem", needs_code=True)
    world.leak.change(category=Category.by_key("problem"))
    return ask(world)


def wrong(code):
    return f"{(int(code.digits) + 1) % 10**6:06d}"


def test_a_code_is_asked_for_by_category_or_above_an_amount(world, asked):
    assert asked.needs_code
    asked.withdraw(by=world.ben)
    world.leak.change(category=None)
    AuthorizationSettings.set(code_above=1000)
    assert not ask(world, items=[("Cheap", Decimal(1000))]).needs_code
    assert ask(world, items=[("Dear", Decimal("1000.01"))], replace=True).needs_code
    AuthorizationSettings.set(code_above=0)
    assert not ask(world, items=[("Very dear", Decimal(900_000))], replace=True).needs_code


def test_without_the_code_nothing_is_decided(world, asked):
    with pytest.raises(NoCode):
        decide(asked, world.carol)
    with pytest.raises(CodeOver):
        decide(asked, world.carol, code="123456")
    asked.send_code(by=world.carol)
    with pytest.raises(WrongCode):
        decide(asked, world.carol, code=wrong(last_code(asked)))
    assert not Decision.select().exists()


def test_digits_of_another_script_are_digits(world, asked):
    code = asked.send_code(by=world.carol)
    for given in ("²²²²²²", "٣٣"):
        with pytest.raises((NoCode, WrongCode)):
            decide(asked, world.carol, code=given)
    arabic = "".join(chr(0x660 + int(digit)) for digit in code.digits)
    assert decide(asked, world.carol, code=arabic).code_confirmed_at


def test_the_code_is_evidence_and_works_once(world, asked):
    code = asked.send_code(by=world.carol)
    decision = decide(asked, world.carol, code=f"{code.digits[:3]} {code.digits[3:]}")
    mail = Delivery.get(letter="authorizations.code")
    assert decision.code_mail_id == mail.mail_id
    assert decision.code_confirmed_at
    assert not last_code(asked).is_live


def test_five_wrong_tries_end_a_code(world, asked, clock):
    code = asked.send_code(by=world.carol)
    with capture_logs() as told:
        for _ in range(5):
            with pytest.raises(WrongCode if last_code(asked).wrong < 4 else CodeOver):
                decide(asked, world.carol, code=wrong(code))
        with pytest.raises(CodeOver):
            decide(asked, world.carol, code=code.digits)
    assert [line["left"] for line in told if line["event"] == "a code that is not the one"] == [4, 3, 2, 1, 0, 0]


def test_a_code_lasts_a_quarter_of_an_hour(world, asked, clock):
    code = asked.send_code(by=world.carol)
    clock.shift(timedelta(minutes=15, seconds=1))
    with pytest.raises(CodeOver):
        decide(asked, world.carol, code=code.digits)


def test_codes_are_sent_again_but_not_at_will(world, asked, clock):
    first = asked.send_code(by=world.carol)
    with pytest.raises(CodeTooSoon):
        asked.send_code(by=world.carol)
    for _ in range(4):
        clock.shift(timedelta(seconds=61))
        asked.send_code(by=world.carol)
    clock.shift(timedelta(seconds=61))
    with pytest.raises(TooManyCodes):
        asked.send_code(by=world.carol)
    with pytest.raises(WrongCode):
        decide(asked, world.carol, code=first.digits)  # only the last one works


def test_the_mail_holds_the_code_and_no_link(world, asked):
    code = asked.send_code(by=world.carol)
    letter = written(Delivery.get(letter="authorizations.code"))
    assert f"{code.digits[:3]} {code.digits[3:]}" in letter.text
    assert "/t/" not in letter.text + letter.html
    assert Delivery.get(letter="authorizations.code").link is None


@both_ways
def test_the_page_mails_the_code_and_keeps_what_was_typed(portal, world, asked, htmx):
    sheet = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/sign")
    assert "we e-mail a code to carol@marlow.example" in sheet
    sheet = sheet.press("E-mail me the code", htmx=htmx, name="Carol M. Ruiz", strokes=DRAWN)
    assert "We e-mailed a code to carol@marlow.example." in sheet
    assert sheet.field("First and last name").value == "Carol M. Ruiz"
    soon = sheet.press("Send another code", htmx=htmx)
    assert soon.status == 429
    refused = sheet.press("Confirm authorization", htmx=htmx, code=wrong(last_code(asked)))
    assert refused.status == 422
    assert "Tries left: 4" in refused
    refused.press("Confirm authorization", htmx=htmx, code=last_code(asked).digits)
    assert Decision.get().name == "Carol M. Ruiz"


def test_no_try_is_spent_on_a_form_that_lacks_something_else(portal, world, asked):
    code = asked.send_code(by=world.carol)
    sheet = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/sign")
    refused = sheet.press("Confirm authorization", code=wrong(code), strokes="")
    assert "Sign first" in refused
    assert "not the code" not in refused
    assert last_code(asked).wrong == 0
    refused = sheet.press("Confirm authorization", code="", strokes="{}")
    assert "did not arrive well" in refused
    assert "Write the code that we mailed you." in refused


@both_ways
def test_after_the_last_try_the_page_says_only_that_a_new_code_is_needed(portal, world, asked, htmx, clock):
    code = asked.send_code(by=world.carol)
    code.change(wrong=4)
    sheet = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/sign")
    refused = sheet.press("Confirm authorization", htmx=htmx, code=wrong(code), strokes=DRAWN)
    assert "That code no longer works. Ask for a new one." in refused
    assert "We e-mailed a code" not in refused
    clock.shift(timedelta(minutes=2))
    assert "We e-mailed a code" in refused.press("E-mail me the code", htmx=htmx)


def test_a_ticket_whose_code_is_on_its_way_is_a_sound_page(portal, world, asked):
    asked.send_code(by=world.carol)
    assert "We e-mailed a code" in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


def test_a_denial_needs_the_code_too(portal, world, asked):
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/deny")
    refused = page.press("Deny", reasons="Too dear")
    assert "Ask for the code first" in refused
    page = refused.press("E-mail me the code")
    refused = page.press("Deny")
    assert "Write the code that we mailed you." in refused
    refused.press("Deny", code=last_code(asked).digits)
    assert Decision.get().outcome == "denied"
