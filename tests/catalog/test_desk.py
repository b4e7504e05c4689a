"""The lists of the catalog in the settings."""

import pytest
from flask_babel import force_locale

from app.catalog.entry import StillNeeded
from app.catalog.lists import LISTS, Category, Origin, Priority, Service, Tag, TicketType
from app.surveys.survey import Survey
from app.tickets.ticket import Ticket
from tests.page import both_ways


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_has_its_page(desk, world, name):
    ada = desk(world.ada)
    assert ada.get(f"/desk/settings/lists/{name}").status == 200
    assert ada.get(f"/desk/settings/lists/{name}/new").status == 200


def test_an_agent_who_is_no_administrator_changes_nothing(desk, world):
    assert desk(world.ben).post("/desk/settings/lists/types", name="Repair").status == 403


def test_an_entry_is_added_at_the_end(desk, world):
    desk(world.ada).get("/desk/settings/lists/types/new").press("Save", name="Repair", color="blue")
    assert [str(each) for each in TicketType.active()] == ["Incident", "Request", "Repair"]


def test_a_second_one_of_the_same_name_is_refused(desk, world):
    shown = desk(world.ada).get("/desk/settings/lists/types/new").press("Save", name="incident")
    assert shown.status == 422
    assert "There is already one with this name." in shown.text


def test_renaming_keeps_the_entry(desk, world):
    entry = TicketType.by_key("incident")
    desk(world.ada).get(f"/desk/settings/lists/types/{entry.id}").press("Save", name="Breakdown")
    assert TicketType.by_key("incident").label == "Breakdown"


def test_one_that_differs_by_an_accent_is_the_same_and_an_accent_may_be_added(desk, world):
    """Search knows no difference; whoever had forgotten the accent writes it."""
    pages, entry = desk(world.ada), TicketType.add("Averia")
    assert pages.get("/desk/settings/lists/types/new").press("Save", name="AVERÍA").status == 422
    assert pages.get(f"/desk/settings/lists/types/{entry.id}").press("Save", name="Avería").status == 200
    assert TicketType.get_by_id(entry.id).label == "Avería"


@both_ways
def test_moving_up_makes_another_default(desk, world, htmx):
    second = TicketType.active()[1]
    shown = desk(world.ada).post(f"/desk/settings/lists/types/{second.id}/move", up="1", htmx=htmx)
    assert shown.status == 200
    assert TicketType.first() == second


@both_ways
def test_switched_off_it_is_no_longer_offered_and_can_come_back(desk, world, htmx):
    ada, entry = desk(world.ada), Category.by_key("question")
    ada.post(f"/desk/settings/lists/categories/{entry.id}/switch", off="1", htmx=htmx)
    assert entry not in Category.active()
    ada.post(f"/desk/settings/lists/categories/{entry.id}/switch", on="1", htmx=htmx)
    assert entry in Category.active()


def test_what_the_system_sets_stays_and_says_why(desk, world):
    ada, entry = desk(world.ada), Origin.by_key("email")
    assert "Ventanilla sets it by itself, so it stays." in ada.get("/desk/settings/lists/origins").text
    shown = ada.post(f"/desk/settings/lists/origins/{entry.id}/switch", off="1")
    assert shown.status == 422
    assert entry in Origin.active()


def test_a_category_has_its_survey_and_a_service_its_group(desk, world):
    ada = desk(world.ada)
    survey = Survey.write(by=world.ada, title="How was it?")
    entry = Category.by_key("problem")
    ada.get(f"/desk/settings/lists/categories/{entry.id}").press("Save", survey=str(survey.id))
    assert Category.by_key("problem").survey == survey
    ada.get("/desk/settings/lists/services/new").press("Save", name="Visit", group=str(world.press_team.id))
    assert Service.get().group == world.press_team


def test_a_priority_has_a_mark(desk, world):
    entry = Priority.by_key("low")
    desk(world.ada).get(f"/desk/settings/lists/priorities/{entry.id}").press("Save", level="2")
    assert Priority.by_key("low").level == 2


def test_an_unknown_list_is_not_found(desk, world):
    assert desk(world.ada).get("/desk/settings/lists/nothing").status == 404


SHIPPED = {  # SPEC T5
    Priority: ["Baja", "Media", "Alta", "Urgente"],
    Category: ["Duda", "Sugerencia", "Problema"],
    Origin: [
        "Aplicación de soporte", "Formulario web", "Correo electrónico", "Chat", "WhatsApp", "Facebook", "X",
        "Enlace de portal", "API",
    ],
}  # fmt: skip


@pytest.mark.parametrize("entries", SHIPPED, ids=lambda each: each.__name__)
def test_what_is_shipped(world, entries):
    with force_locale("es"):
        assert [each.label for each in entries.active()] == SHIPPED[entries]


@pytest.mark.parametrize("channel", ["desk", "form", "email", "link"])
def test_the_system_sets_the_origin_of_each_way_in(world, channel):
    ticket = Ticket.open(by=world.ben, requester=world.carol, subject="New", text="x", channel=channel)
    assert ticket.origin == Origin.by_key(channel)


def test_no_origin_that_is_shipped_can_be_taken_away_and_ones_own_can(world):
    for entry in Origin.all():
        with pytest.raises(StillNeeded):
            entry.switch(on=False)
    own = Origin.add("Radio")
    own.switch(on=False)
    assert own not in Origin.active()


def test_an_entry_has_a_color_and_a_place(desk, world):
    ada = desk(world.ada)
    ada.get("/desk/settings/lists/tags/new").press("Save", name="Warranty", color="teal")
    ada.get("/desk/settings/lists/tags/new").press("Save", name="Night", color="")
    night = next(each for each in Tag.all() if each.name == "Night")
    shown = ada.post(f"/desk/settings/lists/tags/{night.id}/move", up="1")
    rows = [each.text for each in shown.all("th") if each.get("scope") == "row"]
    assert rows == ["Night", "Warranty Teal"]
    ada.get(f"/desk/settings/lists/tags/{night.id}").press("Save", color="red")
    assert Tag.by_number(night.id).color == "red"


def test_a_ticket_is_of_the_first_type_in_the_list(desk, world):
    second = TicketType.active()[1]
    second.move(up=True)
    form = desk(world.ben).get("/desk/tickets/new")
    assert form.field("Type").value == str(second.id)
    assert [each.text for each in form.field("Type").all("option")] == ["Request", "Incident"]
    ticket = Ticket.open(by=world.carol, requester=world.carol, subject="New", text="x", channel="form")
    assert ticket.type == second


@pytest.mark.parametrize("rest", ["", "/new", "/1"])
def test_a_list_that_is_none_is_not_there(desk, world, rest):
    assert desk(world.ada).get(f"/desk/settings/lists/nope{rest}").status == 404
