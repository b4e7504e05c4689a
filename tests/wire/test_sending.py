"""Mail that goes out: to a real SMTP receiver, with what servers say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.attachments.attachment import Attachment
from app.lib import processes
from app.lib.clock import now
from app.lib.files import store
from app.mail import outgoing
from app.outbox.delivery import PAUSES, Delivery
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tests.mail.incoming import support
from tests.outbox.test_letters import upload


@pytest.fixture
def live(world, postbag):
    """An installation that has gone live with one mailbox; its earlier mail was the sandbox's."""
    WireSettings.set(mode="live")
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none")


def replied(world) -> Delivery:
    world.leak.reply("Is Friday fine?", by=world.ben)
    return Delivery.select().where(Delivery.letter == "messages.replied").order_by(Delivery.id.desc()).get()


def test_a_reply_leaves_at_once_with_its_headers(live, world, postbag):
    delivery = replied(world)
    (letter,) = postbag.to("carol@marlow.example")
    assert (delivery.state, delivery.answer) == ("sent", "250 OK, kept as 1")
    assert letter["Message-ID"] == delivery.mail_id
    assert letter["From"].addresses[0].addr_spec == "help@acme.example"
    assert letter["From"].addresses[0].display_name == "Acme Service"
    assert letter["Subject"] == "[#1] The press leaks"
    assert letter["Auto-Submitted"] is None
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}
    assert postbag.envelopes[0] == ("help@acme.example", ["carol@marlow.example"])


def test_an_acknowledgement_leaves_from_nobody(live, world, postbag):
    from_mail = Ticket.open(
        by=world.carol, subject="Saw", text="It stands.", channel="email", requester=world.carol,
        message={"mail_id": "<one@marlow.example>"},
    )  # fmt: skip
    (letter,) = postbag.to("carol@marlow.example")
    assert postbag.envelopes[0][0] == "<>"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<one@marlow.example>"
    assert letter["Precedence"] == "bulk"
    assert f"[#{from_mail.number}]" in letter["Subject"]


def test_each_in_copy_gets_a_letter_and_a_link_of_their_own(live, world, postbag):
    world.leak.reply("See below", by=world.ben, cc=["dan@marlow.example", "new@else.example"])
    texts = [letter.get_body(("plain",)).get_content() for letter in postbag.letters]
    assert len(texts) == len({text.partition("/t/")[2][:43] for text in texts}) == 3


def test_for_now_refused_is_tried_again_later(live, world, postbag, clock):
    postbag.will_say("carol@marlow.example", "451 4.3.0 Try later", "451 4.3.0 Try later")
    delivery = replied(world)
    assert (delivery.state, delivery.answer) == ("deferred", "451 4.3.0 Try later")
    assert outgoing.send_due() == 0
    clock.shift(timedelta(minutes=2))
    outgoing.send_due()
    clock.shift(timedelta(minutes=6))
    assert outgoing.send_due() == 1
    assert Delivery.get_by_id(delivery.id).state == "sent"
    assert {letter["Message-ID"] for letter in postbag.letters} == {delivery.mail_id}


def test_for_good_refused_brings_the_ticket_back(live, world, postbag):
    postbag.will_say("carol@marlow.example", "550 5.1.1 No such user")
    delivery = replied(world)
    assert delivery.state == "failed"
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"
    assert Event.select().where(Event.kind == "delivery.failed").count() == 1
    told = Delivery.select().where(Delivery.letter == "notifications.happened").order_by(Delivery.id.desc()).get()
    assert (told.person, told.state) == (world.ben, "sent")
    delivery.send_again()
    outgoing.send_due()
    assert Delivery.get_by_id(delivery.id).state == "sent"


def test_after_three_days_it_has_failed(live, world, postbag, clock):
    postbag.stop()
    delivery = replied(world)
    for pause in PAUSES:
        clock.shift(pause + timedelta(seconds=1))
        outgoing.send_due()
    delivery = Delivery.get_by_id(delivery.id)
    assert (delivery.state, delivery.attempts) == ("failed", len(PAUSES) + 1)
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"


def test_a_pending_request_stays_open_when_its_mail_fails(live, world, postbag):
    postbag.will_say("carol@marlow.example", "550 No such user")
    request = world.leak.request_authorization("A new seal", by=world.ben)
    assert request.is_pending
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"
    assert Ticket.get_by_id(world.leak.id).pending_authorization == request


def test_a_server_that_is_down_is_asked_once_a_round(live, world, postbag):
    postbag.stop()
    for _ in range(3):
        replied(world)
    Delivery.update(due_at=now(), attempts=0, state="waiting").where(Delivery.letter == "messages.replied").execute()
    outgoing.send_due()
    assert [row.attempts for row in Delivery.select().where(Delivery.letter == "messages.replied")] == [1, 1, 1]


def test_a_letter_that_cannot_be_written_blocks_no_other(live, world, postbag):
    WireSettings.set(mode="sandbox")
    files = [Attachment.keep(upload("a.txt", b"gone"), by=world.ben)]
    world.leak.reply("With a file", by=world.ben, files=files)
    unknown = replied(world)
    unknown.change(letter="nobody.knows")
    good = replied(world)
    Delivery.update(wire="live").where(Delivery.state == "waiting").execute()
    store().remove(files[0].sha256)
    WireSettings.set(mode="live")
    outgoing.send_due()
    assert Delivery.get_by_id(good.id).state == "sent"
    assert Delivery.get_by_id(unknown.id).state == "failed"
    gone = Delivery.get(Delivery.message == files[0].message, Delivery.letter == "messages.replied")
    assert (gone.state, gone.answer) == ("failed", "The file a.txt is no longer stored")


def test_nothing_live_leaves_from_the_sandbox(world, postbag):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none")
    delivery = replied(world)
    delivery.change(wire="live")
    outgoing.send_due()
    assert postbag.raw == []
    assert Delivery.get_by_id(delivery.id).state == "waiting"


def test_mail_for_the_sandbox_goes_to_its_receiver(world, postbag, app):
    app.extensions["ventanilla"] = replace(app.extensions["ventanilla"], sandbox_smtp_port=postbag.port)
    assert replied(world).state == "sent"
    assert postbag.to("carol@marlow.example")


def test_without_a_confirmed_mailbox_mail_waits(world, clock):
    WireSettings.set(mode="live")
    delivery = replied(world)
    assert (delivery.state, delivery.answer) == ("deferred", "No mailbox is confirmed for sending")


def test_what_a_killed_process_had_is_sent_by_the_next(live, world, postbag):
    delivery = replied(world)
    delivery.change(state="sending", claimed_by="here/1/dead", claimed_at=now() - timedelta(minutes=11))
    assert outgoing.send_due() == 1
    delivery.change(state="sending", claimed_by="elsewhere/1/alive", claimed_at=now())
    assert outgoing.send_due() == 0


def test_processes_know_themselves_and_the_dead():
    host, pid, _ = processes.myself().split("/")
    assert processes.lives(processes.myself())
    assert not processes.lives(f"{host}/{pid}/00000000")  # this number, in another life
    assert not processes.lives(f"{host}/999999999/00000000")
    assert processes.lives("another-host/1/00000000")
