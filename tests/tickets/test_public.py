"""The support page and the form that opens a ticket."""

import base64
import io
import json
import re
from datetime import timedelta

import altcha
import pytest

from app.accounts.contact import Contact
from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.catalog.lists import Category
from app.lib import proof
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
from app.tickets.held_form import HeldForm
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from tests.browsing import Client
from tests.page import both_ways
from tests.solving import solved


@pytest.fixture
def everyone(world, monkeypatch):
    monkeypatch.setattr(proof, "COST", 1)  # the same work, a thousand times quicker
    FormSettings.set(who_may_open="everyone")


def filled(**changes):
    problem = Category.by_key("problem")
    told = {
        "name": "Olga Prat",
        "email": "olga@prat.example",
        "category": str(problem.id),
        "subject": "The heater smells",
        "text": "Since Monday it smells of gas.",
        "altcha": solved(),
    }
    return told | changes


def newest():
    return Ticket.select().order_by(Ticket.id.desc()).first()


@both_ways
def test_an_anonymous_visitor_opens_a_ticket(client, everyone, htmx):
    form = client.get("/support").follow("Create ticketWe answer by e-mail, and a link lets you follow it.")
    assert form.h1 == "Tell us what is going on"
    sent = form.press("Send", htmx=htmx, **filled(company="Prat S.L.", phone="600 100 200"))
    page = client.get("/support/thanks")
    ticket = newest()
    assert sent.status == 200
    assert f"Your ticket is number {ticket.number}." in page
    assert (ticket.subject, ticket.channel, ticket.customer_company) == ("The heater smells", "form", "Prat S.L.")
    assert (ticket.requester.email, ticket.phone, ticket.category.key) == (
        "olga@prat.example",
        "600 100 200",
        "problem",
    )
    assert Delivery.get(ticket=ticket).letter == "tickets.opened"
    assert ticket.requester.language == "en"


def test_the_number_is_shown_to_nobody_else(app, client, everyone):
    client.get("/support/new").press("Send", **filled())
    other = Client(app).get("/support/thanks")
    assert not re.search(r"number \d", other.text)


@both_ways
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Fill this in."),
        ({"email": "olga"}, "This is not an e-mail address"),
        ({"subject": ""}, "Fill this in."),
        ({"text": ""}, "Fill this in."),
        ({"category": ""}, "Fill this in."),
        ({"category": "9999"}, ""),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_its_file(client, everyone, htmx, changes, words):
    file = (io.BytesIO(b"a photo, nearly"), "photo.txt")
    before = Ticket.select().count()
    refused = client.get("/support/new").press("Send", htmx=htmx, **filled(files=file, **changes))
    assert refused.status == 422
    assert words in refused
    assert Ticket.select().count() == before
    for name, value in filled(**changes).items():
        if value and name not in changes and name != "altcha":
            assert value in refused.html
    assert "photo.txt" in refused.region("Already added")
    refused.press("Send", **filled())
    assert Attachment.get(name="photo.txt").message.ticket == newest()


def test_one_file_and_no_more(client, everyone):
    files = [(io.BytesIO(b"one"), "one.txt"), (io.BytesIO(b"two"), "two.txt")]
    refused = client.get("/support/new").press("Send", **filled(files=files))
    assert refused.status == 422
    assert "Too many files" in refused


def test_a_robot_that_fills_in_everything_is_refused(client, everyone):
    form = client.get("/support/new")
    refused = form.press("Send", **filled(nickname_of_pet="Rex"))
    assert refused.status == 422
    assert not Person.by_email("olga@prat.example")
    assert refused.by_id("nickname_of_pet").value == ""
    refused.press("Send", altcha=solved())
    assert newest().subject == "The heater smells"


def test_sent_again_after_going_back_it_is_one_ticket(client, everyone):
    """The browser fills a fresh form, with a key of its own, with the same words."""
    before = Ticket.select().count()
    for key in ("k" * 24, "l" * 24):
        assert "Your ticket is number" in client.post("/support/new", **filled(draft_key=key))
    assert Ticket.select().count() == before + 1
    client.post("/support/new", **filled(text="It smells again.", draft_key="m" * 24))
    assert Ticket.select().count() == before + 2


def test_sent_twice_it_is_one_ticket(client, everyone):
    form = client.get("/support/new")
    form.press("Send", **filled())
    form.press("Send", **filled())
    assert Ticket.select().where(Ticket.subject == "The heater smells").count() == 1


