"""A stranger who knows a number; a forward by one of the team; a ticket that was merged meanwhile."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.person import Person
from app.lib import message_ids, secrets
from app.mail.forwarded import forwarded
from app.mail.reading import read
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.doubtful import NoDoubt
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, receive, support
from tests.page import both_ways

PROVED = "mx.acme.example; dmarc=pass header.from=acme.example"


@pytest.fixture
def stranger(world):
    support()
    subject = f"Re: [#{world.leak.number}] The press leaks"
    return receive(mail("I saw the oil too.", sender="mallory@evil.example", subject=subject)).ticket


def again(ticket):
    return Ticket.get_by_id(ticket.id)


def test_who_only_knows_the_number_gets_a_ticket_that_says_where_it_may_belong(world, stranger, desk):
    assert (stranger == world.leak, stranger.maybe_of) == (False, world.leak)
    page = desk(world.ben).get(f"/desk/tickets/{stranger.number}")
    assert f"Its subject names ticket {world.leak.number}" in page
    assert page.link(f"{world.leak.number} · The press leaks")


@both_ways
def test_an_agent_joins_it_and_its_sender_still_sees_nothing(world, stranger, desk, htmx):
    page = desk(world.ben).get(f"/desk/tickets/{stranger.number}")
    page.press(f"Join it to ticket {world.leak.number}", htmx=htmx)
    assert again(stranger).merged_into == world.leak
    assert "I saw the oil too." in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    mallory = Person.by_email("mallory@evil.example")
    assert not again(world.leak).takes_part(mallory)
    again(world.leak).reply("On Friday.", by=world.ben)
    told = {each.to_address for each in Delivery.select().where(Delivery.letter == "messages.replied")}
    assert told == {"carol@marlow.example"}


def test_or_keeps_it_apart(world, stranger, desk):
    page = desk(world.ben).get(f"/desk/tickets/{stranger.number}")
    page.press("Keep it apart")
    page = desk(world.ben).get(f"/desk/tickets/{stranger.number}")
    assert not page.has_button("Keep it apart")
    assert "kept this ticket separate" in page
    with pytest.raises(NoDoubt):
        again(stranger).join_maybe(by=world.ben)


def test_who_only_looks_decides_nothing(world, stranger, desk):
    for verb in (stranger.join_maybe, stranger.keep_apart):
        with pytest.raises(NotAllowed):
            verb(by=world.vic)
    assert not desk(world.vic).get(f"/desk/tickets/{stranger.number}").has_button("Keep it apart")


def test_who_may_not_see_the_other_ticket_is_not_told_of_it(world, stranger, desk):
    world.press_team.change(is_restricted=True)
    world.leak.change(group=world.press_team, assignee=None)
    assert "The press leaks" not in desk(world.ines).get(f"/desk/tickets/{stranger.number}").region("Conversation")
    assert (
        not desk(world.ines).get(f"/desk/tickets/{stranger.number}").has_link(f"{world.leak.number} · The press leaks")
    )


@pytest.mark.parametrize("by", ["what we said", "what we sent", "our address", "the number"])
def test_an_answer_to_a_merged_ticket_finds_the_one_it_went_into(world, by):
    """And its own again once the merge is taken apart."""
    support()
    other = Ticket.open(by=world.carol, subject="Oil", text="Oil.", channel="form", requester=world.carol)
    other.reply("We look.", by=world.ben)
    sent = {each.letter: each.mail_id for each in Delivery.select().where(Delivery.ticket == other)}
    address = message_ids.reply_address(
        "help@acme.example", other.number, world.carol.id, secrets.keys().derive("message-id")
    )
    how = {
        "what we said": {"in_reply_to": sent["messages.replied"]},
        "what we sent": {"in_reply_to": sent["tickets.opened"]},
        "our address": {"to": address},
        "the number": {"subject": f"Re: [#{other.number}] Oil"},
    }[by]
    other.merge_into(world.leak, by=world.ben)
    entry = receive(mail("And?", sender="carol@marlow.example", **how))
    assert (entry.outcome, entry.ticket) == ("joined", world.leak)
    Ticket.get_by_id(other.id).separate(by=world.ben)
    entry = receive(mail("And now?", sender="carol@marlow.example", **how))
    assert (entry.outcome, entry.ticket) == ("joined", other)


# --- forwards --------------------------------------------------------------------------------------------------

GMAIL = """Please take this one.

---------- Forwarded message ---------
From: Rita Sol <rita@sol.example>
Date: Mon, 16 Mar 2026 at 08:40
Subject: The pump is dead
To: <ben@acme.example>


