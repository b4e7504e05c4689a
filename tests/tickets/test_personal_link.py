"""The personal link of a mail: opens one ticket for one person, and a scanner that follows it changes nothing."""

from datetime import timedelta

import pytest

from app.accounts.person import Person
from app.accounts.visitor import Access, Visitor
from app.lib.clock import now
from app.lib.db import Record
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
from app.tickets.personal_link import LinkUse, PersonalLink
from app.tickets.ticket import Ticket
from tests.browsing import Client
from tests.page import both_ways

TRACES = {"LinkUse", "Session", "Lease", "Heartbeat"}


def everything():
    """All rows of all tables, but those of traces."""
    tables = [each for name, each in Record.records.items() if name not in TRACES]
    return {each.__name__: sorted(map(repr, each.select().tuples())) for each in tables}


@pytest.fixture
def link(world):
    return PersonalLink.issue(world.leak, world.carol)


def test_it_opens_the_ticket_at_a_clean_address(client, world, link):
    answer = client.get(f"/t/{link.token}", follow=False)
    assert answer.status == 303
    assert answer.location == f"/portal/tickets/{world.leak.number}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = client.get(answer.location)
    assert page.h1 == "The press leaks"
    assert link.token not in page.html


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_changes_nothing_but_traces(client, world, link, method):
    asked = world.leak.request_authorization("A new seal.", by=world.ben)
    before = everything()
    for path in (
        f"/t/{link.token}",
        f"/portal/tickets/{world.leak.number}",
        f"/portal/tickets/{world.leak.number}/closure",
    ):
        client.http.open(path, method=method)
    for noun in ("sign", "deny", "decision", "denial", "signature.svg"):
        client.http.open(f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/{noun}", method=method)
    assert everything() == before
    assert LinkUse.get(link=link).uses == 1


def test_a_guest_sees_that_ticket_and_nothing_else(client, world, link):
    other = Ticket.open(by=world.carol, requester=world.carol, subject="Another", text="…", channel="form")
    client.get(f"/t/{link.token}")
    assert client.get(f"/portal/tickets/{other.number}").h1 == "Sign in"
    assert client.get("/portal").h1 == "Sign in"
    assert client.get("/portal/profile").h1 == "Sign in"


@both_ways
def test_a_guest_answers_and_closes(client, world, link, htmx):
    page = client.get(f"/t/{link.token}")
    page.press("Send", htmx=htmx, text="Come soon.")
    client.get(f"/portal/tickets/{world.leak.number}/closure").press("Close ticket", htmx=htmx)
    leak = Ticket.get_by_id(world.leak.id)
    assert leak.status == "closed_by_customer"
    assert leak.conversation(public_only=True)[-1].author == world.carol


@pytest.mark.parametrize("ending", ["expired", "revoked"])
def test_an_ended_one_offers_a_fresh_link_and_says_nothing_else(client, world, link, ending):
    fields = {"expires_at": now() - timedelta(days=1)} if ending == "expired" else {"revoked_at": now()}
    link.change(**fields)
    page = client.get(f"/t/{link.token}")
    assert page.status == 410
    for word in ("press", "Carol", "marlow", str(world.leak.number)):
        assert word not in main(page)
    sent = page.press("Send a fresh link")
    assert "on its way" in sent.h1
    mail = Delivery.select().where(Delivery.letter == "tickets.fresh_link").get()
    assert mail.to_address == "carol@marlow.example"
    assert mail.link.is_live
    assert client.get(f"/t/{mail.link.token}").h1 == "The press leaks"


def main(page):
    return next(iter(page.all("main"))).text


def test_the_letter_with_a_fresh_link_says_nothing_else(client, world, link):
    link.change(expires_at=now() - timedelta(days=1))
    client.post(f"/t/{link.token}/renewal")
    mail = Delivery.select().where(Delivery.letter == "tickets.fresh_link").get()
    letter = compose(mail)
    assert f"/t/{mail.link.token}" in letter.text
    assert "oil" not in letter.text + letter.html


def test_fresh_links_do_not_flood_a_mailbox(client, world, link):
    link.change(expires_at=now() - timedelta(days=1))
    for _ in range(3):
        client.post(f"/t/{link.token}/renewal")
    assert Delivery.select().where(Delivery.letter == "tickets.fresh_link").count() == 1


def test_who_no_longer_takes_part_gets_no_fresh_link(client, world, link):
    link.change(expires_at=now() - timedelta(days=1))
    world.leak.set_requester(by=world.ben, name="Dan Webb", email="dan@marlow.example")
    client.post(f"/t/{link.token}/renewal")
    assert not Delivery.select().where(Delivery.letter == "tickets.fresh_link").exists()


def test_a_live_one_is_not_renewed(client, world, link):
    client.post(f"/t/{link.token}/renewal")
    assert not Delivery.select().where(Delivery.letter == "tickets.fresh_link").exists()


def test_an_unknown_one_says_nothing(client, world):
    assert client.get("/t/" + "x" * 43).status == 404
    assert client.post("/t/" + "x" * 43 + "/renewal").status == 404


def test_a_revoked_one_ends_at_once(client, world, link):
    client.get(f"/t/{link.token}")
    link.revoke(by=world.carol)
    page = client.get(f"/portal/tickets/{world.leak.number}")
    assert (page.h1, page.status) == ("This link is no longer valid", 410)
    assert "It was revoked." in page
    assert page.has_button("Send a fresh link")
    assert "press" not in main(page)
    assert client.post(f"/portal/tickets/{world.leak.number}/closure", follow=False).status == 303
    assert not Ticket.get_by_id(world.leak.id).is_closed


def test_one_that_ends_while_the_page_is_open_says_so_and_what_is_typed_stays(client, world, link):
    page = client.get(f"/t/{link.token}")
    link.change(expires_at=now() - timedelta(minutes=1))
    refused = page.press("Send", htmx=True, text="Come soon.")
    assert refused.status == 401
    assert "This link is no longer valid." in refused
    assert refused.follow("Send a fresh link").has_button("Send a fresh link")
    other = Ticket.open(by=world.carol, requester=world.carol, subject="Another", text="…", channel="form")
    assert client.get(f"/portal/tickets/{other.number}").h1 == "Sign in"


def test_an_internal_ticket_is_not_there_by_link_either(client, world, link):
    world.leak.set_visibility(internal=True, by=world.ben)
    assert client.get(f"/t/{link.token}").status == 404


def test_somebody_elses_link_opens_it_as_that_person(portal, world, link):
    eve = portal(world.eve)
    page = eve.get(f"/t/{link.token}")
    assert page.h1 == "The press leaks"
    page.press("Send", text="In Carol's name")
    assert Ticket.get_by_id(world.leak.id).conversation(public_only=True)[-1].author == world.carol
    assert eve.get("/portal").h1 == "Hello, Eve"
    assert "The press leaks" not in eve.get("/portal")


def test_ones_own_link_opens_it_as_oneself(app, world, link):
    carol = Client(app, home="/portal").sign_in(world.carol)
    page = carol.get(f"/t/{link.token}")
    assert page.has_link("My tickets")
    assert page.status == 200


def test_a_staff_sign_in_in_the_same_browser_stays_apart(desk, world, link):
    ben = desk(world.ben)
    page = ben.get(f"/t/{link.token}")
    assert page.h1 == "The press leaks"
    assert "Third time" not in page.html
    assert ben.get("/portal").h1 == "Sign in"


def test_who_is_asked_to_authorize_may_see_the_ticket(world):
    assert not world.leak.takes_part(world.eve)
    world.leak.request_authorization("A new seal.", by=world.ben, asked_of=world.eve)
    assert Ticket.for_contact(Visitor(world.eve), world.leak.number) == world.leak


@pytest.mark.parametrize("ending", ["withdrawn", "closed", "replaced"])
def test_the_link_of_a_request_taken_back_says_so_and_leads_on(client, world, ending):
    asked = world.leak.request_authorization("A new seal.", by=world.ben)
    link = Delivery.get(letter="authorizations.requested").link
    if ending == "withdrawn":
        asked.withdraw(by=world.ben)
    elif ending == "closed":
        world.leak.close("Done otherwise.", by=world.ben)
    else:
        world.leak.request_authorization("A new pump.", by=world.ben, replace=True)
    page = client.get(f"/t/{link.token}")
    assert page.h1 == "Authorization 1"
    assert ("We replaced this request" if ending == "replaced" else "We withdrew this request") in page
    assert page.follow(f"Ticket {world.leak.number}").h1 == "The press leaks"


def test_the_link_of_a_request_that_was_answered_opens_the_ticket(client, world):
    asked = world.leak.request_authorization("A new seal.", by=world.ben)
    asked.deny(by=world.carol, reasons="Too much.", access=Access(), language="en")
    page = client.get(f"/t/{Delivery.get(letter='authorizations.requested').link.token}")
    assert page.h1 == "The press leaks"


@pytest.mark.parametrize("ending", ["withdrawn", "replaced"])
def test_who_was_asked_by_mistake_reads_only_that_it_was_taken_back(client, portal, world, ending):
    asked = world.leak.request_authorization("A new seal.", by=world.ben, asked_of=world.eve)
    link = Delivery.get(letter="authorizations.requested").link
    there = f"/portal/tickets/{world.leak.number}"
    assert client.get(f"/t/{link.token}").h1 == "The press leaks"
    if ending == "withdrawn":
        asked.withdraw(by=world.ben)
    else:
        world.leak.request_authorization("A new pump.", by=world.ben, asked_of=world.carol, replace=True)
    for page in (client.get(f"/t/{link.token}"), portal(world.eve).get(f"{there}/authorizations/1")):
        assert "We withdrew this request" in page
        assert "A new seal." in page
        for word in ("press leaks", "oil", "pump", "Carol"):
            assert word not in page.html
        assert not page.has_link(f"Ticket {world.leak.number}")
    for path in ("", "/authorizations/2", "/authorizations/1/sign", "/closure"):
        assert client.get(f"{there}{path}").status == 404
    assert "The press leaks" not in portal(world.eve).get("/portal")


def test_who_decided_keeps_the_ticket_though_a_later_request_is_taken_back(world):
    first = world.leak.request_authorization("A new seal.", by=world.ben, asked_of=world.eve)
    first.deny(by=world.eve, reasons="Too much.", access=Access(), language="en")
    world.leak.request_authorization("A new pump.", by=world.ben, asked_of=world.eve).withdraw(by=world.ben)
    assert world.leak.takes_part(world.eve)


def test_the_mail_of_a_new_version_says_what_it_replaces(world):
    world.leak.request_authorization("A new seal.", by=world.ben)
    world.leak.request_authorization("A new pump.", by=world.ben, replace=True)
    first, second = (
        compose(each)
        for each in Delivery.select().where(Delivery.letter == "authorizations.requested").order_by(Delivery.id)
    )
    for text in (second.text, second.html):
        assert "This replaces what we asked you on" in text
    assert "This replaces" not in first.text


def test_a_guest_chooses_the_language(client, world, link):
    client.get(f"/t/{link.token}")
    client.post(f"/portal/tickets/{world.leak.number}/language", language="pt")
    page = client.get(f"/portal/tickets/{world.leak.number}")
    assert next(iter(page.all("html")))["lang"] == "pt"


def test_who_is_no_longer_in_copy_is_out(client, world):
    world.leak.set_copies(["nia@other.example"], by=world.ben)
    nia = world.leak.copies[0].person
    client.get(f"/t/{PersonalLink.issue(world.leak, nia).token}")
    there = f"/portal/tickets/{world.leak.number}"
    assert client.get(there).h1 == "The press leaks"
    world.leak.set_copies([], by=world.ben)
    assert client.get(there).status == 404
    assert client.post(f"{there}/replies", text="Still here?").status == 404


def test_whose_ticket_it_was_by_mistake_is_out(client, world, link):
    """An agent picked the wrong customer: what was mailed to them opens nothing once that is put right."""
    world.leak.set_requester(by=world.ben, name="Eve Stone", email="eve@rival.example")
    assert client.get(f"/t/{link.token}").status == 404


def test_who_was_let_go_is_out(client, world, link):
    world.carol.change(is_active=False)
    assert client.get(f"/t/{link.token}").h1 == "Sign in"


def test_a_fresh_one_may_be_asked_for_over_https(app, client, world, link):
    """There a form is refused whose browser does not say which site it is of; the token is never said."""
    app.config["WTF_CSRF_SSL_STRICT"] = True
    link.change(expires_at=now() - timedelta(days=1))
    page = client._ask(f"/t/{link.token}", base_url="https://localhost")
    assert page.headers["Referrer-Policy"] == "strict-origin"
    answer = client._ask(
        f"/t/{link.token}/renewal", method="POST", base_url="https://localhost", data={"csrf_token": client.token},
        headers={"Referer": "https://localhost/"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert Delivery.select().where(Delivery.letter == "tickets.fresh_link").exists()


def test_the_language_somebody_first_acts_in_is_the_one_we_write_in(client, world):
    world.carol.change(language=None)
    world.leak.reply("Is Friday fine?", by=world.ben)
    link = Delivery.get(Delivery.letter == "messages.replied").link
    client.http.environ_base["HTTP_ACCEPT_LANGUAGE"] = "pt-BR,pt;q=0.9"
    client.get(f"/t/{link.token}")
    assert Person.get_by_id(world.carol.id).language is None  # looking says nothing
    client.post(f"/portal/tickets/{world.leak.number}/replies", text="Sim")
    assert Person.get_by_id(world.carol.id).language == "pt"
    Ticket.get_by_id(world.leak.id).reply("Good.", by=world.ben)
    hers = Delivery.select().where(Delivery.person == world.carol)
    assert hers.order_by(Delivery.id.desc()).first().language == "pt"
    client.http.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    client.post(f"/portal/tickets/{world.leak.number}/replies", text="Obrigada")
    assert Person.get_by_id(world.carol.id).language == "pt"