def test_a_known_address_gets_the_ticket_and_shows_nothing(client, world, everyone):
    page = client.get("/support/new").press("Send", **filled(email="Carol@Marlow.example", name="C."))
    ticket = newest()
    assert ticket.requester == world.carol
    assert ticket.organization == world.marlow
    for word in ("Carol", "Marlow", "press"):
        assert word not in next(iter(page.all("main"))).text
    assert Person.get_by_id(world.carol.id).name == "Carol Ruiz"


def test_nobody_means_nobody(client, portal, world):
    FormSettings.set(who_may_open="nobody")
    for browser in (client, portal(world.carol)):
        assert "Tickets are not opened here." in browser.get("/support/new")
        assert browser.post("/support/new", **filled()).status == 403
    for page in (client.get("/support"), portal(world.carol).get("/portal"), portal(world.dan).get("/portal")):
        assert not page.has_link("Create ticket")
    assert Ticket.select().count() == 1


def test_registered_customers_have_their_name_filled_in(client, portal, world):
    page = client.get("/support/new")
    assert page.has_link("Sign in")
    assert client.post("/support/new", **filled()).status == 403
    form = portal(world.carol).get("/support/new")
    assert "You write as Carol Ruiz." in form
    assert not form.has_field("Your name")
    told = {name: value for name, value in filled().items() if name not in ("name", "email")}
    thanks = form.press("Send", **told)
    assert newest().requester == world.carol
    assert thanks.follow("See the ticket").h1 == "The heater smells"


def test_a_lie_about_the_address_of_a_customer_signed_in_is_not_heard(portal, world):
    portal(world.carol).post("/support/new", **filled(email="eve@rival.example", name="Eve", draft_key="k" * 24))
    assert newest().requester == world.carol
    assert newest().email == "carol@marlow.example"


def test_too_many_tries_are_stopped(client, everyone):
    for _ in range(10):
        client.post("/support/new", **filled(subject=""))
    assert client.post("/support/new", **filled()).status == 429


def test_an_agent_is_no_customer(desk, world):
    assert desk(world.ben).get("/support/new").has_link("Sign in")
    assert not Contact.select().where(Contact.person == world.ben).exists()


def test_nobodys_inbox_is_filled_by_who_types_their_address(app, everyone):
    for number in range(5):
        client = Client(app)
        client.get("/support/new").press("Send", **filled(subject=f"Number {number}"))
    olga = Person.by_email("olga@prat.example")
    assert Ticket.select().where(Ticket.requester == olga).count() == 5
    assert Delivery.select().where(Delivery.person == olga).count() == 3


def test_a_customer_signed_in_is_always_answered(portal, everyone, world):
    carol = portal(world.carol)
    before = Delivery.select().where(Delivery.person == world.carol).count()
    for number in range(4):
        fields = filled(subject=f"Number {number}")
        carol.get("/support/new").press("Send", **{name: fields[name] for name in ("category", "subject", "text")})
    assert Delivery.select().where(Delivery.person == world.carol).count() == before + 4


# --- is it a person? ----------------------------------------------------------------------------------------------


def held_mails():
    return Delivery.select().where(Delivery.letter == "tickets.confirm_form").count()


@both_ways
def test_without_a_proof_the_ticket_opens_by_the_button_of_a_mail(client, everyone, htmx):
    file = (io.BytesIO(b"a photo, nearly"), "photo.txt")
    before = Ticket.select().count()
    client.get("/support/new").press("Send", htmx=htmx, **filled(altcha="", files=file))
    asked = client.get("/support/thanks")
    assert asked.h1 == "One last step"
    assert "olga@prat.example" in asked
    assert Ticket.select().count() == before
    mail = Delivery.get(letter="tickets.confirm_form")
    letter = compose(mail)
    assert "heater" not in letter.text + letter.subject + letter.html
    assert "Olga" not in letter.text
    path = mail.about.url.partition("/support")[2]
    page = client.get(f"/support{path}")
    assert "The heater smells" in page
    thanks = page.press("Open the ticket", htmx=htmx)
    ticket = newest()
    assert htmx or f"number {ticket.number}" in thanks
    assert (ticket.requester.email, ticket.subject) == ("olga@prat.example", "The heater smells")
    assert Attachment.get(name="photo.txt").message.ticket == ticket
    assert Delivery.get(ticket=ticket).letter == "tickets.opened"
    assert client.post(f"/support{path}").status == 410
    assert client.get(f"/support{path}").status == 410
    assert newest() == ticket


