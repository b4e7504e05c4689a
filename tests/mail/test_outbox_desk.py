"""The outbox at the desk, and what became of each recipient's mail on the message (C9c)."""

from datetime import timedelta

import pytest

from app.lib.clock import now
from app.outbox.delivery import Delivery
from app.timeline.event import Event
from tests.counting import statements
from tests.page import both_ways

HERE = "/desk/mail/outbox"


@pytest.fixture
def mails(world) -> dict[str, Delivery]:
    """One reply to four people, each of whose mails went another way."""
    Delivery.update(state="sent").execute()
    message = world.leak.reply("See", by=world.ben, cc=["dan@marlow.example", "x@else.example", "y@else.example"])
    found = {mail.to_address: mail for mail in Delivery.select().where(Delivery.message == message)}
    found["carol@marlow.example"].accepted("250 2.0.0 Ok: queued as 9F")
    found["dan@marlow.example"].postponed("451 4.7.1 Greylisted")
    found["x@else.example"].failed("550 5.1.1 No such user")
    return found


def test_each_recipient_stands_on_the_message_with_what_the_server_said(desk, world, mails):
    shown = desk(world.ben).get(f"/desk/tickets/{world.leak.number}").region("Reply by Ben Ortiz")
    lines = {line.text.partition(" ")[0]: line.text for line in shown.all("li")}
    assert "Sent" in lines["carol@marlow.example"]
    assert "250 2.0.0 Ok: queued as 9F" in lines["carol@marlow.example"]
    assert "Deferred · next try" in lines["dan@marlow.example"]
    assert "451 4.7.1 Greylisted" in lines["dan@marlow.example"]
    assert "Failed" in lines["x@else.example"]
    assert "Queued" in lines["y@else.example"]
    assert shown.has_button("Send again")


@pytest.mark.parametrize(
    ("view", "there"),
    [
        ("", 4), ("waiting", 2), ("deferred", 1), ("failed", 1), ("sent", 1), ("cancelled", 0), ("nonsense", 4),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_state(desk, world, mails, view, there):
    Delivery.delete().where(Delivery.message.is_null()).execute()
    page = desk(world.ada).get(HERE, view=view)
    assert len([row for row in page.all("tr") if row.all("th")[0].get("scope") == "row"]) == there


def test_and_found_by_address_or_ticket(desk, world, mails):
    ada = desk(world.ada)
    assert "x@else.example" in ada.get(HERE, q="X@Else.example")
    assert "y@else.example" not in ada.get(HERE, q="x@else.example")
    assert "y@else.example" in ada.get(HERE, q="ELSE")
    assert "dan@marlow.example" in ada.get(HERE, q=f"#{world.leak.number}")
    assert "No mail like this" in ada.get(HERE, q="99999")
    assert desk(world.ben).get(HERE).status == 403


@both_ways
def test_one_that_failed_or_waits_is_tried_now(desk, world, mails, htmx):
    ada = desk(world.ada)
    for address, was in (("x@else.example", "failed"), ("dan@marlow.example", "deferred")):
        mail = mails[address]
        assert Delivery.get_by_id(mail.id).state == was
        ada.post(f"{HERE}/{mail.id}/retry", htmx=htmx)
        again = Delivery.get_by_id(mail.id)
        assert again.due_at <= now() + timedelta(seconds=1)
        assert again.mail_id == mail.mail_id
    assert Event.select().where(Event.kind == "delivery.retried").count() == 2
    assert ada.post(f"{HERE}/{mails['carol@marlow.example'].id}/retry").status == 422
    assert ada.post(f"{HERE}/999/retry").status == 404


def test_nothing_that_failed_of_an_internal_ticket_is_tried_again(desk, world, mails):
    world.leak.set_visibility(internal=True, by=world.ben)
    mail = mails["x@else.example"]
    refused = desk(world.ada).post(f"{HERE}/{mail.id}/retry")
    assert refused.status == 422
    assert "This ticket is internal" in refused
    assert Delivery.get_by_id(mail.id).state == "failed"


def test_all_deferred_ones_at_once(desk, world, mails):
    Delivery.update(state="deferred", due_at=now() + timedelta(days=1)).where(Delivery.state == "waiting").execute()
    desk(world.ada).get(HERE).press("Try the deferred ones now")
    assert not Delivery.select().where(Delivery.due_at > now()).exists()


def test_one_that_waits_is_cancelled_and_never_leaves(desk, world, mails):
    ada = desk(world.ada)
    mail = mails["y@else.example"]
    ada.post(f"{HERE}/{mail.id}/cancellation")
    assert Delivery.get_by_id(mail.id).state == "cancelled"
    assert "cancelled the mail to y@else.example" in ada.get(f"/desk/tickets/{world.leak.number}/history")
    assert ada.post(f"{HERE}/{mail.id}/cancellation").status == 409
    assert ada.post(f"{HERE}/{mails['carol@marlow.example'].id}/cancellation").status == 409
    assert "Cancelled" in ada.get(HERE, view="cancelled")


def test_long_lists_have_pages_and_cost_no_more(desk, world, mails):
    mail = mails["carol@marlow.example"]
    rows = [
        {"letter": mail.letter, "ticket": mail.ticket_id, "to_address": f"n{number}@x.example", "language": "en",
         "wire": "sandbox", "state": "sent", "created_at": now(), "due_at": now(), "sent_at": now()}
        for number in range(120)
    ]  # fmt: skip
    Delivery.insert_many(rows).execute()
    ada = desk(world.ada)
    page = ada.get(HERE)
    assert "n119@x.example" in page
    assert "n69@x.example" not in page
    with statements() as few:
        ada.get(HERE, view="failed")
    with statements() as many:
        second = page.follow("Older")
    assert "n69@x.example" in second
    assert len(many) == len(few)
    assert second.has_link("Newest")
