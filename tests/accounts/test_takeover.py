"""Ways into somebody else's account, and that they are shut."""

import pytest

from app.accounts.agent import Agent
from app.accounts.invitation import Invitation
from app.accounts.person import Person
from app.accounts.session import Session
from app.lib.limits import limiter, visitor
from app.outbox.delivery import Delivery
from tests.browsing import Client
from tests.people import PASSWORD

BLANK = {"organization": "0", "language": "en", "may_authorize": "y"}


def test_an_agent_does_not_move_a_colleagues_address_to_their_own(desk, world):
    """It would be enough to make them a contact, change the address, and ask for a link to sign in."""
    ben = desk(world.ben)
    ben.post("/desk/contacts", name="Ada Moss", email="ada@acme.example", **BLANK)
    there = f"/desk/contacts/{world.ada.id}"
    page = ben.post(there, name="Ada Moss", email="evil@evil.example", **BLANK)
    assert page.status == 403
    assert "one of the team" in page
    assert ben.post(there, name="Anybody", email="ada@acme.example", **BLANK).status == 403
    assert Person.get_by_id(world.ada.id).email == "ada@acme.example"
    assert desk(world.ada).post(there, name="Ada Moss", email="ada.moss@acme.example", **BLANK).status == 200


def test_an_agent_gives_a_colleague_no_further_address(desk, world):
    """Mail from it would be taken as theirs."""
    fields = {"name": "Ada Moss", "email": "ada@acme.example", "other_addresses": "evil@evil.example"}
    page = desk(world.ben).post("/desk/contacts", **fields, **BLANK)
    assert page.status == 403
    assert "one of the team" in page
    assert Person.by_email("evil@evil.example") is None
    assert desk(world.ada).post("/desk/contacts", **fields, **BLANK).status == 200


@pytest.mark.parametrize("way", ["/sign-in/link", "/accounts"])
def test_a_link_goes_to_the_address_that_we_write_to(client, desk, world, way):
    """A further one is what an agent wrote down: who reads its mail does not decide as the customer."""
    there = f"/desk/contacts/{world.carol.id}"
    fields = {"name": "Carol Ruiz", "email": "carol@marlow.example", "other_addresses": "evil@evil.example"}
    desk(world.ben).post(there, **fields, **BLANK)
    client.post(way, email="evil@evil.example")
    letters = Delivery.select().where(Delivery.letter << ["accounts.sign_in_link", "accounts.password_link"])
    assert [mail.to_address for mail in letters] == ["carol@marlow.example"]


def test_who_becomes_an_agent_starts_afresh(app, client, desk, portal, world):
    """What agents wrote down of a customer, and who is signed in as them, opens no desk."""
    fields = {"name": "Jo", "email": "evil@evil.example", "other_addresses": "jo@acme.example"}
    desk(world.ben).post("/desk/contacts", **fields, **BLANK)
    jo = Person.by_email("jo@acme.example")
    inside, password = portal(jo), Invitation.invite_contact(jo, by=world.ben)
    invited = Invitation.invite_agent("Jo", "jo@acme.example", role="administrator", is_internal=False, by=world.ada)
    invited.register(name="Jo", password=PASSWORD)
    assert Person.get_by_id(jo.id).email == "jo@acme.example"
    assert Person.by_email("evil@evil.example") is None
    assert inside.get("/portal").h1 == "Sign in"
    assert client.get(f"/accounts/{password.token}").status == 410


def test_what_is_the_customers_about_a_colleague_may_still_be_edited(desk, world):
    ben = desk(world.ben)
    ben.post("/desk/contacts", name="Bea Lund", email="bea@acme.example", **BLANK)
    known = BLANK | {"language": Person.get_by_id(world.bea.id).language or ""}
    there = f"/desk/contacts/{world.bea.id}"
    assert ben.post(there, name="Bea Lund", email="bea@acme.example", position="Buyer", **known).status == 200


