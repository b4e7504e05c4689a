"""The links by which one comes in for the first time."""

from datetime import timedelta

import pytest

from app.accounts.agent import Agent
from app.accounts.invitation import Invitation, setup_link
from app.accounts.session import Session
from app.branding.company import Company
from app.catalog.lists import Priority
from app.outbox.delivery import Delivery
from tests.people import PASSWORD

TOLD = {
    "name": "Ada Moss", "email": "ada@acme.test", "password": PASSWORD, "company": "Acme Care", "language": "pt",
    "timezone": "Europe/Lisbon",
}  # fmt: skip


@pytest.fixture
def path(app):
    return setup_link().partition("/set-up/")[1] + setup_link().partition("/set-up/")[2]


def test_the_first_administrator_sets_the_installation_up(client, path):
    shown = client.get(path)
    assert shown.field("Time zone").value == "Europe/Madrid"
    client.post(path, **TOLD)
    ada = Session.person_of("ada@acme.test", PASSWORD)
    assert (ada.agent.role, ada.language) == ("administrator", "pt")
    ours = Company.ours()
    assert (ours.name, ours.language, ours.timezone, ours.is_default) == ("Acme Care", "pt", "Europe/Lisbon", True)
    assert len(Priority.active()) == 4
    assert client.get("/desk").status == 200


def test_a_weak_password_spends_nothing(client, path):
    shown = client.post(path, **{**TOLD, "password": "short"})
    assert shown.status == 422
    assert shown.field("Name of your company").value == "Acme Care"
    assert not Agent.select().exists()
    assert client.post(path, **TOLD).status == 200


def test_the_link_is_good_once(client, path):
    client.post(path, **TOLD)
    assert client.get(path).status == 410
    assert client.post(path, **{**TOLD, "email": "eve@acme.test"}).status == 410
    assert Agent.select().count() == 1


def test_the_link_is_good_for_an_hour(client, path, clock):
    clock.shift(timedelta(minutes=61))
    assert client.get(path).status == 410


def test_a_contact_opens_an_account(client, desk, world):
    shown = desk(world.ben).get(f"/desk/contacts/{world.dan.id}").press("Invite to a portal account")
    assert "A letter with a link is on its way." in shown.text
    assert Delivery.get(Delivery.letter == "accounts.account").to_address == "dan@marlow.example"
    token = Invitation.get(Invitation.purpose == "account").token
    assert client.post(f"/accounts/{token}", password="short").status == 422
    client.post(f"/accounts/{token}", password=PASSWORD)
    assert Session.person_of("dan@marlow.example", PASSWORD) == world.dan
    assert client.get(f"/accounts/{token}").status == 410


def test_a_second_letter_ends_the_first_link(client, world):
    first = Invitation.invite_contact(world.dan, by=world.ben)
    Invitation.invite_contact(world.dan, by=world.ben)
    assert client.get(f"/accounts/{first.token}").status == 410
