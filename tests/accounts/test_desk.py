"""Agents, invitations, groups and one's own profile at the desk."""

from datetime import timedelta

import pytest

from app.accounts.agent import Agent, LastAdministrator
from app.accounts.group import Group
from app.accounts.invitation import Invitation
from app.accounts.person import Person
from app.accounts.session import Session
from app.outbox.delivery import Delivery
from tests.people import PASSWORD

TWO = {
    "rows-0-name": "Rosa Gil", "rows-0-email": "rosa@acme.example", "rows-0-is_administrator": "y",
    "rows-1-name": "Leo Paz", "rows-1-email": "leo@acme.example", "rows-1-is_internal": "y",
}  # fmt: skip


def test_several_are_invited_at_once(desk, world):
    shown = desk(world.ada).post("/desk/settings/invitations", **TWO)
    assert "Rosa Gil" in shown.region("Invited, not here yet")
    rosa, leo = (Invitation.get(Invitation.name == name) for name in ("Rosa Gil", "Leo Paz"))
    assert (rosa.role, rosa.is_internal, leo.role, leo.is_internal) == ("administrator", False, "agent", True)
    assert Person.by_email("rosa@acme.example") is None
    letters = Delivery.select().where(Delivery.letter == "accounts.invited")
    assert sorted(each.to_address for each in letters) == ["leo@acme.example", "rosa@acme.example"]


def test_the_button_adds_a_row_and_keeps_what_was_typed(desk, world):
    shown = desk(world.ada).get("/desk/settings/invitations/new")
    shown = shown.press("Add a person", **{"rows-0-name": "Rosa Gil", "more": "1"})
    assert shown.status == 200
    assert shown.by_id("rows-0-name").value == "Rosa Gil"
    assert shown.by_id("rows-1-name").value == ""
    assert not Invitation.select().where(Invitation.purpose == "agent").exists()


def test_an_empty_row_does_not_count(desk, world):
    blank = {"rows-2-name": "", "rows-2-email": ""}
    assert desk(world.ada).post("/desk/settings/invitations", **TWO, **blank).status == 200
    assert len(Invitation.pending()) == 2


def test_of_several_with_a_wrong_one_nobody_is_invited(desk, world):
    wrong = {**TWO, "rows-1-email": "ben@acme.example"}
    shown = desk(world.ada).post("/desk/settings/invitations", **wrong)
    assert shown.status == 422
    assert "ben@acme.example is an agent already." in shown.text
    assert Invitation.pending() == []


def test_only_who_may_invite_invites(desk, world):
    assert desk(world.ben).post("/desk/settings/invitations", **TWO).status == 403


def test_an_invitation_is_sent_again_with_a_fresh_link_and_withdrawn(desk, world):
    ada = desk(world.ada)
    ada.post("/desk/settings/invitations", **TWO)
    old = Invitation.get(Invitation.name == "Leo Paz")
    ada.post(f"/desk/settings/invitations/{old.id}/mail")
    fresh = next(each for each in Invitation.pending() if each.name == "Leo Paz")
    assert fresh != old
    assert not Invitation.get_by_id(old.id).is_good
    ada.post(f"/desk/settings/invitations/{fresh.id}/withdrawal")
    assert [each.name for each in Invitation.pending()] == ["Rosa Gil"]


def test_the_invited_person_registers_and_works(client, world):
    invitation = Invitation.invite_agent("Rosa Gil", "rosa@acme.example", role="agent", is_internal=True, by=world.ada)
    shown = client.get(f"/invitations/{invitation.token}")
    assert shown.field("Full name").value == "Rosa Gil"
    assert client.post(f"/invitations/{invitation.token}", name="Rosa Gil", password="short").status == 422
    client.post(f"/invitations/{invitation.token}", name="Rosa Gil", password=PASSWORD)
    agent = Session.person_of("rosa@acme.example", PASSWORD).agent
    assert (agent.role, agent.is_internal) == ("agent", True)
    assert client.get("/desk").status == 200


