"""By what mail leaves: a mailbox's server or the installation's own, signed, and by which address reports come home."""

import dkim
import pytest

from app.lib import dkim_keys, message_ids, secrets
from app.lib.causes import LOGIN
from app.lib.clock import now
from app.lib.smtp import Smtp, SmtpUnreachable
from app.mail import outgoing
from app.mail.connecting import sealed
from app.mail.dkim_key import DkimKey, HasAKey, NotADomain, NotAPrivateKey
from app.mail.mailbox import Mailbox
from app.mail.reading import read
from app.mail.receiving import process_new
from app.mail.relay import NoServerYet, Relay
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from tests.mail.incoming import enter, mail, support
from tests.page import both_ways
from tests.wire.mailserver import free_port

HERE = "/desk/settings/sending"


@pytest.fixture
def live(world):
    WireSettings.set(mode="live")
    Delivery.update(state="cancelled").execute()


def reply(world) -> Delivery:
    message = world.leak.reply("Is Friday fine?", by=world.ben)
    return Delivery.get(Delivery.message == message)


def relay_to(postbag, world, **fields) -> Relay:
    relay = Relay.ours()
    relay.describe(by=world.ada, host=postbag.host, port=postbag.port, security="none", **fields)
    return relay


# --- the server ---------------------------------------------------------------------------------------------------


def test_a_mailbox_without_a_server_sends_by_the_installations(live, world, postbag):
    relay_to(postbag, world).test(by=world.ada)
    support(smtp_host="", address="press@acme.example")
    assert reply(world).state == "sent"
    (letter,) = postbag.to("carol@marlow.example")
    assert letter["From"].addresses[0].addr_spec == "press@acme.example"


def test_without_any_mailbox_it_sends_in_the_companys_name(live, world, postbag):
    relay_to(postbag, world).test(by=world.ada)
    assert reply(world).state == "sent"
    assert postbag.envelopes == [("help@acme.example", ["carol@marlow.example"])]


def test_only_a_passed_test_puts_it_in_use_and_a_change_takes_it_out(live, world, postbag):
    relay = relay_to(postbag, world)
    assert not relay.can_send
    assert relay.test(by=world.ada)
    assert Relay.ours().can_send
    Relay.ours().describe(by=world.ada, host=postbag.host, port=free_port(), security="none", user="")
    assert not Relay.ours().can_send
    assert not Relay.ours().test(by=world.ada)
    assert [(step["state"], bool(step["detail"])) for step in Relay.ours().steps] == [("failed", True)]
    Relay.ours().describe(by=world.ada, host="")
    with pytest.raises(NoServerYet):
        Relay.ours().ask_to_test(by=world.ada)


def test_a_stored_password_goes_to_no_other_server(world, postbag):
    relay = relay_to(postbag, world, user="ada", password="secret")
    assert "secret" not in relay.password
    with pytest.raises(Exception, match="another server"):
        relay.describe(by=world.ada, host="other.example")


@both_ways
def test_the_page_tests_and_uses_it(desk, world, postbag, htmx):
    ada = desk(world.ada)
    fields = {
        "host": postbag.host, "port": str(postbag.port), "security": "none", "user": "",
        "bounce_address": "b@acme.example",
    }  # fmt: skip
    shown = ada.get(HERE)
    assert "Not in use" in shown.region("Connection test")
    ada.post(HERE, htmx=htmx, do="test", **fields)
    shown = ada.get(HERE)
    assert "In use" in shown.region("Connection test")
    assert shown.field("Address for reports about failed mail").value == "b@acme.example"
    assert ada.post(HERE, htmx=htmx, **fields | {"bounce_address": "no address"}).status == 422
    shown = ada.post(HERE, do="test", **fields | {"port": str(free_port())})
    assert "does not answer on this port" in ada.get(HERE).region("Connection test")
    assert desk(world.ben).get(HERE).status == 403


