"""Splitting a conversation, making a ticket like another one, and how tickets belong together."""

import io
from types import SimpleNamespace

import pytest

from app.attachments.attachment import Attachment
from app.catalog.lists import CustomField
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.relatable import AlreadyRelated, RelatedToItself
from app.tickets.splittable import NoSubjectYet, NothingToSplit
from app.tickets.ticket import Ticket
from tests.tickets.test_listing import numbers


def test_the_second_matter_goes_to_a_ticket_of_its_own(world):
    heard = world.leak.hear("And the invoice is wrong.", by=world.carol, channel="portal")
    floor = CustomField.add("Floor")
    world.leak.set_custom(floor, "3rd", by=world.ben)
    new = world.leak.split_off([heard.id], subject="Wrong invoice", by=world.ben)
    assert [message.text for message in new.conversation(public_only=True)] == ["And the invoice is wrong."]
    assert heard.id not in [message.id for message in world.leak.conversation(public_only=False)]
    assert Message.get_by_id(heard.id).origin == world.leak
    assert (new.requester, new.organization, new.assignee) == (world.carol, world.marlow, world.ben)
    assert new.custom() == [(floor, "3rd")]
    assert not Delivery.select().where(Delivery.ticket == new).exists()
    assert [each.ticket for each in new.relatives(world.ben)] == [world.leak]


def test_something_goes_and_something_stays(world):
    every = [message.id for message in world.leak.conversation(public_only=False)]
    for chosen in ([], [0], every):
        with pytest.raises(NothingToSplit):
            world.leak.split_off(chosen, subject="Nothing", by=world.ben)


def test_a_duplicate_has_the_same_fields_and_description_and_tells_nobody(world):
    color = CustomField.add("Colour", kind="choice", choices=["Red"])
    world.leak.tag_with(["oil"], by=world.ben)
    world.leak.set_custom(color, "Red", by=world.ben)
    color.change(choices=["Blue"])  # what is offered no more stays where it stood
    new = world.leak.duplicate(by=world.bea)
    assert (new.subject, new.requester, new.assignee) == ("The press leaks", world.carol, world.bea)
    assert [message.text for message in new.conversation(public_only=False)] == ["There is oil under the press."]
    assert [tag.label for tag in new.tags] == ["oil"]
    assert new.custom() == [(color, "Red")]
    assert not Delivery.select().where(Delivery.ticket == new).exists()


def test_a_duplicate_leaves_the_customer_their_words(desk, portal, world):
    new = world.leak.duplicate(by=world.bea)
    (copy,) = new.conversation(public_only=False)
    assert (copy.author, copy.author_name, copy.is_incoming, copy.origin) == (
        world.carol,
        "Carol Ruiz",
        True,
        world.leak,
    )
    page = desk(world.bea).get(f"/desk/tickets/{new.number}")
    assert f"from ticket {world.leak.number}" in page.region("Message from Carol Ruiz")
    assert "There is oil under the press." in portal(world.carol).get(f"/portal/tickets/{new.number}")


def test_a_duplicate_publishes_no_note(world, portal):
    """The description of a ticket that was internal once stays the team's."""
    ours = Ticket.open(
        by=world.ben, requester=world.carol, subject="Check her", text="Canary.", channel="desk", is_internal=True
    )
    ours.set_visibility(internal=False, by=world.ben)
    new = ours.duplicate(by=world.ben)
    assert not new.conversation(public_only=True)
    assert new.snippet == ""
    assert "Canary" not in portal(world.carol).get(f"/portal/tickets/{new.number}")


def test_a_relation_reads_from_both_sides(world):
    part = Ticket.open(by=world.eve, requester=world.eve, subject="A part", text="x", channel="form")
    world.leak.relate("child", part, by=world.ben)
    assert [each.label for each in world.leak.relatives(world.ben)] == ["Parent of"]
    assert [each.label for each in part.relatives(world.ben)] == ["Part of"]
    with pytest.raises(AlreadyRelated):
        part.relate("duplicate", world.leak, by=world.ben)
    with pytest.raises(RelatedToItself):
        part.relate("related", part, by=world.ben)
    part.unrelate(part.relatives(world.ben)[0].id, by=world.ben)
    assert not world.leak.relatives(world.ben)


