"""Reply templates: kept by administrators, offered in a useful order, filled in, and never sent half empty (A6)."""

from datetime import timedelta

import pytest

from app.catalog.lists import Product
from app.lib.clock import now
from app.lib.folding import has_words
from app.messages.message import Message
from app.messages.reply_template import PLACEHOLDERS, ReplyTemplate, TemplateUnfinished, UnknownPlaceholder
from app.messages.templated import placeholders
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from tests.page import both_ways

LIST = "/desk/settings/templates"


def write(world, name: str, text: str = "Hello", **details) -> ReplyTemplate:
    return ReplyTemplate.write(by=world.ada, name=name, text=text, **details)


def there(world, rest: str = "") -> str:
    return f"/desk/tickets/{world.leak.number}{rest}"


def buttons(page) -> list[str]:
    return [each.text for each in page.all("button") if each.get("name") == "template" and each["value"]]


def test_those_of_my_groups_and_of_the_tickets_language_come_first(world):
    write(world, "In Spanish", language="es")
    write(world, "For all")
    write(world, "In English", language="en")
    write(world, "Of the presses", group=world.press_team)
    write(world, "Of the presses, in English", group=world.press_team, language="en")
    found = ReplyTemplate.offered(use="reply", groups=[world.press_team.id], language="en")
    names = [each.name for each in found]
    assert names == ["Of the presses, in English", "Of the presses", "In English", "For all", "In Spanish"]
    others = [each.name for each in ReplyTemplate.offered(use="reply", language="en")]
    assert others == ["In English", "For all", "In Spanish"]


def test_a_search_needs_every_word_and_no_accents(world):
    write(world, "Avería del compresor", "Pasará un técnico mañana")
    write(world, "Factura", "Rectificada")
    assert [each.name for each in ReplyTemplate.offered(use="reply", words="tecnico AVERIA")] == [
        "Avería del compresor"
    ]
    assert not ReplyTemplate.offered(use="reply", words="averia factura")
    assert has_words("Ángel  Núñez", "nunez  ang")


def test_what_is_switched_off_or_for_another_use_is_not_offered(world):
    write(world, "Close", use="closing")
    write(world, "Old").switch(on=False, by=world.ada)
    assert not ReplyTemplate.offered(use="reply")


def test_every_placeholder_is_filled_where_there_is_something_to_put(world):
    world.leak.edit(by=world.ben, serial="OP-77")
    values = placeholders(Ticket.get_by_id(world.leak.id), world.ben)
    assert set(values) == set(PLACEHOLDERS)
    assert {name for name, value in values.items() if not value} == {"product", "deadline"}
    assert (values["name"], values["full_name"]) == ("Carol", "Carol Ruiz")
    assert (values["organization"], values["serial"], values["agent"]) == ("Marlow Print", "OP-77", "Ben Ortiz")


@pytest.mark.parametrize("name", ["serial", "product", "due_at", "customer_company"])
def test_a_field_that_is_switched_off_fills_nothing_in_and_is_not_offered(desk, world, name):
    """Else what nobody sees at the desk is sent to the customer."""
    leak = world.leak
    leak.change(serial="OP-77", product=Product.add("Press oil"), organization=None, customer_company="Marlow & Co")
    leak.set_due(now() + timedelta(days=3), by=world.ben)
    filled_in = {"customer_company": "organization", "due_at": "deadline"}.get(name, name)
    assert placeholders(leak, world.ben)[filled_in]
    TicketSettings.set(fields_off=[name])
    assert not placeholders(leak, world.ben)[filled_in]
    template = write(world, "Ready", f"About {{{filled_in}}}: done.")
    refused = desk(world.ben).post(there(world, "/replies"), template=str(template.id))
    assert refused.field("Reply").value == f"About {{{filled_in}}}: done."
    offered = [each.text for each in desk(world.ada).get(f"{LIST}/new").all("dt")]
    assert (f"{{{filled_in}}}" in offered) is (name == "customer_company")


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again(world):
    template = write(world, "Loop", "About {subject}, {agent}")
    filled = template.filled({"subject": "{agent} {{7*7}} {% raw %}", "agent": "Ben"})
    assert filled == "About {agent} {{7*7}} {% raw %}, Ben"


def test_an_unknown_placeholder_is_refused_by_name(world):
    with pytest.raises(UnknownPlaceholder) as problem:
        write(world, "Wrong", "Dear {nmae}")
    assert "{nmae}" in problem.value.sentence
    with pytest.raises(TemplateUnfinished):
        write(world, " ", "x")
    assert write(world, "Braces", "Type {} or { name } or {1}").text == "Type {} or { name } or {1}"


