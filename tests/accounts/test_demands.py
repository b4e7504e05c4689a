"""The verbs over people ask for the right themselves: a room that forgot to would give nothing away."""

import pytest

from app.accounts.agent import NotAllowed
from app.accounts.contact import Contact
from app.accounts.person import Person

WORDS = {"name": "Otto Null", "email": "otto@null.example", "language": None}
RIGHTS = {"role": "administrator", "title": "", "is_internal": False, "is_available": True, "is_active": True}


def fresh(person):
    return Person.get_by_id(person.id)


def test_who_only_looks_changes_no_contact(world):
    carol = Contact.by_person(world.carol.id)
    carol.change(is_muted=True)
    for act in (
        lambda: Contact.enter(by=world.vic, **WORDS),
        lambda: carol.amend(by=world.vic, **WORDS),
        lambda: carol.write_again(by=world.vic),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Person.by_email("otto@null.example") is None
    assert (fresh(world.carol).name, Contact.by_person(world.carol.id).is_muted) == ("Carol Ruiz", True)
    Contact.enter(by=world.ben, **WORDS)
    assert Person.by_email("otto@null.example").name == "Otto Null"


def test_no_agent_makes_an_administrator(world):
    for somebody in (world.ben, world.vic):
        with pytest.raises(NotAllowed):
            world.bea.agent.amend(by=somebody, **RIGHTS)
    assert fresh(world.bea).agent.role == "operator"
    world.bea.agent.amend(by=world.ada, **RIGHTS)
    assert fresh(world.bea).agent.role == "administrator"
