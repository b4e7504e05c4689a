"""Contacts, organizations and equipment at the desk."""

import pytest

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.surveys.survey import Survey
from app.tickets.ticket import Ticket


def test_contacts_are_found_by_name_address_and_organization(desk, world):
    ben = desk(world.ben)
    assert ben.get("/desk/contacts").has_link("Carol Ruiz")
    for words, found, other in [("carol", "Carol Ruiz", "Eve Stone"), ("RIVAL", "Eve Stone", "Dan Webb")]:
        shown = ben.get("/desk/contacts", words=words)
        assert shown.has_link(found)
        assert not shown.has_link(other)
    assert "Nothing found" in ben.get("/desk/contacts", words="100%")


def test_a_long_list_goes_on_where_it_ended(desk, world):
    for number in range(60):
        Contact.register(f"Person {number:02}", f"p{number}@many.example")
    ben = desk(world.ben)
    first = ben.get("/desk/contacts", words="many")
    assert first.has_link("Person 49")
    assert not first.has_link("Person 50")
    second = first.follow("Next")
    assert second.has_link("Person 50")
    assert second.has_link("Person 59")
    assert not second.has_link("Next")


def test_a_contact_shows_their_tickets(desk, world):
    shown = desk(world.ben).get(f"/desk/contacts/{world.carol.id}")
    assert shown.region("Latest tickets").has_link("The press leaks")


def test_a_ticket_leads_to_its_customers_card(desk, world):
    """Who they are, their organization, and their other tickets: closed ones too, none from the bin."""
    carol = world.carol
    carol.contact.change(phone="+34 912 34 56 78", mobile="34666777888", position="Printer", notes="Rings at noon.")
    closed, removed = (
        Ticket.open(by=carol, requester=carol, subject=subject, text="x", channel="form") for subject in ("Ink", "Dust")
    )
    closed.close("Done", by=world.ben)
    removed.remove(by=world.ben)
    ben = desk(world.ben)
    card = ben.get(f"/desk/tickets/{world.leak.number}").follow("View card")
    assert card.h1 == "Carol Ruiz"
    phones = "+34 912 34 56 78", "+34 666 77 78 88"
    for words in ("carol@marlow.example", *phones, "Printer", "Rings at noon.", "English"):
        assert words in card, words
    latest = card.region("Latest tickets")
    assert [each.text for each in latest.all("a")] == ["Ink", "The press leaks"]
    assert card.follow("Marlow Print").region("People").has_link("Carol Ruiz")
    typed = Ticket.open(by=world.ben, channel="desk", name="Nora Vale", subject="A press", text="x")
    assert not ben.get(f"/desk/tickets/{typed.number}").has_link("View card")


def test_a_contact_of_a_restricted_groups_ticket_shows_it_to_members_only(desk, world):
    world.press_team.change(is_restricted=True)
    world.leak.give_to_group(world.press_team, by=world.ada)
    assert not desk(world.bea).get(f"/desk/contacts/{world.carol.id}").has_link("The press leaks")
    assert desk(world.ben).get(f"/desk/contacts/{world.carol.id}").has_link("The press leaks")


def test_a_contact_is_entered_and_edited(desk, world):
    ben = desk(world.ben)
    marlow = str(world.marlow.id)
    shown = ben.get("/desk/contacts/new").press(
        "Save", name="Gil Roy", email="Gil@Marlow.example", organization=marlow, mobile="+34 600 555 014"
    )
    assert shown.h1 == "Gil Roy"
    assert "+34 600 55 50 14" in shown
    assert "+34 600 55 50 14" in ben.get("/desk/contacts?words=gil")
    gil = Person.by_email("gil@marlow.example")
    assert (gil.contact.organization, gil.contact.mobile, gil.contact.may_authorize) == (
        world.marlow,
        "34600555014",
        True,
    )
    fields = {"name": "Gil Roy", "email": "gil@marlow.example", "organization": marlow, "language": "pt"}
    ben.post(f"/desk/contacts/{gil.id}", **fields)
    gil = Person.by_email("gil@marlow.example")
    assert (gil.language, gil.contact.may_authorize) == ("pt", False)


def test_a_taken_address_and_a_wrong_mobile_are_refused(desk, world):
    ben = desk(world.ben)
    fields = {"name": "Gil", "organization": "0", "language": ""}
    assert ben.post("/desk/contacts", **fields, email="carol@marlow.example").status == 422
    assert "country prefix" in ben.post("/desk/contacts", **fields, email="gil@x.example", mobile="call me").text


