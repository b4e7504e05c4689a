"""Further addresses and phones of a contact: mail from any of them is theirs."""

import pytest

from app.accounts.address import OtherAddress
from app.accounts.person import Person
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, receive, support


def edited(desk, world, person, **fields):
    return desk(world.ben).get(f"/desk/contacts/{person.id}/edit").press("Save", **fields)


def test_an_agent_adds_them_and_they_are_shown_and_found(desk, world):
    shown = edited(
        desk, world, world.carol, other_addresses="Carol.Ruiz@Home.example\ncr@work.example, cr@work.example",
        more_phones="91 555 01 12",
    )  # fmt: skip
    assert "carol.ruiz@home.example" in shown
    assert "91 555 01 12" in shown
    assert OtherAddress.of(world.carol) == ["carol.ruiz@home.example", "cr@work.example"]
    assert desk(world.ben).get("/desk/contacts", words="home.example").has_link("Carol Ruiz")
    form = desk(world.ben).get(f"/desk/contacts/{world.carol.id}/edit")
    assert form.field("Further addresses (optional)").value.split() == OtherAddress.of(world.carol)
    edited(desk, world, world.carol, other_addresses="cr@work.example")
    assert Person.by_email("carol.ruiz@home.example") is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [("eve@rival.example", "Somebody else"), ("no address", "not an e-mail address"), ("ada@acme.example", "Somebody")],
)
def test_no_address_is_of_two_people(desk, world, typed, words):
    refused = edited(desk, world, world.carol, other_addresses=typed)
    assert refused.status == 422
    assert words in refused
    assert typed in refused.html
    assert OtherAddress.of(world.carol) == []


def test_nor_may_the_first_address_of_one_be_a_further_one_of_another(desk, world):
    edited(desk, world, world.carol, other_addresses="carol@home.example")
    assert edited(desk, world, world.eve, email="carol@home.example").status == 422


def test_mail_from_a_second_address_is_the_same_contacts(desk, world):
    support()
    edited(desk, world, world.carol, other_addresses="carol@home.example")
    entry = receive(mail("Still leaking.", sender="C <carol@home.example>", subject=f"Re: [#{world.leak.number}]"))
    assert entry.ticket == world.leak
    assert world.leak.conversation(public_only=True)[-1].author == world.carol
    receive(mail("And the rollers squeak.", sender="carol@home.example", subject="Rollers"))
    fresh = Ticket.select().order_by(Ticket.id.desc()).first()
    assert (fresh.subject, fresh.requester) == ("Rollers", world.carol)
    assert fresh.organization == world.marlow


def test_nobody_becomes_one_of_the_team_by_a_further_address(desk, world):
    """Who reads an agent's mail can sign in as them: only an administrator adds an address to one."""
    from app.accounts.contact import Contact

    Contact.register("Bea Lund", "bea@acme.example")
    refused = edited(desk, world, world.bea, other_addresses="ben.private@home.example")
    assert refused.status == 403
    assert OtherAddress.of(world.bea) == []
