"""Coming in: by password, or by a link in a mail that only a press of its button spends."""

import time
from datetime import timedelta

import pytest

from app.accounts.contact import Contact
from app.accounts.invitation import SIGN_INS, Invitation
from app.accounts.public import ANSWERED_IN
from app.accounts.session import Session
from app.lib.clock import now
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
from app.tickets.personal_link import PersonalLink
from tests.browsing import Client
from tests.counting import statements
from tests.page import both_ways
from tests.people import PASSWORD


def links():
    return list(Invitation.select().where(Invitation.purpose == "sign-in"))


def test_a_customer_signs_in_by_password(client, world):
    page = client.get("/portal")
    assert page.h1 == "Sign in"
    page = page.press("Sign in", email="carol@marlow.example", password=PASSWORD)
    assert page.h1 == "Hello, Carol"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, world):
    said = set()
    for email in ("carol@marlow.example", "nobody@example.com"):
        page = client.get("/sign-in").press("Sign in", email=email, password="not this one")
        assert page.status == 422
        said.add(page.text.replace(email, ""))
    assert len(said) == 1


def test_a_link_by_mail_signs_in_once(client, world):
    asked = client.get("/sign-in").press("Send me a link", email="carol@marlow.example")
    assert asked.h1 == "Check your e-mail"
    (link,) = links()
    mail = Delivery.get(letter="accounts.sign_in_link")
    assert (mail.to_address, mail.about, mail.ticket) == ("carol@marlow.example", link, None)
    assert f"/sign-in/link/{link.token}" in compose(mail).text
    page = client.get(f"/sign-in/link/{link.token}")
    assert page.h1 == "Sign in"
    assert page.press("Sign in").h1 == "Hello, Carol"
    assert client.post(f"/sign-in/link/{link.token}").status == 410


def test_a_scanner_that_opens_the_link_does_not_spend_it(client, world):
    Invitation.ask("sign-in", "carol@marlow.example", language="en")
    (link,) = links()
    client.http.head(f"/sign-in/link/{link.token}")
    client.get(f"/sign-in/link/{link.token}")
    assert Invitation.get_by_id(link.id).is_good
    assert not Session.select().where(Session.person == world.carol).exists()


def test_the_answer_is_the_same_for_an_unknown_address(client, world):
    said = set()
    for email in ("carol@marlow.example", "nobody@example.com"):
        page = client.get("/sign-in").press("Send me a link", email=email)
        said.add(page.text.replace(email, ""))
    assert len(said) == 1
    assert len(links()) == 1


def test_links_do_not_flood_a_mailbox(world):
    for _ in range(SIGN_INS + 2):
        Invitation.ask("sign-in", "carol@marlow.example", language="en")
    assert len(links()) == SIGN_INS


def test_an_expired_or_unknown_link_says_so(client, world):
    Invitation.ask("sign-in", "carol@marlow.example", language="en")
    (link,) = links()
    link.change(expires_at=now() - timedelta(seconds=1))
    for token in (link.token, "x" * 43):
        assert client.get(f"/sign-in/link/{token}").status == 410
        assert client.post(f"/sign-in/link/{token}").status == 410


def test_the_way_back_is_a_page_of_ours(client, world):
    page = client.post("/sign-in", follow=False, email="carol@marlow.example", password=PASSWORD, next="//evil.example")
    assert page.location == "/portal"


def test_too_many_tries_are_stopped(client, world):
    for _ in range(20):
        client.post("/sign-in", email="carol@marlow.example", password="")
    assert client.post("/sign-in", email="carol@marlow.example", password=PASSWORD).status == 429


@both_ways
def test_a_customer_changes_their_data(portal, world, htmx):
    carol = portal(world.carol)
    page = carol.get("/portal/profile")
    page.press("Save", htmx=htmx, name="Carol M. Ruiz", language="pt", timezone="America/Lima", mode="dark")
    page = carol.get("/portal/profile")
    html = next(iter(page.all("html")))
    assert (html["lang"], html["data-mode"]) == ("pt", "dark")
    person = type(world.carol).get_by_id(world.carol.id)
    assert (person.name, person.language, person.timezone, person.mode) == (
        "Carol M. Ruiz", "pt", "America/Lima", "dark",
    )  # fmt: skip


@both_ways
def test_a_name_is_needed(portal, world, htmx):
    refused = portal(world.carol).get("/portal/profile").press("Save", htmx=htmx, name=" ")
    assert refused.status == 422
    assert type(world.carol).get_by_id(world.carol.id).name == "Carol Ruiz"


def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(portal, world):
    elsewhere, carol = portal(world.carol), portal(world.carol)
    page = carol.get("/portal/profile")
    assert page.press("Change my password", old="wrong", password="a longer new one").status == 422
    assert page.press("Change my password", old=PASSWORD, password="short").status == 422
    assert elsewhere.get("/portal").h1 == "Hello, Carol"
    page.press("Change my password", old=PASSWORD, password="a longer new one")
    assert carol.get("/portal").h1 == "Hello, Carol"
    assert elsewhere.get("/portal").h1 == "Sign in"


def test_who_has_no_password_sets_one(portal, world):
    portal(world.dan).get("/portal/profile").press("Set a password", password="a longer new one")
    assert type(world.dan).get_by_id(world.dan.id).has_password("a longer new one")