# --- failing shows ------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_shows_on_every_page_until_it_is_back(live, world, desk, postbag, clock):
    support(smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    assert reply(world).state == "deferred"
    page = desk(world.ben).get("/desk")
    assert "Mail from help@acme.example cannot be sent since" in page.region("Notices")
    assert "does not answer on this port" in page.region("Notices")
    assert not page.region("Notices").has_link("Look at the mailbox")
    assert desk(world.ada).get("/desk").region("Notices").has_link("Look at the mailbox")
    Mailbox.update(smtp_port=postbag.port).execute()
    Delivery.update(due_at=now()).where(Delivery.state == "deferred").execute()
    outgoing.send_due()
    assert len(postbag.raw) == 1
    page = desk(world.ben).get("/desk")
    assert "Notices" not in page.regions(), page.region("Notices").text


def test_nothing_to_send_by_is_said_too(live, world, desk):
    assert reply(world).state == "deferred"
    assert "No mailbox is confirmed for sending" in desk(world.ben).get("/desk").region("Notices")


# --- OAuth --------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_as_xoauth2_and_a_refused_one_says_so(postbag):
    with pytest.raises(SmtpUnreachable) as problem:
        Smtp("127.0.0.1", postbag.port, "none", "ada", "token", is_token=True).send("", "a@b.example", b"x")
    assert problem.value.cause == LOGIN


# --- where reports go ---------------------------------------------------------------------------------------------


def test_with_subaddresses_each_delivery_has_an_address_of_its_own(live, world, postbag):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none", uses_subaddress=True)
    delivery = reply(world)
    sender = postbag.envelopes[0][0]
    assert sender.startswith(f"help+b{delivery.id}.")
    keys = secrets.keys().derive_all("message-id")
    assert message_ids.verify_bounce_address(sender, keys) == delivery.id
    assert message_ids.verify_bounce_address(sender.replace(f"b{delivery.id}", f"b{delivery.id + 1}"), keys) is None
    assert message_ids.verify_reply_address(sender, keys) is None


def test_without_them_the_address_that_is_set(live, world, postbag):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none", bounce_address="back@acme.example")
    reply(world)
    assert postbag.envelopes[0][0] == "back@acme.example"


def test_a_report_that_names_nothing_comes_home_by_its_address(live, world, postbag):
    """A plain notice without the returned headers: only the envelope address says what it is about."""
    mailbox = support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none", uses_subaddress=True)
    delivery = reply(world)
    raw = mail(
        "550 5.1.1 <carol@marlow.example>: Recipient address rejected: User unknown",
        sender="MAILER-DAEMON@mx.example", subject="Undelivered Mail Returned to Sender", to=postbag.envelopes[0][0],
        x_failed_recipients="carol@marlow.example",
    )  # fmt: skip
    enter(raw, mailbox)
    process_new()
    assert Delivery.get_by_id(delivery.id).state == "bounced"


# --- DKIM ---------------------------------------------------------------------------------------------------------


def answers(key: DkimKey):
    """What a name server would say."""
    record = key.txt.encode()
    return lambda name, timeout=5: record if name.rstrip(b".") == key.name.encode() else None


@pytest.mark.parametrize("pasted", ["", "own"])
def test_a_letter_is_signed_so_that_others_can_verify_it(live, world, postbag, pasted):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none")
    key = DkimKey.add(by=world.ada, domain="acme.example", selector="v1", pasted=dkim_keys.made() if pasted else "")
    reply(world)
    key.switch(on=True, by=world.ada)
    reply(world)
    plain, signed = postbag.raw
    assert b"DKIM-Signature" not in plain
    assert dkim.verify(signed, dnsfunc=answers(key))
    for evil in (
        b"From: evil@x.example\r\n" + signed,
        signed.replace(b"Friday", b"Monday"),
        b"Subject: x\r\n" + signed,
    ):
        assert not dkim.verify(evil, dnsfunc=answers(key))
    assert read(signed).message_id


def test_a_key_is_kept_encrypted_and_told_apart(world):
    key = DkimKey.add(by=world.ada, domain="@Acme.example", selector="V1")
    assert (key.domain, key.name) == ("acme.example", "v1._domainkey.acme.example")
    assert "PRIVATE" not in key.private_key
    assert dkim_keys.same(key.txt.replace("; ", ";").replace("p=", "p= "), key.txt)
    assert not dkim_keys.same(dkim_keys.record_of(dkim_keys.made()), key.txt)
    wrongs = [({"domain": "acme.example"}, HasAKey), ({"domain": "x"}, NotADomain), ({"pasted": "no"}, NotAPrivateKey)]
    for wrong, problem in wrongs:
        with pytest.raises(problem):
            DkimKey.add(by=world.ada, **{"domain": "other.example", "selector": "v1"} | wrong)


def test_a_key_that_cannot_be_read_sends_nothing_unsigned(live, world, postbag):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none")
    DkimKey.add(by=world.ada, domain="acme.example", selector="v1").switch(on=True, by=world.ada)
    DkimKey.update(private_key="of another installation").execute()
    delivery = reply(world)
    assert (delivery.state, "DKIM" in delivery.answer, postbag.raw) == ("deferred", True, [])


def test_the_page_shows_the_record_checks_it_and_switches_it(desk, world):
    ada = desk(world.ada)
    ada.get(HERE).press("Make a key", domain="acme.invalid", selector="ventanilla")
    key = DkimKey.get()
    card = ada.get(HERE).region("acme.invalid")
    assert key.txt in card
    assert "ventanilla._domainkey.acme.invalid" in card
    ada.get(HERE).press("Check")
    assert "Not found" in ada.get(HERE).region("acme.invalid")
    ada.get(HERE).press("Sign with it")
    assert DkimKey.get().is_active
    refused = ada.post(f"{HERE}/keys", domain="acme.invalid", selector="v", pasted="")
    assert (refused.status, "has a key already" in refused) == (422, True)
    ada.get(HERE).press("Delete")
    assert not DkimKey.select().exists()
    assert sealed("x") != "x"
