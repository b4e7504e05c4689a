"""The settings at the desk: who may enter, sections, companies, templates."""

import pytest

from app.branding.company import Company
from app.messages.reply_template import ReplyTemplate
from app.messages.settings import WhatsAppSettings
from app.tickets.settings import FormSettings, TicketSettings
from app.timeline.event import Event

PAGES = [
    "/desk/settings", "/desk/settings/companies", "/desk/settings/companies/new",
    "/desk/settings/sections/TicketSettings",
    "/desk/settings/sections/FormSettings", "/desk/settings/templates", "/desk/settings/templates/new",
    "/desk/settings/surveys", "/desk/settings/surveys/new", "/desk/settings/live", "/desk/settings/agents",
    "/desk/settings/invitations/new", "/desk/settings/groups", "/desk/settings/groups/new",
    "/desk/settings/lists/types", "/desk/settings/lists/categories/new", "/desk/settings/lists/priorities",
    "/desk/settings/lists/services/new",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_only_an_administrator_enters(desk, world, path):
    assert desk(world.ada).get(path).status == 200
    assert desk(world.ben).get(path).status == 403


def test_the_index_names_every_page_and_where_one_is(desk, world):
    index = desk(world.ada).get("/desk/settings/templates").region("Settings")
    current = [each.text for each in index.all("a") if each.get("aria-current") == "page"]
    assert current == ["Reply templates"]
    assert index.has_link("Agents")
    assert not index.has_link("Wire")


def test_a_section_is_drawn_filled_saved_and_remembered(desk, world):
    ada = desk(world.ada)
    shown = ada.get("/desk/settings/sections/TicketSettings")
    assert shown.field("Close resolved tickets after").value == "7"
    shown.press("Save", close_resolved_after="9", fields_off=["serial", "product"])
    assert TicketSettings.close_resolved_after == 9
    assert TicketSettings.fields_off == ["product", "serial"] or TicketSettings.fields_off == ["serial", "product"]
    change = Event.get(Event.kind == "setting.changed", Event.details["name"] == "close_resolved_after")
    assert (change.details["was"], change.details["now"], change.by) == (7, 9, world.ada)


def test_a_number_that_is_none_is_refused(desk, world):
    shown = desk(world.ada).post("/desk/settings/sections/TicketSettings", close_resolved_after="many")
    assert shown.status == 422
    assert TicketSettings.close_resolved_after == 7


def test_a_flag_can_be_switched_off(desk, world):
    desk(world.ada).get("/desk/settings/sections/TicketSettings").press("Save", reopen_on_reply=[])
    assert TicketSettings.reopen_on_reply is False


def test_who_may_open_tickets(desk, world):
    shown = desk(world.ada).get("/desk/settings/sections/FormSettings")
    shown.press("Save", who_may_open="everyone")
    assert FormSettings.who_may_open == "everyone"


def test_the_switch_of_the_wire_is_no_section(desk, world):
    assert desk(world.ada).get("/desk/settings/sections/WireSettings").status == 404


def test_the_company_is_described(desk, world):
    shown = desk(world.ada).get("/desk/settings/companies")
    shown.press("Save", name="Acme Care", timezone="Europe/Lisbon")
    ours = Company.ours()
    assert (ours.name, ours.timezone) == ("Acme Care", "Europe/Lisbon")


def test_a_second_company_makes_a_list(desk, world):
    desk(world.ada).get("/desk/settings/companies/new").press("Save", name="Acme Sur")
    shown = desk(world.ada).get("/desk/settings/companies")
    assert shown.has_link("Acme Sur")
    assert not Company.get(Company.name == "Acme Sur").is_default


def test_a_reply_template_is_written_seen_filled_in_and_deleted(desk, world):
    ada = desk(world.ada)
    ada.get("/desk/settings/templates/new").press(
        "Save", name="Ask the serial", use="reply", group="0", language="", text="Hello, {name}: the serial, please."
    )
    template = ReplyTemplate.get()
    shown = ada.get(f"/desk/settings/templates/{template.id}")
    assert "Hello, Ana: the serial, please." in shown.region("Preview with an example")
    shown.press("Save", text="Hi {name}")
    assert ReplyTemplate.get().text == "Hi {name}"
    ada.get(f"/desk/settings/templates/{template.id}").press("Delete template")
    assert not ReplyTemplate.select().exists()


def test_a_template_without_a_text_is_refused(desk, world):
    shown = desk(world.ada).post("/desk/settings/templates", name="Empty", use="reply", group="0", language="", text="")
    assert shown.status == 422


def test_the_country_of_numbers_is_chosen_by_its_name(desk, world):
    page = desk(world.ada).get("/desk/settings/sections/WhatsAppSettings")
    field = page.field("Country of numbers without a prefix")
    named = {each["value"]: each.text for each in field.all("option")}
    assert (field.tag, field.value, named["ES"], named["PT"]) == ("select", "ES", "Spain (+34)", "Portugal (+351)")
    assert list(named)[:2] == ["AF", "AX"]
    page.press("Save", country="PT")
    assert WhatsAppSettings.country == "PT"
    world.ada.change(language="es")
    names = [each.text for each in desk(world.ada).get("/desk/settings/sections/WhatsAppSettings").all("option")]
    assert names.index("Alemania (+49)") < names.index("España (+34)") < names.index("Estonia (+372)")