# --- an account by asking, a password forgotten -------------------------------------------------------------------


def test_a_contact_asks_for_an_account_and_chooses_a_password(client, world):
    asked = client.get("/sign-in").follow("No account yet, or forgot your password?")
    assert asked.press("Send me a link", email="dan@marlow.example").h1 == "Check your e-mail"
    mail = Delivery.get(letter="accounts.password_link")
    assert mail.to_address == "dan@marlow.example"
    path = f"/accounts/{mail.about.token}"
    assert path in compose(mail).text
    client.http.head(path)
    page = client.get(path)
    assert page.h1 == "Open your account"
    assert page.press("Open my account", password="short").status == 422
    assert page.press("Open my account", password="a longer new one").h1 == "Hello, Dan"
    assert client.post(path, password="another long one").status == 410


def test_a_forgotten_password_is_replaced_and_ends_every_sign_in(client, portal, world):
    elsewhere = portal(world.carol)
    client.get("/accounts/new").press("Send me a link", email="Carol@Marlow.example")
    Invitation.ask("sign-in", "carol@marlow.example", language="en")
    mail = Delivery.get(letter="accounts.password_link")
    page = client.get(f"/accounts/{mail.about.token}")
    assert page.h1 == "Choose a new password"
    page.press("Set my password", password="a longer new one")
    assert elsewhere.get("/portal").h1 == "Sign in"
    (other,) = links()
    assert client.get(f"/sign-in/link/{other.token}").status == 410  # no older mail lets anybody in


@pytest.mark.parametrize("path", ["/sign-in/link", "/accounts"])
def test_who_has_an_account_is_nobodys_business(client, world, path):
    """The same words after the same time, for a customer, a contact without an account and a stranger."""
    said, times = set(), []
    for email in ("carol@marlow.example", "dan@marlow.example", "nobody@example.com"):
        began = time.monotonic()
        page = client.post(path, email=email)
        times.append(time.monotonic() - began)
        said.add((page.status, page.text.replace(email, ""), page.headers["Content-Security-Policy"]))
    assert len(said) == 1
    assert min(times) >= ANSWERED_IN


def test_a_guest_who_asks_for_the_list_is_told_why_to_sign_in(client, world):
    link = PersonalLink.issue(world.leak, world.carol)
    assert "opens one ticket" not in client.get("/portal")
    client.get(f"/t/{link.token}")
    asked = client.get("/portal")
    assert asked.h1 == "Sign in"
    assert "The link in an e-mail opens one ticket." in asked
    page = asked.press("Sign in", email="carol@marlow.example", password=PASSWORD)
    assert page.h1 == "Hello, Carol"


def test_the_cookie_from_before_the_sign_in_is_worth_nothing(app, client, world):
    """Session fixation: what somebody else put into the browser does not become a sign-in."""
    client.get("/sign-in")
    planted = client.http.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    token = client.token
    client.get("/sign-in").press("Sign in", email="carol@marlow.example", password=PASSWORD)
    other = Client(app)
    other.http.set_cookie(app.config["SESSION_COOKIE_NAME"], planted)
    assert other.get("/portal").h1 == "Sign in"
    assert client.post("/portal/profile/sessions/end", csrf_token=token).status == 419  # nor is the token of then


# --- my data ------------------------------------------------------------------------------------------------------


@both_ways
def test_a_customer_says_their_phones(portal, world, htmx):
    carol = portal(world.carol)
    page = carol.get("/portal/profile")
    refused = page.press("Save", htmx=htmx, mobile="call me")
    assert refused.status == 422
    assert "Write the country prefix" in refused
    page.press("Save", htmx=htmx, phone="91 555 01 10", mobile="+34 600 555 014", more_phones="91 555 01 11\n\nx 12")
    contact = Contact.get(person=world.carol)
    assert (contact.phone, contact.mobile) == ("91 555 01 10", "34600555014")
    assert contact.more_phones.splitlines() == ["91 555 01 11", "x 12"]


def test_other_sign_ins_are_seen_and_ended(portal, world):
    first, second, carol = portal(world.carol), portal(world.carol), portal(world.carol)
    stranger = portal(world.eve)
    page = carol.get("/portal/profile")
    here = page.region("Where you are signed in")
    assert len(here.all("li")) == 3
    oldest = Session.select().where(Session.person == world.carol).order_by(Session.id).first()
    stranger.post(f"/portal/profile/sessions/{oldest.id}/end")
    assert first.get("/portal").h1 == "Hello, Carol"
    carol.post(f"/portal/profile/sessions/{oldest.id}/end")
    assert first.get("/portal").h1 == "Sign in"
    carol.get("/portal/profile").press("End all others")
    assert second.get("/portal").h1 == "Sign in"
    assert carol.get("/portal").h1 == "Hello, Carol"
    assert stranger.get("/portal").h1 == "Hello, Eve"


def test_a_browser_is_called_by_its_name():
    said = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0"
    assert Session(user_agent=said).browser == "Edge · Windows"
    assert Session(user_agent="curl/8").browser == ""


def test_the_page_of_my_data_takes_a_dozen_statements_at_most(portal, world):
    carol = portal(world.carol)
    carol.get("/portal/profile")
    with statements() as seen:
        carol.get("/portal/profile")
    assert len(seen) <= 12, "\n".join(seen)
