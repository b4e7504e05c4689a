"""Asking for authorization at the desk, and what becomes of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.accounts.contact import Contact
from app.accounts.visitor import Access
from app.authorizations.authorization import Authorization, MayNotAuthorize, NobodyToAsk, NoReasons, RemindedToday
from app.authorizations.signature import TypedSignature
from app.lib.clock import now
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from tests.page import both_ways

MADRID = ZoneInfo("Europe/Madrid")


def there(world, rest=""):
    return f"/desk/tickets/{world.leak.number}{rest}"


def fresh(world):
    return Ticket.get_by_id(world.leak.id)


@both_ways
def test_an_agent_asks_the_requester(desk, world, htmx):
    client = desk(world.ben)
    form = client.get(there(world, "/authorizations"))
    form.press(
        "Request authorization Ctrl ↵",
        htmx=htmx,
        text="A new seal for 100 €",
        valid_until="2030-01-31",
        way="signature",
    )
    asked = Authorization.get()
    assert (asked.text, asked.asked_of, asked.needs_signature) == ("A new seal for 100 €", world.carol, True)
    assert asked.valid_until.isoformat() == "2030-01-31T22:59:59+00:00"
    assert fresh(world).status == "awaiting_authorization"
    card = client.get(there(world)).region("Authorization request")
    assert "A new seal for 100 €" in card
    assert "Carol Ruiz" in card
    assert card["data-state"] == "pending"


@both_ways
def test_without_a_text_it_is_refused_and_stays_filled_in(desk, world, htmx):
    page = desk(world.ben).post(
        there(world, "/authorizations"), htmx=htmx, text="", asked_of=str(world.carol.id), way="button"
    )
    assert page.status == 422
    assert "Say what the customer is to authorize." in page.by_id("composer")


def test_only_who_is_asked_gets_the_request_and_its_reminder(world, clock):
    world.leak.set_copies(["eve@rival.example"], by=world.ben)
    asked = world.leak.request_authorization("A new seal", by=world.ben, asked_of=world.eve)
    clock.shift(timedelta(days=2))
    asked.remind(by=world.ben)
    letters = ("authorizations.requested", "authorizations.reminded")
    mails = list(Delivery.select().where(Delivery.letter.in_(letters)).order_by(Delivery.id))
    assert [(mail.letter, mail.to_address) for mail in mails] == [(letter, "eve@rival.example") for letter in letters]
    assert mails[0].link != mails[1].link
    assert fresh(world).status == "awaiting_authorization"


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_is_asked_without_words(world, text):
    with pytest.raises(NoReasons):
        world.leak.request_authorization(text, by=world.ben)
    assert fresh(world).status == "open"


def test_nobody_is_asked_who_has_no_address(desk, world):
    olga = Contact.register("Olga Prat", None)
    ticket = Ticket.open(by=world.ben, channel="desk", requester=olga, subject="Ink", text="None left")
    with pytest.raises(NobodyToAsk):
        ticket.request_authorization("A new seal", by=world.ben)
    page = desk(world.ben).post(
        f"/desk/tickets/{ticket.number}/authorizations", text="A new seal", asked_of=str(olga.id), way="button"
    )
    assert page.status == 422
    assert page.field("What the customer authorizes").value == "A new seal"


def test_nobody_is_asked_who_may_not_authorize(desk, world):
    """Nor the requester, whom nobody chooses."""
    with pytest.raises(MayNotAuthorize):
        world.leak.request_authorization("A new seal", by=world.ben, asked_of=world.dan)
    world.carol.contact.change(may_authorize=False)
    with pytest.raises(MayNotAuthorize) as problem:
        fresh(world).request_authorization("A new seal", by=world.ben)
    assert "Carol Ruiz may not authorize." in problem.value.sentence
    assert not Authorization.select().exists()


def test_the_day_until_which_it_can_be_answered_is_still_to_come(desk, world):
    client = desk(world.ben)
    yesterday, today = ((now() + timedelta(days=days)).astimezone(MADRID).date().isoformat() for days in (-1, 0))
    values = {"text": "A new seal", "asked_of": str(world.carol.id), "way": "button"}
    page = client.post(there(world, "/authorizations"), valid_until=yesterday, **values)
    assert page.status == 422
    assert "That day is over" in page.by_id("composer")
    assert page.field("Can be answered until (optional)").value == yesterday
    client.post(there(world, "/authorizations"), valid_until=today, **values)
    assert Authorization.get().valid_until > now()


@pytest.mark.parametrize("signs", [True, False])
def test_the_tickets_flag_says_whether_a_signature_is_asked_for(desk, world, signs):
    """Until the agent chooses otherwise (T2)."""
    world.leak.edit(online_signature=signs, by=world.ben)
    form = desk(world.ben).get(there(world, "/authorizations"))
    chosen = next(each for each in form.all("input") if each.get("name") == "way" and "checked" in each.element.attrib)
    assert chosen.value == ("signature" if signs else "button")
    assert world.leak.request_authorization("A new seal", by=world.ben).needs_signature is signs


def test_only_people_who_may_authorize_are_offered(desk, world):
    world.leak.set_copies(["dan@marlow.example", "eve@rival.example"], by=world.ben)
    form = desk(world.ben).get(there(world, "/authorizations"))
    assert [option.text for option in form.field("Asked of").all("option")] == ["Carol Ruiz", "Eve Stone"]
    page = desk(world.ben).post(there(world, "/authorizations"), text="x", asked_of=str(world.dan.id), way="button")
    assert page.status == 422
    assert not Authorization.select().exists()


def test_a_second_request_waits_for_the_first_or_replaces_it(desk, world):
    world.leak.request_authorization("A new seal", by=world.ben)
    client = desk(world.ben)
    values = {"asked_of": str(world.carol.id), "way": "button"}
    page = client.post(there(world, "/authorizations"), text="And a pump", **values)
    assert page.status == 409
    assert page.field("What the customer authorizes").value == "And a pump"
    replacing = client.get(there(world)).follow("Replace…")
    assert replacing.field("What the customer authorizes").value == "A new seal"
    replacing.press("Replace the request Ctrl ↵", text="A new seal and a pump")
    assert [each.state for each in Authorization.select().order_by(Authorization.number)] == ["superseded", "pending"]
    page = client.get(there(world))
    assert page.region("Authorization request, replaced")
    assert "A new seal and a pump" in page.region("Authorization request")


def test_a_request_is_reminded_once_a_day_and_cancelled(desk, world, clock):
    world.leak.request_authorization("A new seal", by=world.ben)
    client = desk(world.ben)
    page = client.get(there(world))
    button = page.all("button")[[each.text.startswith("Remind") for each in page.all("button")].index(True)]
    assert button["aria-disabled"] == "true"
    assert "They were asked or reminded less than a day ago." in button
    early = client.post(there(world, "/authorizations/1/reminder"))
    assert early.h1 == page.h1
    assert "They were asked or reminded less than a day ago." in early.by_id("announcements")
    clock.shift(timedelta(days=1, minutes=1))
    client.get(there(world)).press("Remind")
    assert Delivery.select().where(Delivery.letter == "authorizations.reminded").count() == 1
    client.get(there(world)).press("Cancel request")
    assert Authorization.get().state == "withdrawn"
    assert fresh(world).status == "in_progress"
    assert client.post(there(world, "/authorizations/1/withdrawal")).status == 409
    assert client.post(there(world, "/authorizations/9/reminder")).status == 404


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (lambda world, asked: asked.change(valid_until=now() - timedelta(hours=1)), "The time to answer it is over."),
        (lambda world, asked: world.leak.set_visibility(internal=True, by=world.ben), "This ticket is internal"),
        (lambda world, asked: world.carol.contact.change(may_authorize=False), "Carol Ruiz may not authorize"),
    ],
    ids=["its time is over", "the ticket was hidden", "they may not any more"],
)
def test_nobody_is_reminded_of_what_they_cannot_answer(desk, world, clock, meanwhile, why):
    asked = world.leak.request_authorization("A new seal", by=world.ben)
    clock.shift(timedelta(days=2))
    meanwhile(world, asked)
    page = desk(world.ben).get(there(world))
    button = next(each for each in page.all("button") if each.text.startswith("Remind"))
    assert button["aria-disabled"] == "true"
    assert why in button
    assert why in desk(world.ben).post(there(world, "/authorizations/1/reminder")).by_id("announcements")
    assert not Delivery.select().where(Delivery.letter == "authorizations.reminded").exists()
    assert Authorization.get().reminded_at is None


def test_a_day_after_the_reminder_they_are_reminded_again(world, clock):
    asked = world.leak.request_authorization("A new seal", by=world.ben)
    for _ in range(2):
        clock.shift(timedelta(hours=23, minutes=59))
        with pytest.raises(RemindedToday):
            asked.remind(by=world.ben)
        clock.shift(timedelta(minutes=2))
        asked.remind(by=world.ben)


@pytest.mark.parametrize("end", ["authorized", "denied", "withdrawn", "superseded"])
def test_what_is_no_longer_pending_is_not_reminded_of(desk, world, clock, end):
    asked = world.leak.request_authorization("A new seal", by=world.ben)
    clock.shift(timedelta(days=2))
    asked.end(end, by=world.ben)
    page = desk(world.ben).post(there(world, "/authorizations/1/reminder"))
    assert "This request has already been answered or withdrawn." in page.by_id("announcements")
    assert not Delivery.select().where(Delivery.letter == "authorizations.reminded").exists()


def test_a_decision_shows_with_its_signature_and_evidence(desk, world):
    asked = world.leak.request_authorization("A new seal", by=world.ben)
    asked.authorize(
        by=world.carol, name="Carol Ruiz", signature=TypedSignature("Carol Ruiz"), access=Access(ip="192.0.2.7"),
        language="en",
    )  # fmt: skip
    client = desk(world.vic)
    card = client.get(there(world)).region("Authorized by Carol Ruiz")
    assert card["data-state"] == "authorized"
    assert "192.0.2.7" in card
    picture = client.get(card.all("img")[0]["src"], follow=False).response
    assert picture.mimetype == "image/svg+xml"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]


def test_a_denial_shows_its_reasons(desk, world):
    asked = world.leak.request_authorization("A new seal", by=world.ben)
    asked.deny(by=world.carol, reasons="Too dear", access=Access(), language="en")
    card = desk(world.ben).get(there(world)).region("Denied by Carol Ruiz")
    assert card["data-state"] == "denied"
    assert "Too dear" in card


def test_a_viewer_sees_the_request_and_no_buttons(desk, world):
    world.leak.request_authorization("A new seal", by=world.ben)
    card = desk(world.vic).get(there(world)).region("Authorization request")
    assert not card.all("button")
    assert desk(world.vic).post(there(world, "/authorizations/1/withdrawal")).status == 403


@both_ways
def test_an_agent_looks_at_it_as_the_customer_before_sending_it(desk, world, htmx):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}/authorizations").press("Add an item", htmx=htmx)
    fields = {"text": "Replace the seal.", "items-0-text": "A new seal", "items-0-amount": "962", "way": "signature"}
    shown = page.press("View as customer", htmx=htmx, **fields)
    preview = shown.region("As Carol Ruiz will see it")
    for words in ("Replace the seal.", "A new seal", "€962.00", "I authorize Acme Service to do what is written here"):
        assert words in preview
    assert (
        Authorization.select().count()
        == Delivery.select().where(Delivery.letter == "authorizations.requested").count()
        == 0
    )
    refused = page.press("View as customer", htmx=htmx, **fields | {"text": ""})
    assert "Say what the customer is to authorize." in refused
    shown.press("Request authorization Ctrl ↵", htmx=htmx)
    assert Authorization.get().text == "Replace the seal."
