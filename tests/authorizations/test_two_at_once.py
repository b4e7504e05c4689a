"""Two decide the same request at the same moment, each by a connection of their own: one wins, the other is told."""

from app.accounts.visitor import Access
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision, NotPending
from app.authorizations.signature import TypedSignature
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tests.at_once import at_once

ROUNDS = 5


def authorize(asked, carol):
    return Authorization.get_by_id(asked.id).authorize(
        by=carol, name=carol.name, signature=TypedSignature(carol.name), access=Access(), language="en"
    )


def deny(asked, carol):
    return Authorization.get_by_id(asked.id).deny(by=carol, reasons="Too dear.", access=Access(), language="en")


def test_of_a_yes_and_a_no_at_once_exactly_one_counts(app, world):
    for number in range(ROUNDS):
        asked = world.leak.request_authorization(f"Seal {number}", by=world.ben)
        ends = at_once(app, lambda: authorize(asked, world.carol), lambda: deny(asked, world.carol))  # noqa: B023
        won = [each for each in ends if isinstance(each, Decision)]
        told = [each for each in ends if isinstance(each, NotPending)]
        assert (len(won), len(told)) == (1, 1), ends
        asked = Authorization.get_by_id(asked.id)
        assert asked.state == won[0].outcome
        assert Ticket.get_by_id(world.leak.id).status == won[0].outcome
        assert Decision.select().where(Decision.authorization == asked).count() == 1
        kinds = ["authorization.authorized", "authorization.denied"]
        mine = (Event.about_id == asked.id) & (Event.about_kind == "Authorization")
        assert Event.select().where(mine, Event.kind.in_(kinds)).count() == 1
        letters = ["authorizations.authorized", "authorizations.denied"]
        assert Delivery.select().where(Delivery.about_id == asked.id, Delivery.letter.in_(letters)).count() == 1


def test_of_two_presses_of_the_same_button_one_counts(app, world):
    asked = world.leak.request_authorization("A seal", by=world.ben)
    ends = at_once(app, *[lambda: authorize(asked, world.carol)] * 4)
    assert sum(isinstance(each, Decision) for each in ends) == 1
    assert sum(isinstance(each, NotPending) for each in ends) == 3


def test_a_decision_and_a_withdrawal_at_once_do_not_both_count(app, world):
    asked = world.leak.request_authorization("A seal", by=world.ben)
    ends = at_once(
        app,
        lambda: authorize(asked, world.carol),
        lambda: Authorization.get_by_id(asked.id).withdraw(by=world.ben),
    )
    decided = sum(isinstance(each, Decision) for each in ends)
    assert sum(isinstance(each, NotPending) for each in ends) == 1
    assert Authorization.get_by_id(asked.id).state == ("authorized" if decided else "withdrawn")