def test_an_agent_makes_nobody_of_the_team_one_of_a_customers_people(desk, world):
    """In the portal they would read, and answer as customers, what is hidden from them at the desk (P1, P3)."""
    theirs = BLANK | {"organization": str(world.marlow.id), "name": "Ines Roy", "email": world.ines.email}
    for colleague in (world.ines, world.ben):
        page = desk(colleague).post("/desk/contacts", **theirs)
        assert page.status == 403
        assert "one of the team" in page
    there = f"/desk/contacts/{world.bea.id}"
    known = BLANK | {"name": "Bea Lund", "email": world.bea.email, "language": world.bea.language or ""}
    desk(world.ben).post("/desk/contacts", **known)
    assert desk(world.bea).post(there, **(known | {"organization": str(world.marlow.id)})).status == 403
    assert Person.get_by_id(world.bea.id).contact.organization is None
    assert desk(world.ada).post(there, **(known | {"organization": str(world.marlow.id)})).status == 200
    without = {name: value for name, value in known.items() if name != "may_authorize"}
    assert desk(world.bea).post(there, **(without | {"organization": str(world.marlow.id)})).status == 403


def test_a_moved_address_stands_in_the_record(desk, world):
    from app.timeline.event import Event

    desk(world.ben).post(f"/desk/contacts/{world.carol.id}", name="Carol Ruiz", email="new@marlow.example", **BLANK)
    assert Event.get(Event.kind == "contact.changed").details == {
        "was": "carol@marlow.example", "now": "new@marlow.example",
    }  # fmt: skip


def test_further_addresses_stand_in_the_record(desk, world):
    from app.timeline.event import Event

    fields = {"name": "Carol Ruiz", "email": "carol@marlow.example", "other_addresses": "c@marlow.example"}
    desk(world.ben).post(f"/desk/contacts/{world.carol.id}", **fields, **BLANK)
    assert Event.get(Event.kind == "contact.changed").details == {"beside": ["c@marlow.example"], "beside_before": []}


def test_a_new_password_by_a_link_ends_every_sign_in(app, client, portal, world):
    elsewhere = portal(world.carol)
    invitation = Invitation.invite_contact(world.carol, by=world.ben)
    client.post(f"/accounts/{invitation.token}", password="another long password")
    assert elsewhere.get("/portal").h1 == "Sign in"
    assert client.get("/portal").h1 == "Hello, Carol"
    assert Session.select().where(Session.person == world.carol, Session.ended_at.is_null()).count() == 1


def test_one_set_up_ends_the_other_links_for_it(app):
    first, second = Invitation.issue("setup"), Invitation.issue("setup")
    told = {"name": "Ada", "email": "ada@acme.example", "password": PASSWORD, "company": "Acme", "language": "en"}
    Client(app).post(f"/set-up/{first.token}", **told, timezone="Europe/Madrid")
    assert Agent.select().count() == 1
    told["email"] = "evil@evil.example"
    assert Client(app).post(f"/set-up/{second.token}", **told, timezone="Europe/Madrid").status == 410
    assert Agent.select().count() == 1


def test_wrong_passwords_are_counted_by_the_account_too(app, world):
    limiter.reset()
    fields = {"email": "carol@marlow.example", "password": "not this one"}
    seen = []
    for number in range(102):
        browser = Client(app)
        answer = browser._ask(
            "/sign-in", method="POST", data=fields | {"csrf_token": browser.token},
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"},
        )  # fmt: skip
        seen.append(answer.status_code)
    limiter.reset()
    assert (seen[0], seen[-1]) == (422, 429)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix", "unix"),
    ],
)
def test_who_is_counted(app, address, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visitor() == counted


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example", "/\t\\evil.example",
        "https://evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: x=1", "/\u2028/evil.example", "evil.example",
        "http:evil.example", "//[", "", "\\\\evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(client, world, there):
    answer = client.post("/language", language="en", next=there, follow=False)
    assert (answer.status, answer.location) == (303, "/")
    answer = client.post("/sign-in", email="carol@marlow.example", password=PASSWORD, next=there, follow=False)
    assert (answer.status, answer.location) == (303, "/portal")
