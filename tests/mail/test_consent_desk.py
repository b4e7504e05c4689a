"""Connecting a mailbox by OAuth 2 from its page alone, with a real provider."""

import requests

from app.mail.mailbox import Mailbox
from app.mail.provider import MailProvider
from tests.mail.incoming import support
from tests.wire.authority import CLIENT, SECRET

URL = "/desk/settings/mailboxes"


def registered(ada, authority):
    return ada.post(
        f"{URL}/providers/oauth", client_id=CLIENT, client_secret=SECRET, authorize_url=f"{authority.url}/authorize",
        token_url=f"{authority.url}/token", scope="mail",
    )  # fmt: skip


def test_a_newcomer_connects_and_confirms_a_mailbox_from_its_page(desk, world, authority, token_dovecot):
    ada, who = desk(world.ada), "newcomer@acme.example"
    fields = {
        "address": who, "name": "", "kind": "imap", "host": token_dovecot.host, "port": str(token_dovecot.imap),
        "security": "none", "signs_in": "oauth", "user": who, "password": "", "folder": "INBOX", "company": "0",
        "after_reading": "keep", "move_to": "", "every_minutes": "1", "authserv_id": "", "smtp_host": "",
        "smtp_port": "587", "smtp_security": "starttls", "smtp_user": "", "smtp_password": "", "group": "0",
        "assignee": "0", "type": "0", "priority": "0",
    }  # fmt: skip
    page = ada.post(URL, **fields)
    mailbox = Mailbox.get()
    assert page.has_link("Register with Another provider by OAuth 2")
    registered(ada, authority)
    assert ada.get(f"{URL}/{mailbox.id}").has_button("Connect…")
    way = ada.post(f"{URL}/{mailbox.id}/access").link("Go on to Another provider by OAuth 2")["href"]
    back = requests.get(way, allow_redirects=False, timeout=5).headers["Location"]
    page = ada.get(back.partition("/desk")[1] + back.partition("/desk")[2])
    assert page.has_button("Connect the mailbox")
    assert not Mailbox.get().access  # looking changes nothing
    form = {each["name"]: each["value"] for each in page.all("input") if each.get("name") in ("code", "state")}
    assert ada.post(f"{URL}/access", **form).has_button("Test and confirm")
    page = ada.post(f"{URL}/{mailbox.id}", **fields | {"do": "confirm"})
    assert Mailbox.get().is_confirmed, page.region("Connection test").text
    assert ada.post(f"{URL}/access", **form).status == 422  # once only


def test_an_answer_that_this_browser_did_not_ask_for_is_not_taken(desk, world, authority):
    ada = desk(world.ada)
    registered(ada, authority)
    mailbox = support(signs_in="oauth", state="draft")
    ada.post(f"{URL}/{mailbox.id}/access")
    for given in ({}, {"code": "x", "state": "another's"}, {"code": "x", "state": ""}):
        assert ada.get(f"{URL}/access", **given).status == 422
        assert ada.post(f"{URL}/access", **given).status == 422
    assert not Mailbox.get().access


def test_a_refusal_at_the_provider_is_said(desk, world, authority):
    ada = desk(world.ada)
    registered(ada, authority)
    mailbox = support(signs_in="oauth", state="draft")
    ada.post(f"{URL}/{mailbox.id}/access")
    page = ada.get(f"{URL}/access", error="access_denied", state="x")
    assert "access_denied" in page.text


def test_a_secret_is_sealed_and_never_shown_and_tokens_go_by_https(desk, world, authority):
    ada = desk(world.ada)
    registered(ada, authority)
    kept = MailProvider.get()
    assert SECRET not in kept.client_secret
    assert SECRET not in ada.get(f"{URL}/providers/oauth").html
    ada.post(f"{URL}/providers/oauth", client_id="other", client_secret="", authorize_url="https://a.example/x",
             token_url="https://a.example/y", scope="")  # fmt: skip
    assert MailProvider.get().client_secret == kept.client_secret
    page = ada.post(f"{URL}/providers/oauth", client_id="other", client_secret="", authorize_url="https://a.example/x",
                    token_url="http://a.example/y", scope="")  # fmt: skip
    assert page.status == 422
    assert desk(world.ben).get(f"{URL}/providers/google").status == 403
    assert ada.get(f"{URL}/providers/nonsense").status == 404


def test_a_token_goes_to_no_other_server(desk, world):
    mailbox = support(signs_in="oauth", access="sealed")
    mailbox.edit(by=world.ada, smtp_host="elsewhere.example")
    assert not Mailbox.get().access


def test_every_preset_fills_in_servers_and_says_what_its_provider_wants(desk, world):
    ada = desk(world.ada)
    for preset in ("gmail", "microsoft", "yahoo", "icloud", "zoho", "ionos", "ovh", "arsys", "hostinger"):
        page = ada.get(f"{URL}/new", preset=preset)
        assert page.by_id("host").value
        assert page.by_id("smtp_host").value
    assert "app password" in ada.get(f"{URL}/new", preset="yahoo")
