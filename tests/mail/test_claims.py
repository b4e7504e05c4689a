"""Mail that only says who wrote it: what it may change, who confirms it, and decisions that are none (SPEC C9b)."""

import pytest

from app.accounts.agent import NotAllowed
from app.lib.search import SearchEntry
from app.mail.deciding_words import say_they_decide
from app.messages.claimable import NoClaim
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tests.mail.incoming import mail, receive, support
from tests.page import both_ways

FAILED = "mx.acme.example; dmarc=fail header.from=marlow.example"


@pytest.fixture
def answer(world):
    support(authserv_id="mx.acme.example")
    world.leak.reply("Is Friday fine?", by=world.ben)
    return Delivery.select().where(Delivery.letter == "messages.replied").first()


@pytest.fixture
def spoofed(answer):
    raw = mail(
        "Cancel everything.", sender="carol@marlow.example", in_reply_to=answer.mail_id, authentication_results=FAILED
    )
    return receive(raw)


def again(world):
    return Ticket.get_by_id(world.leak.id)


def test_a_spoofed_mail_changes_nothing_until_somebody_confirms_it(world, spoofed, desk, portal):
    message = spoofed.message
    assert (spoofed.cause, message.claim, message.is_public) == ("unproved", "unproved", False)
    assert again(world).status == "answered_by_team"
    assert "Cancel everything" not in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "The check of its sender failed" in page
    page.press("Take it for the customer's word")
    message = message.get_by_id(message.id)
    assert (message.claim, message.is_public, message.author) == ("", True, world.carol)
    assert again(world).status == "answered_by_customer"
    assert "Cancel everything" in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert SearchEntry.get(SearchEntry.message == message).is_public


@both_ways
def test_or_leaves_it_a_note(world, spoofed, desk, htmx):
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    page.press("Leave it a note", htmx=htmx)
    message = spoofed.message.get_by_id(spoofed.message.id)
    assert (message.claim, message.is_public) == ("", False)
    assert again(world).status == "answered_by_team"
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert not page.has_button("Leave it a note")
    assert "kept the mail from" in page


def test_of_two_who_decide_one_is_too_late(world, spoofed):
    one, two = spoofed.message, spoofed.message.get_by_id(spoofed.message.id)
    world.leak.dismiss_claim(one, by=world.ben)
    with pytest.raises(NoClaim):
        world.leak.confirm_claim(two, by=world.bea)
    assert not two.get_by_id(two.id).is_public


def test_who_may_not_speak_confirms_nothing(world, spoofed, desk):
    for person in (world.vic, world.ines):
        with pytest.raises(NotAllowed):
            world.leak.confirm_claim(spoofed.message, by=person)
        assert not desk(person).get(f"/desk/tickets/{world.leak.number}").has_button("Take it for the customer's word")


def test_someone_else_with_our_message_id_waits_too(world, answer):
    entry = receive(mail("I am her colleague", sender="dan@marlow.example", in_reply_to=answer.mail_id))
    assert (entry.outcome, entry.cause, entry.message.claim) == ("joined", "someone_else", "someone_else")
    assert again(world).status == "answered_by_team"
    assert not Delivery.select().where(Delivery.to_address == "dan@marlow.example").exists()
    world.leak.confirm_claim(entry.message, by=world.ben)
    assert entry.message.get_by_id(entry.message.id).author == world.dan
    assert not again(world).takes_part(world.dan)


def test_an_agents_mail_is_a_note_once_confirmed(world, answer):
    entry = receive(mail("Noted", sender="bea@acme.example", in_reply_to=answer.mail_id))
    assert (entry.message.claim, entry.message.author) == ("agent", world.bea)
    world.leak.confirm_claim(entry.message, by=world.ben)
    message = entry.message.get_by_id(entry.message.id)
    assert (message.claim, message.is_public) == ("", False)
    assert again(world).status == "answered_by_team"


