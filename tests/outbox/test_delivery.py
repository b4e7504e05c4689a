"""Deliveries: claimed once, tried with growing pauses, cancelled, sent again."""

from datetime import timedelta

import pytest

from app.lib import processes
from app.lib.clock import now
from app.outbox.delivery import PAUSES, Delivery, NothingToRetry


@pytest.fixture
def delivery(world) -> Delivery:
    Delivery.update(state="sent").execute()
    world.leak.reply("Is Friday fine?", by=world.ben)
    return Delivery.get(Delivery.letter == "messages.replied")


def test_it_is_claimed_by_one(delivery):
    assert Delivery.claim_due(wires=["sandbox"]) == [delivery]
    assert Delivery.claim_due(wires=["sandbox"]) == []
    assert Delivery.get_by_id(delivery.id).is_still_mine


def test_only_what_is_due_on_an_open_wire(delivery):
    assert Delivery.claim_due(wires=["live"]) == []
    delivery.change(due_at=now() + timedelta(minutes=1))
    assert Delivery.claim_due(wires=["sandbox"]) == []


def test_a_claim_of_the_dead_is_given_back(delivery):
    delivery.change(state="sending", claimed_by="here/0/none", claimed_at=now() - timedelta(minutes=11))
    assert Delivery.claim_due(wires=["sandbox"]) == [delivery]


def test_what_somebody_alive_has_taken_meanwhile_stays_theirs(delivery, monkeypatch):
    """Two who look for the claims of the dead at the same time: else a letter would leave twice."""

    def looked_up_while_another_takes_it(_name):
        Delivery.update(claimed_by="alive", claimed_at=now()).execute()
        return False

    delivery.change(state="sending", claimed_by="here/0/none", claimed_at=now() - timedelta(minutes=1))
    monkeypatch.setattr(processes, "lives", looked_up_while_another_takes_it)
    assert Delivery.claim_due(wires=["sandbox"]) == []
    assert Delivery.get_by_id(delivery.id).claimed_by == "alive"


def test_a_cancelled_one_is_no_longer_mine(delivery):
    (claimed,) = Delivery.claim_due(wires=["sandbox"])
    Delivery.update(state="cancelled").execute()
    assert not claimed.is_still_mine


def test_the_pauses_grow_and_last_three_days(delivery, clock):
    begun = now()
    for pause in PAUSES:
        assert delivery.postponed("451 later")
        assert delivery.due_at == now() + pause
        clock.shift(pause)
    assert not delivery.postponed("451 later")
    assert (delivery.state, now() - begun) == ("failed", timedelta(days=3))


def test_only_a_failed_one_is_sent_again(delivery):
    with pytest.raises(NothingToRetry):
        delivery.send_again()
    delivery.bounced("550 gone")
    mail_id = delivery.mail_id
    delivery.send_again()
    assert (delivery.state, delivery.attempts, delivery.mail_id) == ("waiting", 0, mail_id)


def test_what_waits_for_a_wire_can_be_cancelled(delivery):
    assert Delivery.waiting_count() == 1
    assert Delivery.cancel_waiting(wire="live") == 0
    assert Delivery.cancel_waiting(wire="sandbox") == 1
    assert Delivery.waiting_count() == 0
