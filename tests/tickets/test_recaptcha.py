"""Google judges the public form: asked on the server, outside any transaction; whatever it says, no form is lost."""

import io

import pytest

from app.lib import db, recaptcha
from app.lib.db import transaction
from app.lib.once import SentForm, spend
from app.outbox.delivery import Delivery
from app.settings.section import Setting
from app.tickets.settings import FormSettings, RecaptchaSettings
from app.tickets.ticket import Ticket
from tests.browsing import Client
from tests.tickets.test_public import filled, held_mails, newest

pytestmark = pytest.mark.sqlite_only

TOKEN = "a token of the tests"


@pytest.fixture
def keys(world, google):
    FormSettings.set(who_may_open="everyone")
    RecaptchaSettings.set(is_wanted=True, site_key="the-site", secret_key="the-secret", minimum_score="0.5")


@pytest.mark.parametrize("missing", ["site_key", "secret_key"])
def test_it_is_not_switched_on_without_its_keys(desk, world, missing):
    """It would seem to judge, and a proof of work would do it."""
    shown = desk(world.ada).get("/desk/settings/sections/RecaptchaSettings")
    filled_in = {"is_wanted": "y", "site_key": "the-site", "secret_key": "the-secret"} | {missing: ""}
    refused = shown.press("Save", **filled_in)
    assert refused.status == 422
    assert "without both keys" in refused.by_id(f"{missing}-error")
    assert not RecaptchaSettings.is_wanted
    refused.press("Save", **{missing: "one", "secret_key": "the-secret"} | {missing: "one"})
    assert RecaptchaSettings.is_on()
    desk(world.ada).get("/desk/settings/sections/RecaptchaSettings").press("Save")
    assert RecaptchaSettings.is_on()


def send(client, **changes):
    return client.get("/support/new").press("Send", **filled(recaptcha=TOKEN, altcha="") | changes)


def test_a_good_score_opens_the_ticket(client, keys, google):
    assert "Your ticket is number" in send(client)
    assert google.asked == [{"secret": "the-secret", "response": TOKEN}]
    assert newest().subject == "The heater smells"


def test_no_transaction_waits_for_google(client, keys, google):
    """On SQLite nobody else could write meanwhile."""

    def write_meanwhile() -> None:
        with db.connection(), transaction():
            spend("written while Google was asked")

    google.meanwhile = write_meanwhile
    assert "Your ticket is number" in send(client)
    assert SentForm.get_or_none(key="written while Google was asked")


def test_only_this_page_lets_google_in_and_only_while_it_is_on(client, keys, google):
    page = client.get("/support/new")
    policy = page.headers["Content-Security-Policy"]
    assert f"script-src 'self' {google.url}/" in policy
    assert "https://www.gstatic.com/recaptcha/" in policy
    assert "unsafe" not in policy
    assert any(each.get("src", "").startswith(f"{google.url}/api.js?render=the-site") for each in page.all("script"))
    assert "the-secret" not in page.html
    refused = page.press("Send", **filled(subject="", altcha=""))
    assert google.url in refused.headers["Content-Security-Policy"]
    assert google.url not in client.get("/support").headers["Content-Security-Policy"]
    RecaptchaSettings.set(is_wanted=False)
    assert google.url not in client.get("/support/new").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "score": 0.4, "action": "open_ticket"},
        {"success": False, "error-codes": ["timeout-or-duplicate"]},
        {"success": True, "score": 0.9, "action": "another_form"},
        {"success": True, "score": "much", "action": "open_ticket"},
        {"success": True, "score": None, "action": "open_ticket"},
        ["no", "object"],
        "words",
    ],
)
def test_whatever_is_no_good_score_is_confirmed_by_mail(client, keys, google, answer):
    google.answer = answer
    assert send(client).h1 == "One last step"
    assert held_mails() == 1
    assert Ticket.select().count() == 1


def test_when_google_is_down_or_slow_the_form_is_not_lost(client, keys, google, monkeypatch):
    google.status = 503
    assert send(client, files=(io.BytesIO(b"a photo"), "photo.txt")).h1 == "One last step"
    google.status, google.pause = 200, 1.0
    monkeypatch.setattr(recaptcha, "PATIENCE", 0.2)
    assert send(client, subject="Slow").h1 == "One last step"
    assert held_mails() == 2
    assert {
        mail.about.told["subject"] for mail in Delivery.select().where(Delivery.letter == "tickets.confirm_form")
    } == {
        "The heater smells",
        "Slow",
    }


def test_without_script_there_is_no_token_and_google_is_not_asked(client, keys, google):
    assert send(client, recaptcha="").h1 == "One last step"
    assert google.asked == []


def test_a_token_counts_once(app, client, keys, google):
    send(client)
    assert send(Client(app), subject="Another").h1 == "One last step"


def test_the_secret_is_kept_encrypted_and_never_shown(desk, world):
    ada = desk(world.ada)
    page = ada.get("/desk/settings/sections/RecaptchaSettings")
    assert page.has_link("Google's page: make the keys of reCAPTCHA v3")
    fields = {"is_wanted": "y", "site_key": "the-site", "minimum_score": "0.7"}
    page = page.press("Save", secret_key="the-secret", **fields)
    assert RecaptchaSettings.secret_key == "the-secret"
    assert "the-secret" not in page.html
    assert "the-secret" not in str([row.value for row in Setting.select()])
    page = page.press("Save", site_key="another")
    assert (RecaptchaSettings.site_key, RecaptchaSettings.secret_key) == ("another", "the-secret")
    assert page.status == 200