@both_ways
def test_the_picker_searches_without_losing_what_was_typed(desk, world, htmx):
    write(world, "Visit", "We come on Friday.\nBring coffee.")
    write(world, "Invoice", "The invoice is attached.")
    client = desk(world.ben)
    page = client.post(there(world, "/replies"), htmx=htmx, text="Dear Carol", cc="", pick="1")
    assert buttons(page) == ["Visit We come on Friday. Bring coffee.", "Invoice The invoice is attached."]
    page = client.post(there(world, "/replies"), htmx=htmx, text="Dear Carol", cc="", pick="1", find="invoi")
    assert buttons(page) == ["Invoice The invoice is attached."]
    assert page.field("Search templates").value == "invoi"
    assert page.field("Reply").value == "Dear Carol"
    page = client.post(there(world, "/replies"), htmx=htmx, text="Dear Carol", cc="", pick="1", find="zebra")
    assert "No template has these words." in page


@both_ways
def test_the_picker_is_closed_again_and_what_was_typed_stays(desk, world, htmx):
    write(world, "Visit", "We come on Friday.")
    picking = desk(world.ben).post(there(world, "/replies"), htmx=htmx, text="Dear Carol", cc="", pick="1")
    closed = picking.press("Close the templates", htmx=htmx)
    assert "Begin with a template" not in closed
    assert closed.field("Reply").value == "Dear Carol"
    assert not Message.select().where(Message.text == "Dear Carol").exists()


def test_the_first_button_of_the_form_is_the_search(desk, world):
    """So that Enter in the search field searches, and sends nothing."""
    write(world, "Visit")
    page = desk(world.ben).post(there(world, "/replies"), text="", cc="", pick="1")
    buttons_there = page.by_id("composer").all("form")[-1].all("button")
    first = next(each for each in buttons_there if each.get("type") == "submit")
    assert first["name"] == "pick"


def test_many_templates_show_the_first_and_say_how_many_more(desk, world):
    for number in range(33):
        write(world, f"Template {number}")
    page = desk(world.ben).post(there(world, "/replies"), text="", cc="", pick="1")
    assert len(buttons(page)) == 30
    assert "3 more: search for them." in page


@both_ways
def test_the_reason_for_closing_may_begin_with_a_template_for_closing(desk, world, htmx):
    write(world, "Solved", "Dear {name}, it is solved.", use="closing")
    write(world, "Visit", "We come on Friday.")
    client = desk(world.ben)
    page = client.get(there(world))
    picking = page.press("Template /", within=page.by_id("closing"), htmx=htmx, text="By phone.")
    assert "Visit" not in picking.by_id("closing")
    filled = picking.press("Solved Dear {name}, it is solved.", within=picking.by_id("closing"), htmx=htmx)
    assert filled.by_id("closing").field("Reason").value == "By phone.\n\nDear Carol, it is solved."
    filled.press("Close ticket", within=filled.by_id("closing"), htmx=htmx)
    assert Ticket.get_by_id(world.leak.id).status == "closed_by_team"


@pytest.mark.parametrize("use", ["reply", "closing", "authorization"])
@both_ways
def test_what_cannot_be_filled_stays_marked_and_blocks_sending(desk, world, use, htmx):
    where = {"reply": "/replies", "closing": "/closure", "authorization": "/authorizations"}[use]
    template = write(world, "Date", "{name}: by {deadline} for {product}.", use=use)
    client = desk(world.ben)
    more = {"way": "button", "asked_of": str(world.carol.id)} if use == "authorization" else {}
    page = client.post(there(world, where), htmx=htmx, text="", cc="", template=str(template.id), **more)
    assert [mark.text for mark in page.all("mark")] == ["{deadline}", "{product}"]
    text = page.all("textarea")[0].value
    assert text == "Carol: by {deadline} for {product}."
    refused = client.post(there(world, where), htmx=htmx, text=text, cc="", **more)
    assert refused.status == 422
    assert "Fill in {deadline} first" in refused
    assert [mark.text for mark in refused.all("mark")] == ["{deadline}", "{product}"]
    assert Ticket.get_by_id(world.leak.id).status == "open"


def test_an_administrator_orders_switches_and_searches_them(desk, world):
    first, second = write(world, "First"), write(world, "Second")
    write(world, "The end", use="closing")
    ada = desk(world.ada)
    ada.get(LIST).press("Move down: First")
    assert [each.name for each in ReplyTemplate.all(use="reply")] == ["Second", "First"]
    page = ada.get(LIST, use="reply")
    page.press("Switch off", within=_row(page, "Second"))
    assert not ReplyTemplate.by_number(second.id).is_active
    assert ReplyTemplate.by_number(first.id).is_active
    page = ada.get(LIST, q="sec")
    assert page.has_link("Second")
    assert not page.has_link("First")
    assert "No template has these words." in ada.get(LIST, q="zebra")
    assert not ada.get(LIST, use="closing").has_link("First")


def test_a_typo_is_named_and_nothing_typed_is_lost(desk, world):
    page = desk(world.ada).post(LIST, name="Bad", use="reply", group="0", language="", text="Dear {nmae}")
    assert page.status == 422
    assert "Nothing fills in {nmae}" in page
    assert page.field("Text").value == "Dear {nmae}"


def _row(page, name: str):
    return next(row for row in page.all("tr") if name in row)