def test_a_link_is_good_once_and_not_for_ever(client, world, clock):
    invitation = Invitation.invite_agent("Rosa Gil", "rosa@acme.example", role="agent", is_internal=False, by=world.ada)
    token = invitation.token
    clock.shift(timedelta(days=15))
    assert client.get(f"/invitations/{token}").status == 410
    clock.shift(timedelta(days=-15))
    client.post(f"/invitations/{token}", name="Rosa Gil", password=PASSWORD)
    assert client.post(f"/invitations/{token}", name="Rosa Gil", password=PASSWORD).status == 410
    assert client.get("/invitations/nonsense").status == 410


def test_an_administrator_changes_a_role_and_shuts_somebody_out(desk, world):
    ada = desk(world.ada)
    Session.start(world.ben)
    ada.get(f"/desk/settings/agents/{world.ben.id}").press("Save", role="viewer", title="Trainee")
    assert Agent.get(Agent.person == world.ben).role == "viewer"
    page = ada.get(f"/desk/settings/agents/{world.ben.id}")
    fields = {"role": "viewer", "title": ""}
    assert page.client.post(f"/desk/settings/agents/{world.ben.id}", **fields).status == 200
    assert not Agent.get(Agent.person == world.ben).is_active
    assert Session.live_ones(world.ben) == []


def test_the_last_administrator_stays(desk, world):
    shown = desk(world.ada).get(f"/desk/settings/agents/{world.ada.id}").press("Save", role="agent")
    assert shown.status == 422
    assert "This is the only administrator left." in shown.text
    assert Agent.get(Agent.person == world.ada).is_administrator
    with pytest.raises(LastAdministrator):
        world.ada.agent.amend(
            by=world.ada, role="administrator", title="", is_internal=False, is_available=True, is_active=False
        )


def test_a_group_is_made_and_its_members_change(desk, world):
    ada = desk(world.ada)
    ada.get("/desk/settings/groups/new").press("Save", name="Nights", members=[str(world.ben.id), str(world.bea.id)])
    group = Group.get(Group.name == "Nights")
    assert {person.name for person in group.members} == {"Ben Ortiz", "Bea Lund"}
    ada.get(f"/desk/settings/groups/{group.id}").press("Save", members=[str(world.bea.id)], is_restricted="y")
    group = Group.get_by_id(group.id)
    assert ([person.name for person in group.members], group.is_restricted) == (["Bea Lund"], True)
    assert ada.post("/desk/settings/groups", name="nights").status == 422


def test_one_changes_ones_own_profile(desk, world):
    shown = desk(world.ben).get("/desk/profile")
    saved = shown.press("Save", name="Ben O.", language="pt", timezone="Europe/Lisbon", mode="dark")
    assert saved.by_id("announcements").text == "Guardado.", "in the language that is theirs now"
    ben = Person.get_by_id(world.ben.id)
    assert (ben.name, ben.language, ben.timezone, ben.mode) == ("Ben O.", "pt", "Europe/Lisbon", "dark")


def test_a_customer_who_chooses_another_language_is_answered_in_it(portal, world):
    saved = portal(world.carol).get("/portal/profile").press("Save", language="es")
    assert saved.by_id("announcements").text == "Guardado."


def test_shortcuts_can_be_turned_off(desk, world):
    fields = {"name": "Ben", "language": "en", "timezone": "Europe/Madrid", "mode": ""}
    desk(world.ben).post("/desk/profile", **fields)
    assert not Agent.get(Agent.person == world.ben).shortcuts


def test_a_new_password_asks_the_present_one(desk, world):
    ben = desk(world.ben)
    assert ben.post("/desk/profile/password", old="wrong", password="another quiet word").status == 422
    Session.start(world.ben)
    assert ben.post("/desk/profile/password", old=PASSWORD, password="another quiet word").status == 200
    assert Session.person_of("ben@acme.example", "another quiet word") == world.ben
    assert len(Session.live_ones(world.ben)) == 1


def test_one_ends_ones_own_sign_ins_and_nobody_elses(desk, world):
    mine, _ = Session.start(world.ben)
    theirs, _ = Session.start(world.bea)
    ben = desk(world.ben)
    ben.post(f"/desk/profile/sessions/{mine.id}/end")
    ben.post(f"/desk/profile/sessions/{theirs.id}/end")
    assert Session.get_by_id(mine.id).ended_at is not None
    assert Session.get_by_id(theirs.id).ended_at is None
