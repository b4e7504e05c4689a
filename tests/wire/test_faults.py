"""Sending while everything goes wrong: each recipient has each message exactly once in the receiver's mailbox.

On the wire it may be there twice only where a side died between the server's acceptance and our commit; then both
have the same Message-ID, by which the receiver keeps one.
"""

from datetime import timedelta

import pytest

from app.lib import db, smtp
from app.lib.jobs import nudge, open_queue
from app.mail import outgoing
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from tests.mail.incoming import support
from tests.wire.faulty import POINTS, FaultySmtp

BREAKS = [(point, how) for point in POINTS for how in ("reset", "close", "stall")]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(smtp, "PATIENCE", 1.0)


@pytest.fixture
def live(world):
    WireSettings.set(mode="live")
    Delivery.update(state="cancelled").execute()


def through(server: FaultySmtp) -> None:
    support(smtp_host=server.host, smtp_port=server.port, smtp_security="none", is_default=True)


def reply(world, *copies: str) -> list[Delivery]:
    message = world.leak.reply("Is Friday fine?", by=world.ben, cc=list(copies))
    return list(Delivery.select().where(Delivery.message == message).order_by(Delivery.id))


def again(clock) -> None:
    """Until nothing waits any more, as the minutes go by."""
    for _ in range(20):
        if not Delivery.select().where(Delivery.state.in_(["waiting", "deferred", "sending"])).exists():
            return
        clock.shift(timedelta(hours=1))
        outgoing.send_due()


@pytest.mark.parametrize("plan", BREAKS, ids=lambda plan: "-".join(plan))
def test_a_broken_conversation_ends_in_one_message(live, world, clock, plan):
    with FaultySmtp(plan) as server:
        through(server)
        (delivery,) = reply(world)
        assert Delivery.get_by_id(delivery.id).state == "deferred"
        again(clock)
        assert Delivery.get_by_id(delivery.id).state == "sent"
        assert list(server.ids) == [delivery.mail_id]
        # Only where it had the whole letter and did not say so does it get it again.
        assert server.ids[delivery.mail_id] == (2 if plan[0] == "taken" else 1)


@pytest.mark.parametrize("point", ["connect", "mail", "rcpt", "data", "taken"])
@pytest.mark.parametrize("code", ["421 4.3.2 going down", "451 4.3.0 later", "452 4.2.2 full"])
def test_later_means_later_and_then_once(live, world, clock, point, code):
    with FaultySmtp((point, code)) as server:
        through(server)
        (delivery,) = reply(world)
        waiting = Delivery.get_by_id(delivery.id)
        assert (waiting.state, waiting.attempts) == ("deferred", 1)
        assert code in waiting.answer
        again(clock)
        assert Delivery.get_by_id(delivery.id).state == "sent"
        assert server.ids[delivery.mail_id] == (2 if point == "taken" else 1)


@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "taken"])
def test_never_means_never_and_the_ticket_comes_back(live, world, clock, point):
    with FaultySmtp((point, "554 5.7.1 refused")) as server:
        through(server)
        (delivery,) = reply(world)
        failed = Delivery.get_by_id(delivery.id)
        assert (failed.state, failed.attempts, failed.answer) == ("failed", 1, "554 5.7.1 refused")
        assert Ticket.get_by_id(world.leak.id).status == "in_progress"
        asked = len(server.asked)
        clock.shift(timedelta(days=1))
        outgoing.send_due()
        assert not [line for line in server.asked[asked:] if "carol@" in line]


def test_one_refused_recipient_costs_the_others_nothing(live, world, postbag, clock):
    support(smtp_host=postbag.host, smtp_port=postbag.port, smtp_security="none")
    postbag.will_say("gone@else.example", "550 5.1.1 No such user")
    postbag.will_say("busy@else.example", "451 4.2.0 Greylisted")
    reply(world, "gone@else.example", "busy@else.example", "fine@else.example")
    states = {mail.to_address: mail.state for mail in Delivery.select().where(Delivery.letter == "messages.replied")}
    assert states == {
        "carol@marlow.example": "sent", "gone@else.example": "failed", "busy@else.example": "deferred",
        "fine@else.example": "sent",
    }  # fmt: skip
    again(clock)
    for address in ("carol@marlow.example", "busy@else.example", "fine@else.example"):
        assert len(postbag.to(address)) == 1, address
    assert not postbag.to("gone@else.example")


def test_a_connection_that_breaks_between_two_letters_costs_neither(live, world, clock):
    """The first goes, the server hangs up at the second: that one is begun anew on another connection, at once."""
    with FaultySmtp(("", ""), ("", "")) as server:
        through(server)
        deliveries = reply(world, "dan@marlow.example", "else@marlow.example")
        assert {mail.state for mail in Delivery.select().where(Delivery.letter == "messages.replied")} == {"sent"}
        assert set(server.ids.values()) == {1}
        assert len(server.ids) == len(deliveries) == 3
        assert sum(line.lower().startswith("ehlo") for line in server.asked) == 1  # one connection for all


def test_a_worker_killed_while_the_server_has_the_letter_sends_it_again_under_the_same_id(live, world, app, worker):
    """kill -9 between the server's acceptance and our commit: the one case in which a letter goes twice."""
    queue = open_queue(app.extensions["ventanilla"])
    with FaultySmtp(("taken", "hold")) as server:
        through(server)
        Mailbox.update(smtp_port=server.port).execute()
        message = world.leak._say("Is Friday fine?", by=world.ben)
        with db.transaction():
            event = world.leak.record("message.noted", by=world.ben, about=message)
            (delivery,) = world.leak.mail_customer("messages.replied", event=event, message=message)
        nudge(queue, "tasks.mail.send_due")
        worker.start()
        assert server.holding.wait(30)
        worker.kill()
        server.release.set()
        Delivery.update(due_at=delivery.due_at).execute()
        worker.start()
        nudge(queue, "tasks.mail.send_due")
        end = 0
        while Delivery.get_by_id(delivery.id).state != "sent" and end < 300:
            end += 1
            smtp.time.sleep(0.1)
        worker.stop()
        assert Delivery.get_by_id(delivery.id).state == "sent"
        assert server.ids == {delivery.mail_id: 2}
