"""Requests of several items: exact amounts, versions that never change, and a yes to some of them (W6, W6a)."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from app.authorizations.authorization import Authorization, Past
from app.authorizations.decision import Decision, NotWhatWasShown
from app.authorizations.item import BadAmount, Choice, NoReasonFor, NothingChosen, NoWords, TooManyItems
from app.authorizations.sentence import authorizing, shown
from app.branding.wording import LetterWording, Wording
from app.lib import money
from app.lib.clock import now
from app.mail.outgoing import written
from app.outbox.delivery import Delivery
from tests.authorizations.deciding import ITEMS, TEXT, ask, decide
from tests.page import both_ways


def test_amounts_are_exact(world):
    asked = ask(world, items=[("One", Decimal("0.10")), ("Two", Decimal("0.20")), ("Included", None)])
    assert asked.total == Decimal("0.30")
    assert Authorization.get_by_id(asked.id).items_kept[0] == {"number": 1, "text": "One", "amount": "0.10"}
    assert "0.30" in json.dumps(asked.content())


@pytest.mark.parametrize(
    ("items", "refusal"),
    [
        ([("", Decimal(3))], NoWords),
        ([("Too fine", Decimal("0.001"))], BadAmount),
        ([("Less than nothing", Decimal(-1))], BadAmount),
        ([("Too much", Decimal("1e12"))], BadAmount),
        ([("One of many", None)] * 51, TooManyItems),
    ],
)
def test_items_that_make_no_sense_are_refused(world, items, refusal):
    with pytest.raises(refusal):
        ask(world, items=items)
    assert not Authorization.select().exists()


def test_a_day_that_is_over_is_no_limit(world):
    with pytest.raises(Past):
        ask(world, valid_until=now() - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("typed", "locale", "amount"),
    [
        ("1.248,50", "es", "1248.50"), ("1248,5", "es", "1248.5"), ("1248.50", "es", "1248.50"),
        ("1.248", "es", "1248"),
        ("1,248.50", "en", "1248.50"), ("1 248,50", "pt", "1248.50"), ("962", "pt", "962"), ("12,5 €", "es", "12.5"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_the_reader_writes_them(typed, locale, amount):
    assert money.read(typed, locale) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3", "NaN", "1e5", "--1", "٣٣٣x", "1.24.8"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(money.NotAnAmount):
        money.read(typed, "es")


def test_a_part_is_authorized_with_a_reason_for_each_refusal(world):
    decision = decide(ask(world), world.carol, Choice({2: "We do it ourselves"}))
    assert decision.is_partial
    assert [item.text for item in decision.authorized] == ["A new seal"]
    assert decision.authorized_total == Decimal("962.00")
    assert decision.reason_for(decision.refused[0]) == "We do it ourselves"
    assert decision.sentence == (
        "I authorize Acme Service to do only this of request 1 of ticket 1: 1. A new seal. For €962.00. "
        "I do not authorize: 2. Labour and gas."
    )


@pytest.mark.parametrize(("choice", "refusal"), [({2: " "}, NoReasonFor), ({1: "No", 2: "No"}, NothingChosen)])
def test_a_part_needs_reasons_and_something_to_authorize(world, choice, refusal):
    asked = ask(world)
    with pytest.raises(refusal):
        decide(asked, world.carol, Choice(choice))
    assert not Decision.select().exists()


@pytest.mark.parametrize(("own", "ticket"), [("es", "pt"), (None, "es")])
def test_the_sentence_is_in_the_language_of_who_is_asked_as_mail_and_page_are(world, portal, own, ticket):
    world.leak.change(language=ticket)
    world.carol.change(language=own)
    asked = ask(world)
    assert Delivery.get(letter="authorizations.requested").language == "es"
    if own:
        page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/1/sign")
        assert page.all("html")[0]["lang"] == "es"
    assert authorizing(asked) == (
        "Autorizo a Acme Service a hacer lo que aquí está escrito (ticket 1, petición 1) por 1.248,50\xa0€."
    )
    assert decide(asked, world.carol).sentence == authorizing(asked)


def test_nothing_else_is_signed_than_what_was_shown(world):
    asked = ask(world)
    with pytest.raises(NotWhatWasShown):
        decide(asked, world.carol, Choice({2: "No"}), seen=shown(asked))
    assert decide(asked, world.carol, Choice({2: "No"}), seen=shown(asked, Choice({2: "No"}))).is_partial


# --- the desk --------------------------------------------------------------------------------------------------------


@both_ways
def test_rows_come_and_go_and_nothing_typed_is_lost(desk, world, htmx):
    client = desk(world.ben)
    address = f"/desk/tickets/{world.leak.number}/authorizations"
    page = client.get(address).press("Add an item", htmx=htmx, text=TEXT)
    page = page.press("Add an item", htmx=htmx, **{"items-0-text": "A new seal", "items-0-amount": "12x"})
    assert page.field("Amount of item 1").value == "12x"
    page = page.press(
        "Remove item 1", htmx=htmx, **{"items-1-text": "Labour", "items-1-amount": "286.50", "remove_item": "0"}
    )
    assert (page.field("Item 1").value, page.field("Amount of item 1").value) == ("Labour", "286.50")
    assert page.field("What the customer authorizes").value == TEXT
    assert not page.has_field("Item 2")
    assert not Authorization.select().exists()
    page.press("Request authorization Ctrl ↵", htmx=htmx, way="signature")
    assert [item.amount for item in Authorization.get().items] == [Decimal("286.50")]


@both_ways
def test_an_amount_that_is_none_stands_at_its_field(desk, world, htmx):
    page = desk(world.ben).post(
        f"/desk/tickets/{world.leak.number}/authorizations", htmx=htmx, text=TEXT, way="button",
        asked_of=str(world.carol.id), currency="EUR",
        **{"items-0-text": "Labour", "items-0-amount": "10", "items-1-text": "A seal", "items-1-amount": "a lot"},
    )  # fmt: skip
    assert page.status == 422
    assert "Amount of item 2: Write it as 1250.40." in page
    assert page.field("Amount of item 2").value == "a lot"


def test_a_new_version_begins_as_the_old_one_with_its_files(desk, world):
    asked = ask(world, valid_until=now() + timedelta(days=5))
    client = desk(world.ben)
    page = client.get(f"/desk/tickets/{world.leak.number}").follow("Replace…")
    assert page.field("Item 2").value == "Labour and gas"
    assert page.field("Amount of item 2").value == "286.50"
    page.press("Replace the request Ctrl ↵", **{"items-1-amount": "250"})
    newer = Authorization.get(Authorization.number == 2)
    assert newer.total == Decimal("1212.00")
    assert newer.valid_until.date() == asked.valid_until.date() or newer.valid_until > asked.valid_until
    assert Authorization.get_by_id(asked.id).state == "superseded"


def test_the_old_link_shows_what_changed(portal, world):
    asked = ask(world)
    world.leak.request_authorization(TEXT, by=world.ben, items=[ITEMS[0], ("Labour", Decimal(250))], replace=True)
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/sign")
    assert page.status == 409
    changed = {row.all("th")[0].text: row.text for row in page.all("tr") if row.all("th")}
    assert "€286.50" in changed["Labour and gas"]
    assert "€250.00" in changed["Labour"]
    assert "€1,248.50 €1,212.00" in changed["Total"]


# --- the portal ------------------------------------------------------------------------------------------------------


@both_ways
def test_a_customer_takes_a_part(portal, world, htmx):
    asked = ask(world)
    carol = portal(world.carol)
    page = carol.get(f"/portal/tickets/{world.leak.number}").follow("Authorize a part…")
    refused = page.press("Continue", item2="no")
    assert refused.status == 422
    assert "Why not item 2?: Tell us why you do not authorize “Labour and gas”." in refused
    assert next(each for each in refused.all("input") if each.get("name") == "reason2").get("aria-invalid") == "true"
    none = page.press("Continue", item1="no", reason1="No", item2="no", reason2="No")
    assert "deny the whole request instead" in none
    sheet = page.press("Continue", item2="no", reason2="We do it ourselves")
    assert "For €962.00. I do not authorize: 2. Labour and gas." in sheet
    assert Authorization.get_by_id(asked.id).state == "pending"
    sheet.press("Confirm authorization", htmx=htmx, typed="y")
    assert Decision.get().item_reasons == {"2": "We do it ourselves"}
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "Authorized in part by Carol Ruiz" in page
    assert "We do it ourselves" in page
    letter = written(Delivery.get(letter="authorizations.authorized"))
    assert "1. A new seal. For €962.00." in letter.text
    for words in (
        "authorized a part of this:", "Authorized items", "1. A new seal: €962.00", "Authorized total: €962.00",
        "Items not authorized", "2. Labour and gas: €286.50 · We do it ourselves",
    ):  # fmt: skip
        assert words in letter.text
        assert words in letter.html
    assert "exactly this" not in letter.text + letter.html


def test_the_mail_of_a_whole_yes_lists_what_was_authorized(world):
    decide(ask(world), world.carol)
    letter = written(Delivery.get(letter="authorizations.authorized"))
    for words in ("authorized exactly this:", "Labour and gas", "€286.50", "Total: €1,248.50"):
        assert words in letter.text
        assert words in letter.html


def test_an_own_wording_of_a_yes_in_part_says_which_part(world):
    LetterWording.keep("authorizations.authorized", "en", Wording("Done", "Done", "{text}"), by=world.ada)
    decide(ask(world), world.carol, Choice({2: "We do it ourselves"}))
    text = written(Delivery.get(letter="authorizations.authorized")).text
    assert "1. A new seal: €962.00" in text
    assert "2. Labour and gas: €286.50 · We do it ourselves" in text