@pytest.mark.parametrize(
    ("says", "here", "there"),
    [
        ("related", "Related to", "Related to"), ("child", "Parent of", "Part of"), ("parent", "Part of", "Parent of"),
        ("duplicate", "Duplicate of", "Duplicated by"), ("duplicated", "Duplicated by", "Duplicate of"),
    ],
)  # fmt: skip
def test_each_way_to_belong_together(world, says, here, there):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Ink", text="x", channel="form")
    world.leak.relate(says, other, by=world.ben)
    assert [(each.label, each.ticket) for each in world.leak.relatives(world.ben)] == [(here, other)]
    assert [(each.label, each.ticket) for each in other.relatives(world.ben)] == [(there, world.leak)]


def test_a_relation_rests_while_one_of_them_is_in_the_bin(world):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Ink", text="x", channel="form")
    world.leak.relate("child", other, by=world.ben)
    other.close("Done", by=world.ben)
    assert world.leak.relatives(world.ben), "closed it belongs there still"
    other.remove(by=world.ben)
    assert not world.leak.relatives(world.ben)
    other.restore(by=world.ben)
    assert [each.label for each in world.leak.relatives(world.ben)] == ["Parent of"]


def test_a_relation_to_a_ticket_one_may_not_see_is_not_shown(world):
    world.press_team.change(is_restricted=True)
    secret = Ticket.open(
        by=world.eve, requester=world.eve, subject="Secret", text="x", channel="form", group=world.press_team
    )
    world.leak.relate("related", secret, by=world.ada)
    assert world.leak.relatives(world.ada)
    assert not world.leak.relatives(world.bea)


def test_a_split_takes_all_that_belongs_to_its_messages(world):
    """Its words are found there and no longer here; its mails, its files and when it was heard go along."""
    paper = Attachment.keep(SimpleNamespace(filename="invoice.txt", stream=io.BytesIO(b"12")), by=world.carol)
    heard = world.leak.hear("The invoice of the chirimoya.", by=world.carol, channel="portal", files=[paper])
    answer = world.leak.reply("We look at the invoice.", by=world.ben)
    world.leak.set_copies(["boss@marlow.example"], by=world.ben)
    world.leak.tag_with(["oil"], by=world.ben)
    new = world.leak.split_off([heard.id, answer.id], subject="  Wrong   invoice ", by=world.ben)
    new = Ticket.get_by_id(new.id)
    assert (new.subject, new.snippet, new.has_files) == ("Wrong invoice", "We look at the invoice.", True)
    leak = Ticket.get_by_id(world.leak.id)
    assert (leak.snippet, leak.has_files) == ("There is oil under the press.", False), "no list shows what went"
    assert new.last_heard_at == heard.said_at
    assert {mail.ticket for mail in Delivery.select().where(Delivery.message == answer)} == {new}
    assert numbers(world.ben, q="chirimoya") == [new.number]
    assert numbers(world.ben, q="wrong invoice") == [new.number]
    assert [copy.person.email for copy in new.copies] == ["boss@marlow.example"]
    assert [tag.label for tag in new.tags] == ["oil"]
    for words in ("oil", "boss@marlow.example"):
        assert new.number in numbers(world.ben, q=words)
    assert set(numbers(world.ben, q="oil boss@marlow.example")) == {new.number, world.leak.number}


def test_what_is_split_off_has_a_subject(world):
    with pytest.raises(NoSubjectYet):
        world.leak.split_off([world.leak.messages.first().id], subject=" ", by=world.ben)


def test_what_only_the_team_said_is_heard_of_nobody(world):
    note = world.leak.note("The invoice is another matter.", by=world.ben)
    new = Ticket.get_by_id(world.leak.split_off([note.id], subject="Invoice", by=world.ben).id)
    assert (new.last_heard_at, new.has_files, new.snippet) == (None, False, "")
