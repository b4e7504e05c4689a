"""Coming in: by password, or by a link in a mail that only a press of its button spends."""

from datetime import timedelta

from app.accounts.invitation import SIGN_INS, Invitation
from app.accounts.session import Session
from app.lib.clock import now
from app.outbox.delivery import Delivery
from app.outbox.letters import compose
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
    assert asked.h1 == "Look into your mail"
    (link,) = links()
    mail = Delivery.get(letter="accounts.sign_in_link")
    assert (mail.to_address, mail.about, mail.ticket) == ("carol@marlow.example", link, None)
    assert f"/sign-in/link/{link.token}" in compose(mail).text
    page = client.get(f"/sign-in/link/{link.token}")
    assert page.h1 == "Sign in"
    assert page.press("Sign in").h1 == "Hello, Carol"
    again = page.press("Sign in")
    assert again.status == 410


def test_a_scanner_that_opens_the_link_does_not_spend_it(client, world):
    Invitation.ask_sign_in("carol@marlow.example", language="en")
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
        Invitation.ask_sign_in("carol@marlow.example", language="en")
    assert len(links()) == SIGN_INS


def test_an_expired_or_unknown_link_says_so(client, world):
    Invitation.ask_sign_in("carol@marlow.example", language="en")
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