It went dead at noon.
"""
OUTLOOK_ES = """
________________________________
De: Rita Sol <rita@sol.example>
Enviado: lunes, 16 de marzo de 2026 8:40
Para: Ben <ben@acme.example>
Asunto: The pump is dead

It went dead at noon.
"""
APPLE_PT = """Início da mensagem reencaminhada:

> outra coisa

De: Rita Sol <rita@sol.example>
Assunto: The pump is dead
Data: 16 de março de 2026
Para: ben@acme.example

It went dead at noon.
"""


@pytest.mark.parametrize(
    ("subject", "text"),
    [("Fwd: The pump is dead", GMAIL), ("RV: The pump is dead", OUTLOOK_ES), ("Enc: The pump is dead", APPLE_PT)],
)
def test_whose_mail_was_forwarded(subject, text):
    inner = forwarded(read(mail(text, subject=subject)))
    assert (inner.name, inner.address, inner.subject) == ("Rita Sol", "rita@sol.example", "The pump is dead")
    assert inner.text == "It went dead at noon."


def test_what_is_no_forward():
    assert forwarded(read(mail(GMAIL, subject="The pump is dead"))) is None
    assert forwarded(read(mail("From: nobody\n\nx", subject="Fwd: x"))) is None
    assert forwarded(read(mail("x", subject="Fwd: x"))) is None


def test_a_forward_by_one_of_the_team_is_about_its_author(world):
    support(authserv_id="mx.acme.example")
    raw = mail(GMAIL, sender="ben@acme.example", subject="Fwd: The pump is dead", authentication_results=PROVED)
    ticket = receive(raw).ticket
    assert (ticket.email, ticket.subject) == ("rita@sol.example", "The pump is dead")
    said = list(ticket.messages.order_by(Message.id))
    assert [(each.text, each.is_public, each.author.email) for each in said] == [
        ("It went dead at noon.", True, "rita@sol.example"),
        ("Please take this one.", False, "ben@acme.example"),
    ]
    assert said[0].proof == "claimed"


def carrying(inner, subject="Fwd: The pump is dead", text="Please take this one.", html=None, **headers):
    """A mail forwarded as a file, as Thunderbird, Outlook and Gmail write it."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = "ben@acme.example", "help@acme.example", subject
    letter["Message-ID"] = f"<{subject}@acme.example>".replace(" ", "").replace(":", "")
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    for each in inner:
        letter.add_attachment(message_from_bytes(each, policy=SMTP))
    return letter.as_bytes()


RITA = mail("It went dead at noon.", sender="Rita Sol <rita@sol.example>", subject="The pump is dead")


@pytest.mark.parametrize("subject", ["Fwd: The pump is dead", "the pump is dead", "RV: mira esto"])
def test_a_mail_forwarded_as_a_file_is_about_its_author_too(world, desk, subject):
    support(authserv_id="mx.acme.example")
    entry = receive(carrying([RITA], subject, html="<p>Please take this one.</p>", authentication_results=PROVED))
    ticket = entry.ticket
    assert (ticket.email, ticket.subject) == ("rita@sol.example", "The pump is dead")
    said = list(ticket.messages.order_by(Message.id))
    assert [(each.text, each.is_public, each.author.email) for each in said] == [
        ("It went dead at noon.", True, "rita@sol.example"),
        ("Please take this one.", False, "ben@acme.example"),
    ]
    assert (said[0].proof, said[0].html) == ("claimed", None)
    assert said[0].attachments.count() == 1  # the whole of it stays a file
    assert Delivery.get(Delivery.ticket == ticket, Delivery.letter == "tickets.opened").to_address == "rita@sol.example"


def test_a_mail_that_is_attached_for_another_reason_stays_a_file(world):
    support(authserv_id="mx.acme.example")
    other = receive(carrying([RITA], "What do we do about this?", authentication_results=PROVED))
    two = receive(carrying([RITA, RITA], "Fwd: two of them", authentication_results=PROVED))
    unproved = receive(carrying([RITA], "Fwd: once more"))
    assert [each.ticket.email for each in (other, two, unproved)] == ["ben@acme.example"] * 3
    assert not Person.by_email("rita@sol.example")


@pytest.mark.parametrize(
    ("sender", "results"),
    [("ben@acme.example", ""), ("carol@marlow.example", PROVED.replace("acme.example", "marlow.example", 2))],
)
def test_from_anybody_else_a_forward_is_only_text(world, sender, results):
    support(authserv_id="mx.acme.example")
    more = {"authentication_results": results.replace("mx.marlow", "mx.acme")} if results else {}
    ticket = receive(mail(GMAIL, sender=sender, subject="Fwd: The pump is dead", **more)).ticket
    assert ticket.email == sender
    assert not Person.by_email("rita@sol.example")
