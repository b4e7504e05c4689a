"""A request whose mail did not arrive stays open (L13), and is mailed again with a fresh link (L14)."""

from datetime import timedelta

from app.accounts.robot import Robot
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision
from app.outbox.delivery import Delivery
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.authorizations.deciding import DRAWN, ask


def test_a_request_that_did_not_arrive_stays_open_and_its_reminder_decides(world, client, clock):
    asked = ask(world)
    first = Delivery.get(letter="authorizations.requested")
    first.failed("550 No such user")
    world.leak.fail_delivery(first, by=Robot.named("mail"))
    assert Ticket.get_by_id(world.leak.id).status == "in_progress"
    assert Authorization.get_by_id(asked.id).is_pending
    clock.shift(timedelta(days=1, minutes=1))
    Authorization.get_by_id(asked.id).remind(by=world.ben)
    again = Delivery.get(letter="authorizations.reminded")
    assert again.link != first.link
    assert PersonalLink.get_by_id(again.link_id).is_live
    client.get(f"/t/{again.link.token}")
    address = f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}/sign"
    client.get(address).press("Confirm authorization", strokes=DRAWN)
    decision = Decision.get()
    assert (decision.mail_id, decision.way) == (again.mail_id, "link")
    assert Ticket.get_by_id(world.leak.id).status == "authorized"