def test_a_message_of_another_ticket_is_confirmed_from_nowhere(world, spoofed, desk):
    other = Ticket.open(by=world.eve, subject="Mine", text="x", channel="form", requester=world.eve)
    url = f"/desk/tickets/{other.number}/messages/{spoofed.message.id}/confirmation"
    assert desk(world.ben).post(url).status == 404
    with pytest.raises(NoClaim):
        other.confirm_claim(spoofed.message, by=world.ben)


# --- decisions that are none -----------------------------------------------------------------------------------


@pytest.fixture
def asked(world):
    support(authserv_id="mx.acme.example")
    request = world.leak.request_authorization("A new seal for 120 €.", by=world.ben)
    return request, Delivery.select().where(Delivery.letter == "authorizations.requested").first()


def letters():
    return Delivery.select().where(Delivery.letter == "authorizations.claimed").count()


@pytest.mark.parametrize("text", ["I authorize it.", "Lo autorizo, adelante.", "Autorizo, obrigada."])
def test_a_mailed_yes_is_kept_decides_nothing_and_is_answered_with_the_link(world, asked, desk, text):
    request, letter = asked
    entry = receive(mail(text, sender="carol@marlow.example", in_reply_to=letter.mail_id))
    assert (entry.outcome, entry.message.purpose) == ("joined", "claim")
    assert request.get_by_id(request.id).is_pending
    assert letters() == 1
    sent = Delivery.get(Delivery.letter == "authorizations.claimed")
    assert (sent.to_address, sent.link.ticket) == ("carol@marlow.example", world.leak)
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "A mail does not decide" in page
    assert "wrote by mail that they decide" in page
    receive(mail(f"{text} Really.", sender="carol@marlow.example", in_reply_to=letter.mail_id))
    assert letters() == 1


def test_the_letter_says_what_decides(world, asked):
    from app.mail.outgoing import written

    _, letter = asked
    receive(mail("I authorize it.", sender="carol@marlow.example", in_reply_to=letter.mail_id))
    raw = written(Delivery.get(Delivery.letter == "authorizations.claimed")).to_bytes().decode()
    assert "an e-mail cannot decide" in raw
    assert "/t/" in raw


def test_a_spoofed_yes_is_answered_to_nobody(world, asked):
    request, letter = asked
    raw = mail(
        "I authorize it.", sender="carol@marlow.example", in_reply_to=letter.mail_id, authentication_results=FAILED
    )
    assert receive(raw).message.claim == "unproved"
    assert (letters(), request.get_by_id(request.id).is_pending) == (0, True)


def test_one_that_only_names_the_ticket_says_that_its_sender_failed_not_that_they_take_no_part(world, answer, desk):
    subject = f"Re: [#{world.leak.number}] The press leaks"
    entry = receive(mail("I authorize.", sender="carol@marlow.example", subject=subject, authentication_results=FAILED))
    assert (entry.outcome, entry.cause, entry.maybe_ticket) == ("opened", "maybe_false", world.leak)
    assert "its sender failed the check" in desk(world.ada).get(f"/desk/mail/ledger/{entry.id}")


def test_somebody_who_was_not_asked_claims_nothing(world, asked):
    _, letter = asked
    world.leak.copy_to(["eve@rival.example"])
    receive(mail("I authorize it.", sender="eve@rival.example", in_reply_to=letter.mail_id))
    assert letters() == 0
    assert not Event.select().where(Event.kind == "authorization.claimed").exists()


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("I authorise the repair", True),
        ("Approved!", True),
        ("OK, go ahead.", True),
        ("No autorizo el gasto", True),
        ("Damos nuestra conformidad: doy mi visto bueno", True),
        ("Estamos de acuerdo", True),
        ("Aprovado, podem avançar", True),
        ("Não autorizo.", True),
        ("When will you come?", False),
        ("¿Cuánto cuesta?", False),
        ("Obrigado pela informação", False),
        ("", False),
    ],
)
def test_words_of_deciding(text, decides):
    assert say_they_decide(text) is decides
