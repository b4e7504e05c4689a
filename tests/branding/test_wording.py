"""The texts of mails: ours or the administrator's own, filled in without ever running anything (A5)."""

import re

import pytest

from app.branding.preview import preview
from app.branding.wording import (
    PLACEHOLDER,
    LetterWording,
    NotAPlaceholder,
    PlaceholderMissing,
    Wording,
    original,
    placeholders,
)
from app.lib import db
from app.mail import outgoing
from app.mail.reading import read
from app.outbox.delivery import Delivery
from app.outbox.letters import ABOUT, LETTERS
from app.tickets.ticket import Ticket
from tests.outbox.test_letters import LANGUAGES, deliveries  # noqa: F401  a fixture
from tests.page import both_ways

HERE = "/desk/settings/letters/tickets.opened/en"
EVIL = [
    "{{ 7919 * 7919 }}", "{% for x in y %}x{% endfor %}", "{number}", "{{ ''.__class__.__mro__ }}", "%(number)s",
    "${7919*7919}", "<script>alert(1)</script>", "{0.__class__}", "{name!r:>{width}}", "\r\nBcc: evil@x.example",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_original_of_every_letter_is_a_template_that_would_be_taken(app, language):
    for name, about in ABOUT.items():
        wording = original(name, language)
        wording.insist(about)
        assert not re.search(
            r"%\(|\{\{|\{%|None|Undefined|&#?\w+;", wording.subject + wording.heading + wording.text
        ), name


def test_every_letter_says_what_it_is(app):
    """Else no administrator could word it: put `@about(...)` of app/outbox/letters.py over its function."""
    for name in LETTERS:
        about = ABOUT[name]
        assert str(about.title) != name, name
        assert str(about.when), name
        assert set(about.needs) <= set(about.takes), name


def test_the_originals_own_text_changes_nothing_that_is_said(deliveries):  # noqa: F811
    """Each letter, kept word for word as an own wording, still brings its words, its link and its number."""
    for name, delivery in deliveries.items():
        before = outgoing.written(delivery)
        LetterWording.keep(name, delivery.language, original(name, delivery.language), by=None)
        after = outgoing.written(delivery)
        assert before.subject == after.subject, name
        links = set(re.findall(r'href="(http://[^"]+)"', before.html))
        assert links <= set(re.findall(r'href="(http://[^"]+)"', after.html)), name
        lost = set(before.text.split()) - set(after.text.split())
        assert not {word for word in lost if not word.startswith("---")}, (name, lost)
        assert not PLACEHOLDER.search(after.text), name
        LetterWording.back_to_original(name, delivery.language, by=None)
        assert outgoing.written(delivery).text == before.text


@pytest.mark.parametrize("evil", EVIL)
def test_what_a_value_brings_is_text(world, evil):
    """Subject, names and words of a customer stand in placeholders: nothing in them is ever filled in or run."""
    by = world.carol
    by.change(name=evil.strip()[:100])
    ticket = Ticket.open(by=by, subject=evil, text=evil, channel="form", requester=by)
    wording = Wording("{subject}", "{full_name}", "{greeting}\n\n{subject}\n\n{text}")
    LetterWording.keep("messages.replied", "en", wording, by=world.ada)
    ticket.reply(evil, by=world.ben)
    delivery = ticket.deliveries.where(ticket.deliveries.model.letter == "messages.replied").get()
    letter = outgoing.written(delivery)
    mail = read(letter.to_bytes())
    assert " ".join(evil.split()) in mail.subject
    assert " ".join(evil.split()) in " ".join(letter.text.split())
    assert "62710561" not in letter.text
    assert "<script" not in letter.html
    assert "bcc" not in dict(mail.headers)


@pytest.mark.parametrize("evil", [each for each in EVIL if each != "{number}"])
def test_what_an_administrator_writes_is_no_program_either(world, evil):
    wording = Wording("Hello", "", f"Before {evil} after")
    if PLACEHOLDER.search(evil):
        with pytest.raises(NotAPlaceholder):
            LetterWording.keep("tickets.opened", "en", wording, by=world.ada)
        return
    LetterWording.keep("tickets.opened", "en", wording, by=world.ada)
    letter = outgoing.written(world.leak.deliveries.order_by(Delivery.id).first())
    assert evil.strip() in letter.text
    assert "<script" not in letter.html


def test_an_own_wording_is_sent_in_its_language_only(world):
    LetterWording.keep(
        "tickets.opened", "en", Wording("Got it", "Hi", "{greeting}\n\nYou are number {number}."), by=world.ada
    )
    delivery = world.leak.deliveries.order_by(Delivery.id).first()
    letter = outgoing.written(delivery)
    assert letter.subject == "[#1] Got it"
    assert "Hello, Carol:" in letter.text
    assert "You are number 1." in letter.text
    assert f"/t/{delivery.link.token}" in letter.html
    delivery.language = "es"
    assert "Got it" not in outgoing.written(delivery).subject


def test_a_paragraph_with_nothing_to_say_is_left_out(world):
    wording = Wording("x", "", "Fixed.\n\nUntil {valid_until}.\n\n{text}")
    assert wording.paragraphs({"text": "Yes"}) == ["Fixed.", "{text}"]


def test_what_a_letter_is_there_to_bring_cannot_be_left_out(world):
    with pytest.raises(PlaceholderMissing) as problem:
        LetterWording.keep("authorizations.requested", "en", Wording("x", "", "Please sign."), by=world.ada)
    assert "{text}" in problem.value.sentence
    with pytest.raises(NotAPlaceholder) as problem:
        LetterWording.keep("tickets.opened", "en", Wording("Hi {nmae}", "", "x"), by=world.ada)
    assert (problem.value.field, "{nmae}" in problem.value.sentence) == ("subject", True)


def test_a_request_stays_a_document(deliveries):  # noqa: F811
    delivery = deliveries["authorizations.requested"]
    LetterWording.keep("authorizations.requested", delivery.language, Wording("Sign", "", "Here:\n\n{text}"), by=None)
    html = outgoing.written(delivery).html
    assert delivery.about.text.split("\n")[0].replace("<", "&lt;").replace(">", "&gt;").replace("&", "&")[:8] in html
    assert '<div class="legal">' in html


def test_every_placeholder_has_a_value_in_the_preview(world):
    for name, about in ABOUT.items():
        for ticket in (world.leak, None):
            every = "\n\n".join(f"[{key}] {{{key}}}" for key in placeholders(about))
            letter = preview(name, "en", Wording("x", "", every), ticket)
            assert not PLACEHOLDER.search(letter.text), name
            empty = [key for key in placeholders(about) if f"[{key}]" not in letter.text]
            assert not set(empty) - {"link_until"}, (name, empty)


@both_ways
def test_an_administrator_words_a_letter_and_goes_back(desk, world, htmx):
    ada = desk(world.ada)
    page = ada.get("/desk/settings/letters")
    assert page.link("Acknowledgement: English")["href"] == HERE
    page = ada.get(HERE)
    assert "Original" in page
    assert page.field("Text").value.startswith("{greeting}")
    refused = ada.post(HERE, htmx=htmx, subject="Got {nmae}", heading="", text="You are {number}.", ticket="")
    assert refused.status == 422
    assert "{nmae} means nothing in this letter" in refused
    assert refused.field("Text").value == "You are {number}."
    ada.post(HERE, htmx=htmx, subject="Got it", heading="Hi", text="You are {number}.", ticket="")
    page = ada.get(HERE)
    assert (page.field("Subject").value, "Own wording" in page) == ("Got it", True)
    assert "Own" in ada.get("/desk/settings/letters")
    page.press("Back to the original")
    assert ada.get(HERE).field("Text").value.startswith("{greeting}")
    assert desk(world.ben).get(HERE).status == 403
    assert ada.get("/desk/settings/letters/tickets.nothing/en").status == 404
    assert ada.get("/desk/settings/letters/tickets.opened/fr").status == 404


def test_the_preview_shows_a_real_ticket_before_anything_is_saved(desk, world):
    ada = desk(world.ada)
    words = {"csrf_token": ada.token, "subject": "S", "heading": "H", "text": "{subject} is {number} <b>"}
    shown = ada.http.post(f"{HERE}/preview", data=words | {"ticket": str(world.leak.number)})
    assert shown.headers["Content-Security-Policy"].startswith("sandbox ")
    text = shown.get_data(as_text=True)
    assert "The press leaks is 1 &lt;b&gt;" in text
    answer = ada.http.post(f"{HERE}/preview", data=words | {"as_text": "1", "ticket": "#1"})
    assert answer.mimetype == "text/plain"
    plain = answer.get_data(as_text=True)
    assert "The press leaks is 1 <b>" in plain
    wrong = ada.http.post(f"{HERE}/preview", data=words | {"text": "{nmae}"})
    assert (wrong.status_code, "{nmae} means nothing" in wrong.get_data(as_text=True)) == (422, True)
    assert ada.http.post(f"{HERE}/preview", data=words | {"ticket": "999"}).status_code == 404
    assert "The press leaks" in ada.http.get(f"{HERE}/preview").get_data(as_text=True)
    db.acquire()
    assert LetterWording.of("tickets.opened", "en") is None
