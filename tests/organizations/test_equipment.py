"""Equipment on tickets, what "Create ticket" fills in, and the switch that hides it everywhere (SPEC T7)."""

import pytest

from app.accounts.contact import Contact
from app.documents.contents import html_of
from app.organizations.equipment import Equipment
from app.organizations.settings import CustomerSettings
from app.organizations.site import Site
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket


@pytest.fixture
def press(world):
    return Equipment.enter(
        by=world.ben, name="Offset press", brand="Heid", model="XL-75", serial="OP-77", organization=world.marlow
    )


def test_create_ticket_on_a_machine_fills_in_what_is_known(desk, world, press):
    form = desk(world.ben).get(f"/desk/equipment/{press.id}").follow("Create ticket")
    assert form.field("Serial number").value == "OP-77"
    assert form.field("Organization").value == str(world.marlow.id)
    assert form.field("Equipment").value == str(press.id)
    form.press("Create ticket Ctrl ↵", subject="It stops", text="Twice a day.", requester="dan@marlow.example")
    ticket = Ticket.select().order_by(Ticket.id.desc()).first()
    assert (ticket.equipment, ticket.serial, ticket.organization) == (press, "OP-77", world.marlow)
    shown = desk(world.ben).get(f"/desk/tickets/{ticket.number}/properties")
    assert "Offset press · Heid XL-75 · OP-77" in shown


def test_create_ticket_on_a_contact_and_an_organization_too(desk, world):
    ben = desk(world.ben)
    world.carol.contact.change(mobile="34600555014")
    form = ben.get(f"/desk/contacts/{world.carol.id}").follow("Create ticket")
    assert form.field("Requester").value == "Carol Ruiz <carol@marlow.example>"
    assert form.field("Organization").value == str(world.marlow.id)
    assert form.field("Phone").value == "+34600555014"
    opened = form.press("Create ticket Ctrl ↵", subject="A leak", text="It drips.")
    assert opened.link("+34 600 55 50 14")["href"] == "tel:+34600555014"
    form = ben.get(f"/desk/organizations/{world.marlow.id}").follow("Create ticket")
    assert form.field("Organization").value == str(world.marlow.id)
    assert form.field("Requester").value == ""
    alone = ben.get(f"/desk/organizations/{world.rival.id}").follow("Create ticket")
    assert alone.field("Requester").value == "Eve Stone <eve@rival.example>"  # its only person


def test_a_machine_stands_at_a_site_of_its_customer(desk, world):
    ben = desk(world.ben)
    ben.get(f"/desk/organizations/{world.marlow.id}").follow("New site").press(
        "Save", name="Print hall", address="9 Mill Lane"
    )
    site = Site.get()
    form = ben.get(f"/desk/sites/{site.id}").follow("New equipment")
    form.press("Save", name="Folder", serial="FO-12")
    folder = Equipment.get(Equipment.serial == "FO-12")
    assert (folder.site, folder.organization) == (site, world.marlow)
    assert ben.get(f"/desk/sites/{site.id}").has_link("Folder")
    form = ben.get(f"/desk/equipment/{folder.id}/edit")
    assert form.field("It stands at (optional)").value == f"{world.marlow.id}-{site.id}"
    form.press("Save", organization=str(world.rival.id))
    folder = Equipment.get(Equipment.serial == "FO-12")
    assert (folder.site, folder.organization) == (None, world.rival)


def test_a_site_without_a_name_is_refused(desk, world):
    assert desk(world.ben).post(f"/desk/organizations/{world.marlow.id}/sites", name=" ").status == 422


def test_switched_off_equipment_is_hidden_everywhere(desk, portal, world, press):
    world.leak.change(equipment=press, serial="OP-77")
    ben, carol, leak = desk(world.ben), portal(world.carol), world.leak.number
    pages = [
        (ben, f"/desk/organizations/{world.marlow.id}"), (ben, f"/desk/tickets/{leak}/properties"),
        (carol, f"/portal/tickets/{leak}"), (carol, "/portal"), (ben, "/desk/tickets?view=all&columns=serial"),
    ]  # fmt: skip
    for browser, path in pages[:4]:
        assert "Offset press" in browser.get(path)
    for browser, path in pages[:3]:
        assert "OP-77" in browser.get(path)
    assert b"OP-77" in ben.http.get("/desk/tickets/export").get_data()
    assert "OP-77" in html_of(world.leak, face="portal", language="en", timezone="Europe/Madrid")[0]
    desk(world.ada).get("/desk/settings/sections/CustomerSettings").press("Save", uses_equipment=[])
    assert not CustomerSettings.uses_equipment
    for browser, path in pages:
        shown = browser.get(path)
        assert "OP-77" not in shown.html
        assert "Offset press" not in shown.html
        assert "Equipment" not in shown.text
    paper = html_of(Ticket.get_by_id(world.leak.id), face="portal", language="en", timezone="UTC")[0]
    assert "OP-77" not in paper
    assert "Offset press" not in paper
    assert b"OP-77" not in ben.http.get("/desk/tickets/export").get_data()
    assert not ben.get("/desk/tickets/new").has_field("Serial number")
    assert not ben.get("/desk/contacts").has_link("Equipment")
    for path in ("/desk/equipment", f"/desk/equipment/{press.id}", f"/desk/organizations/{world.marlow.id}/sites/new"):
        assert ben.get(path).status == 404


def test_without_serial_numbers_a_customer_reads_the_machines_name_alone(portal, world, press):
    world.leak.change(equipment=press)
    carol, here = portal(world.carol), f"/portal/tickets/{world.leak.number}"

    def paper():
        return html_of(Ticket.get_by_id(world.leak.id), face="portal", language="en", timezone="Europe/Madrid")[0]

    for told in (carol.get(here).text, paper()):
        assert "Offset press" in told
        assert "OP-77" in told
    assert "Offset press Heid XL-75" in paper()
    TicketSettings.set(fields_off=["serial"])
    for told in (carol.get(here).text, paper()):
        assert "Offset press" in told
        assert "OP-77" not in told


def test_a_machine_on_offer_is_the_customers_own_and_in_use(desk, world, press):
    other = Equipment.enter(by=world.ben, name="Folder", serial="FO-12", organization=world.rival)
    old = Equipment.enter(by=world.ben, name="Old press", serial="OP-1", organization=world.marlow, is_active=False)
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}/properties/equipment"
    offered = [each.text for each in ben.get(here).field("Equipment").all("option")]
    assert offered == ["None", "Offset press · Heid XL-75 · OP-77"]
    for machine in (other, old):
        assert ben.post(here, equipment=str(machine.id)).status == 422
    ben.post(here, equipment=str(press.id))
    assert Ticket.get_by_id(world.leak.id).equipment == press
    ben.post(here, equipment="")
    assert Ticket.get_by_id(world.leak.id).equipment is None


def test_the_switch_does_not_touch_which_fields_are_off(desk, world):
    TicketSettings.set(fields_off=["product"])
    CustomerSettings.set(uses_equipment=False)
    assert set(TicketSettings.fields_off) == {"product", "serial", "equipment"}
    desk(world.ada).get("/desk/settings/sections/TicketSettings").press("Save")
    CustomerSettings.set(uses_equipment=True)
    assert TicketSettings.fields_off == ["product"]


def test_a_contact_without_an_organization_fills_in_only_themselves(desk, world):
    gil = Contact.register("Gil Roy", "gil@alone.example")
    form = desk(world.ben).get(f"/desk/contacts/{gil.id}").follow("Create ticket")
    assert (form.field("Requester").value, form.field("Organization").value) == ("Gil Roy <gil@alone.example>", "")