def test_a_scanner_that_opens_the_mails_link_opens_no_ticket(client, everyone):
    client.get("/support/new").press("Send", **filled(altcha=""))
    held = HeldForm.get()
    for method in ("GET", "HEAD"):
        client.http.open(f"/support/confirmations/{held.token}", method=method)
    assert Ticket.select().count() == 1
    assert HeldForm.get().is_good


def test_a_held_form_waits_a_day_and_is_forgotten(client, everyone, clock):
    client.get("/support/new").press("Send", **filled(altcha=""))
    held = HeldForm.get()
    clock.shift(timedelta(hours=24, seconds=1))
    assert client.post(f"/support/confirmations/{held.token}").status == 410
    assert client.get(f"/support/confirmations/{'x' * 43}").status == 410
    HeldForm.forget_old()
    assert not HeldForm.select().exists()


def tampered(payload: str, **changes: object) -> str:
    told = json.loads(base64.b64decode(payload))
    told["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(told).encode()).decode()


def test_a_proof_counts_once(app, client, everyone):
    proved = solved()
    client.get("/support/new").press("Send", **filled(altcha=proved))
    other = Client(app)
    other.get("/support/new").press("Send", **filled(altcha=proved, subject="Another"))
    assert [each.subject for each in Ticket.select().order_by(Ticket.id)][1:] == ["The heater smells"]
    assert held_mails() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: good[:-8],
        lambda good: "!" * 50,
        lambda good: "A" * 5000,
        lambda good: base64.b64encode(b'{"challenge": {"parameters": []}, "solution": {}}').decode(),
        lambda good: base64.b64encode(b"[" * 900).decode(),
        lambda good: tampered(good, expiresAt=4_000_000_000),
        lambda good: tampered(good, cost=1, keyPrefix=""),
        lambda good: tampered(good, nonce="00" * 16),
    ],
)
def test_a_made_up_proof_is_none(client, everyone, spoil):
    client.get("/support/new").press("Send", **filled(altcha=spoil(solved())))
    assert Ticket.select().count() == 1
    assert held_mails() == 1


def test_a_proof_of_another_installations_key_is_none(client, everyone):
    other = altcha.create_challenge(proof.ALGORITHM, 1, hmac_secret=b"another key")
    payload = altcha.Payload(other, altcha.solve_challenge(other)).to_base64()
    client.get("/support/new").press("Send", **filled(altcha=payload))
    assert held_mails() == 1


def test_a_proof_expires(client, everyone, clock):
    proved = solved()
    clock.shift(proof.LASTS + timedelta(seconds=2))
    client.get("/support/new").press("Send", **filled(altcha=proved))
    assert held_mails() == 1


def test_a_refused_form_does_not_use_the_proof_up(client, everyone):
    proved = solved()
    refused = client.get("/support/new").press("Send", **filled(altcha=proved, subject=""))
    refused.press("Send", **filled(altcha=proved))
    assert newest().subject == "The heater smells"


def test_nobody_can_make_us_write_to_somebody_again_and_again(app, everyone):
    for number in range(5):
        asked = Client(app).get("/support/new").press("Send", **filled(altcha="", subject=f"Number {number}"))
    assert held_mails() == 3
    assert asked.status == 429
    assert "Number 4" in asked.html
    assert "several times today" in asked


def test_who_is_stopped_keeps_what_was_typed(client, everyone):
    for _ in range(10):
        client.post("/support/new", **filled(subject="", altcha=""))
    stopped = client.post("/support/new", **filled())
    assert stopped.status == 429
    assert "What you typed is still there" in stopped
    assert "Since Monday it smells of gas." in stopped.html


def test_a_customer_signed_in_proves_nothing(portal, everyone, world):
    fields = filled()
    form = portal(world.carol).get("/support/new")
    assert "no robot" not in form
    form.press("Send", **{name: fields[name] for name in ("category", "subject", "text")})
    assert newest().requester == world.carol


def test_where_no_category_is_on_offer_none_is_asked_for(client, everyone):
    for entry in Category.active():
        entry.switch(on=False)
    form = client.get("/support/new")
    assert not form.has_field("What is it about?")
    form.press("Send", **filled(category=""))
    assert (newest().subject, newest().category) == ("The heater smells", None)