def test_who_only_looks_changes_nothing(desk, world):
    vic = desk(world.vic)
    assert vic.get(f"/desk/contacts/{world.carol.id}").status == 200
    assert not vic.get(f"/desk/contacts/{world.carol.id}").has_link("Edit")
    assert vic.post("/desk/organizations", name="New").status == 403


def test_an_organization_is_made_edited_and_shares_its_tickets(desk, world):
    ben = desk(world.ben)
    ben.get("/desk/organizations/new").press("Save", name="Norte Print")
    made = Organization.get(Organization.name == "Norte Print")
    ben.get(f"/desk/organizations/{made.id}/edit").press("Save", shares_tickets="y")
    assert Organization.get_by_id(made.id).shares_tickets
    shown = ben.get(f"/desk/organizations/{world.marlow.id}")
    assert shown.region("People").has_link("Dan Webb")


def test_equipment_is_known_by_its_serial_number(desk, world):
    ben = desk(world.ben)
    marlow = str(world.marlow.id)
    assert ben.post("/desk/equipment", name="Press", serial="", organization=marlow).status == 422
    ben.get("/desk/equipment/new").press("Save", name="Press", serial="OP-77", organization=marlow)
    assert Equipment.get().organization == world.marlow
    assert ben.get("/desk/equipment", words="op-7").has_link("Press")
    assert ben.get(f"/desk/equipment/{Equipment.get().id}").h1 == "Press"


def test_a_customers_card_says_how_satisfied_they_were(desk, world):
    """Of the tickets one may see: a restricted group's answers are its own."""
    survey = Survey.write(by=world.ada, title="How did it go?", introduction="A minute.")
    score = survey.ask(by=world.ada, text="How was it?", kind="score", choices=[], is_required=True)
    survey.ask(by=world.ada, text="Again?", kind="nps", choices=[], is_required=False)
    survey.change(is_generic=True)
    vault = Group.create(name="Vault", is_restricted=True)
    vault.take_in(world.bea)
    paths = f"/desk/contacts/{world.carol.id}", f"/desk/organizations/{world.marlow.id}"
    ben, bea = desk(world.ben), desk(world.bea)
    for path in paths:
        assert "No answers yet" in ben.get(path).region("Satisfaction")
    for given, group in ((4, None), (5, None), (1, vault)):
        ticket = Ticket.open(
            by=world.carol, requester=world.carol, subject=f"Worth {given}", text="x", channel="form", group=group,
            organization=world.marlow,
        )  # fmt: skip
        ticket.send_survey(by=world.ada).answer({f"question-{score.id}": str(given)})
    for path in paths:
        seen = ben.get(path).region("Satisfaction")
        assert "4.5 of 5 · 2 answers" in seen
        assert "Very good (5/5)" in seen
        assert seen.has_link(f"{world.leak.number + 1} Worth 4")
        assert "Worth 1" not in ben.get(path)
        assert "3.3 of 5 · 3 answers" in bea.get(path).region("Satisfaction")


@pytest.mark.parametrize(
    ("words", "found"),
    [("jose", True), ("NÚÑEZ", True), ("nunez jose", True), ("jose cordoba", True), ("jose marlow", False),
     ("jose%", False), ("jos_", False), ("jose\\", False), ("600 55 50", True), ("jose_n@", True)],
)  # fmt: skip
def test_a_contact_is_found_by_its_words_whatever_their_accents(desk, world, words, found):
    cordoba = Organization.register("Talleres Córdoba")
    Contact.register("José Núñez", "jose_n@example.com", organization=cordoba, mobile="34600555014")
    Equipment.create(organization=cordoba, name="Cámara frigorífica", serial="CF-9")
    ben = desk(world.ben)
    assert ben.get("/desk/contacts", words=words).has_link("José Núñez") == found
    assert ben.get("/desk/organizations", words="cordoba").has_link("Talleres Córdoba")
    assert "CF-9" in ben.get("/desk/equipment", words="camara talleres")


@pytest.mark.parametrize("name", ["Иван Петров", "Łódź Søren", "Weiß Ωmega", "Nadia O’Brien"])
def test_a_name_in_any_letters_is_found_as_it_is_written(desk, world, name):
    Contact.register(name, "somebody@example.com")
    assert desk(world.ben).get("/desk/contacts", words=name).has_link(name)
