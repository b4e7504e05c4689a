"""Portal links: what they open, for whom, and what nobody gets by them (SPEC C15)."""

import io
import re

import pytest

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.attachments.attachment import Attachment
from app.documents.sticker_sheet import StickerSheet
from app.lib import pdf_child
from app.lib.files import store
from app.messages.message import Message
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.organizations.portal_link import EquipmentIsOff, PortalGuest, PortalLink, PortalLinkUse
from app.organizations.settings import CustomerSettings
from app.organizations.site import Site
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from tests.browsing import Client
from tests.fixtures.things import picture_of
from tests.solving import solved
from tests.world import CANARY


@pytest.fixture
def visitor(app):
    """Whoever comes with nothing but an address."""
    return lambda: Client(app)


@pytest.fixture
def marlow_link(world):
    return PortalLink.issue(by=world.ben, organization=world.marlow)


@pytest.fixture
def hall(world):
    site = Site.enter(world.marlow, by=world.ben, name="Print hall", address="9 Mill Lane")
    Equipment.enter(by=world.ben, name="Folder", brand="Heid", model="F4", serial="FO-12", site=site, organization=None)
    return site


@pytest.fixture
def generic(world):
    everybody = Organization.register("Walk-ins")
    CustomerSettings.set(generic_organization=everybody.id)
    return PortalLink.issue(by=world.ben)


def write(page, text="The press jams.", **fields):
    return page.press("Send", text=text, **fields)


def newest():
    return Ticket.select().order_by(Ticket.id.desc()).first()


# --- what a link opens ---------------------------------------------------------------------------------------------


def test_an_organizations_person_writes_and_follows_the_answer(desk, visitor, world, marlow_link):
    page = visitor().get(f"/p/{marlow_link.token}")
    assert page.h1 == "Enter a ticket"
    shown = write(page, "The press jams.\nEvery morning.", person=str(world.carol.id))
    ticket = newest()
    assert (shown.h1, ticket.requester, ticket.organization) == ("The press jams.", world.carol, world.marlow)
    assert (ticket.channel, ticket.origin.key) == ("link", "link")
    assert Delivery.select().where(Delivery.ticket == ticket, Delivery.to_address == world.carol.email).exists()
    ticket.reply("Which paper?", by=world.ben)
    ticket.note(f"Old model. {CANARY}", by=world.ben)
    ticket.note_intervention("Cleaned the rollers", minutes=40, by=world.ben)
    ticket.set_visibility(internal=True, by=world.ben)
    ticket.note_intervention(f"Asked the maker. {CANARY}", minutes=5, by=world.ben)
    ticket.set_visibility(internal=False, by=world.ben)
    again = visitor().get(f"/p/{marlow_link.token}")
    again = again.client.get(f"/p/{marlow_link.token}/tickets/{ticket.number}")
    assert "Which paper?" in again
    assert "Cleaned the rollers" in again.region("Intervention by Ben Ortiz")
    assert CANARY not in again.html
    again.press("Send", text="A4.", person=str(world.carol.id))
    ticket = newest()
    assert "By a portal link" in desk(world.ben).get(f"/desk/tickets/{ticket.number}")
    assert (ticket.status, Message.select().order_by(Message.id.desc()).first().text) == ("answered_by_customer", "A4.")


def test_a_link_shows_what_came_by_it_and_nothing_else(visitor, world, marlow_link):
    page = visitor().get(f"/p/{marlow_link.token}")
    assert "The press leaks" not in page
    assert visitor().get(f"/p/{marlow_link.token}/tickets/{world.leak.number}").status == 404


def test_where_people_share_their_tickets_the_link_shows_them(visitor, world, marlow_link):
    world.marlow.change(shares_tickets=True)
    assert "The press leaks" in visitor().get(f"/p/{marlow_link.token}")
    sticker = PortalLink.issue(by=world.ben, organization=world.marlow, names_people=False)
    assert "The press leaks" not in visitor().get(f"/p/{sticker.token}")
    world.leak.change(is_internal=True)
    assert "The press leaks" not in visitor().get(f"/p/{marlow_link.token}")


def test_a_restricted_ticket_is_shown_only_to_who_wrote_it(visitor, world, marlow_link):
    """Agents hold the links of every organization, those too who may not see the ticket at the desk (P3)."""
    world.marlow.change(shares_tickets=True)
    browser = visitor()
    shown = write(browser.get(f"/p/{marlow_link.token}"), "The bill is wrong.", person=str(world.dan.id))
    bills = Group.create(name="Bills", is_restricted=True)
    came, shared = newest(), world.leak
    for ticket in (came, shared):
        ticket.give_to_group(bills, by=world.ada)
    other = visitor()
    home = other.get(f"/p/{marlow_link.token}")
    assert "The bill is wrong." not in home
    assert "The press leaks" not in home
    for ticket in (came, shared):
        assert other.get(f"/p/{marlow_link.token}/tickets/{ticket.number}").status == 404
        assert other.post(f"/p/{marlow_link.token}/tickets/{ticket.number}/replies", text="Hm").status == 404
    assert browser.get(shown.path).h1 == "The bill is wrong."
    bills.change(is_restricted=False)
    assert "The bill is wrong." in visitor().get(f"/p/{marlow_link.token}")


def test_who_never_writes_to_customers_holds_no_link(desk, world, marlow_link):
    ines = desk(world.ines)
    assert ines.get(f"/desk/organizations/{world.marlow.id}/portal-links").status == 403
    assert ines.get(f"/desk/portal-links/{marlow_link.id}/code.svg").status == 403
    for page in (f"/desk/organizations/{world.marlow.id}", f"/desk/contacts/{world.carol.id}"):
        assert "portal link" not in ines.get(page)
        assert "portal account" not in ines.get(page)


def test_who_is_not_on_the_list_says_who_they_are_and_joins_nobody(visitor, world, marlow_link):
    world.marlow.change(shares_tickets=True)
    write(visitor().get(f"/p/{marlow_link.token}"), name="Gil Roy", email="gil@else.example")
    ticket = newest()
    assert (ticket.name, ticket.organization) == ("Gil Roy", world.marlow)
    assert ticket.requester.contact.organization is None
    assert not Ticket.shared_with(ticket.requester)


def test_a_link_that_hangs_where_strangers_pass_tells_no_names(visitor, world):
    link = PortalLink.issue(by=world.ben, organization=world.marlow, names_people=False)
    page = visitor().get(f"/p/{link.token}")
    assert "Carol" not in page.html
    refused = write(page, name="Sid", person=str(world.carol.id))
    assert refused.status == 422
    assert "We answer by e-mail" in refused
    assert not Ticket.select().where(Ticket.channel == "link").exists()


def test_a_site_offers_its_machines_and_a_sticker_chooses_one(visitor, world, hall):
    link = PortalLink.issue(by=world.ben, site=hall)
    page = visitor().get(f"/p/{link.token}", serial="FO-12")
    machine = Equipment.get(Equipment.serial == "FO-12")
    assert page.field("Which machine is it about?").value == str(machine.id)
    write(page, person=str(world.dan.id))
    ticket = newest()
    assert (ticket.equipment, ticket.serial, ticket.organization) == (machine, "FO-12", world.marlow)
    organization = PortalLink.issue(by=world.ben, organization=world.marlow)
    assert "The press jams." in visitor().get(f"/p/{organization.token}")  # its sites' too


def test_a_machine_of_another_customer_is_not_on_offer(visitor, world, hall):
    foreign = Equipment.enter(by=world.ben, name="Secret", serial="X-1", organization=world.rival)
    link = PortalLink.issue(by=world.ben, site=hall)
    refused = write(visitor().get(f"/p/{link.token}"), person=str(world.dan.id), equipment=str(foreign.id))
    assert refused.status == 422
    assert "X-1" not in refused.html


def test_a_photo_goes_along_and_can_be_fetched(visitor, world, marlow_link):
    browser = visitor()
    shown = write(
        browser.get(f"/p/{marlow_link.token}"), person=str(world.dan.id), files=(io.BytesIO(picture_of()), "oil.png")
    )
    file = Attachment.get()
    answer = browser.get(next(each["href"] for each in shown.all("a") if "/files/" in each.get("href")))
    assert answer.response.get_data() == picture_of()
    assert "attachment" in answer.headers["Content-Disposition"]
    other = PortalLink.issue(by=world.ben, organization=world.rival)
    assert browser.get(f"/p/{other.token}/tickets/{newest().number}/files/{file.id}").status == 404


# --- the generic link: each person sees only their own ------------------------------------------------------------


def test_with_the_generic_link_each_sees_only_their_own(visitor, world, generic):
    ana, bob = visitor(), visitor()
    mine = write(ana.get(f"/p/{generic.token}"), "My lamp is dark.", name="Ana", email="ana@walk.example")
    ticket = newest()
    assert (ticket.organization.name, ticket.requester.email) == ("Walk-ins", "ana@walk.example")
    assert "My lamp is dark." not in bob.get(f"/p/{generic.token}")
    assert bob.get(f"/p/{generic.token}/tickets/{ticket.number}").status == 404
    write(bob.get(f"/p/{generic.token}"), "My door is stuck.", name="Bob", email="bob@walk.example")
    guest = PortalGuest.select().order_by(PortalGuest.id.desc()).first()
    assert bob.get(f"/p/{guest.token}/tickets/{ticket.number}").status == 404
    again = ana.get(mine.path.split("?")[0])
    assert "You write as Ana." in again
    again.press("Send", text="Still dark.")
    assert Message.select().order_by(Message.id.desc()).first().author.email == "ana@walk.example"
    assert "My door is stuck." not in ana.get(mine.path.split("/tickets")[0])


def test_who_types_the_address_of_another_sees_nothing_of_theirs(visitor, world, generic):
    """Nobody proves an address by typing it: Carol gets the mail, the visitor only what they wrote themselves."""
    shown = write(visitor().get(f"/p/{generic.token}"), "I am Carol.", name="Carol", email=world.carol.email)
    home = shown.path.split("/tickets")[0]
    assert "The press leaks" not in visitor().get(home)
    assert visitor().get(f"{home}/tickets/{world.leak.number}").status == 404


def test_who_came_by_the_generic_link_never_sees_the_others(portal, visitor, world, generic):
    """Not even signed in, and not even where somebody has let that organization share its tickets."""
    Organization.get(Organization.name == "Walk-ins").change(shares_tickets=True)
    write(visitor().get(f"/p/{generic.token}"), "My lamp is dark.", name="Ana", email="ana@walk.example")
    write(visitor().get(f"/p/{generic.token}"), "My door is stuck.", name="Bob", email="bob@walk.example")
    bob = newest().requester
    page = portal(bob).get("/portal/tickets")
    assert "My door is stuck." in page
    assert "My lamp is dark." not in page


def test_without_its_organization_there_is_no_generic_link(desk, visitor, world, generic):
    CustomerSettings.set(generic_organization=None)
    assert visitor().get(f"/p/{generic.token}").status == 404
    assert "First choose" in desk(world.ada).get("/desk/portal-links")
    assert desk(world.ada).post("/desk/portal-links", note="").status == 422


# --- attacks ------------------------------------------------------------------------------------------------------


def test_a_guessed_token_opens_nothing_and_the_database_holds_none(visitor, world, marlow_link):
    token = marlow_link.token
    assert len(token) == 20
    assert token not in repr(list(PortalLink.select().dicts()))
    for guess in ("a" * 20, token[:-1] + ("a" if token[-1] != "a" else "b"), marlow_link.nonce, str(marlow_link.id)):
        assert visitor().get(f"/p/{guess}").status == 404
    assert visitor().get(f"/p/{token[:4].upper()}-{token[4:]}").status == 200  # as somebody types it from a sticker


def test_a_revoked_link_and_its_guests_find_nothing_any_more(desk, visitor, world, marlow_link):
    shown = write(visitor().get(f"/p/{marlow_link.token}"), person=str(world.carol.id))
    page = desk(world.ben).get(f"/desk/organizations/{world.marlow.id}/portal-links")
    page.press("Revoke")
    assert visitor().get(f"/p/{marlow_link.token}").status == 404
    assert visitor().get(shown.path).status == 404
    assert visitor().post(f"/p/{marlow_link.token}/tickets", text="Again").status == 404


def test_all_links_of_an_organization_are_revoked_at_once(desk, visitor, world, marlow_link, hall):
    links = [
        marlow_link,
        PortalLink.issue(by=world.ben, site=hall),
        PortalLink.issue(by=world.ben, organization=world.rival),
    ]
    desk(world.ben).get(f"/desk/organizations/{world.marlow.id}/portal-links").press("Revoke all")
    assert [visitor().get(f"/p/{link.token}").status for link in links] == [404, 404, 200]


def test_another_organizations_link_shows_and_takes_nothing_of_ours(visitor, world, marlow_link):
    write(visitor().get(f"/p/{marlow_link.token}"), person=str(world.carol.id))
    ticket, rival = newest(), PortalLink.issue(by=world.ben, organization=world.rival)
    assert visitor().get(f"/p/{rival.token}/tickets/{ticket.number}").status == 404
    page = visitor().get(f"/p/{rival.token}")
    assert page.client.post(f"/p/{rival.token}/tickets/{ticket.number}/replies", text="Hi").status == 404
    refused = write(page, person=str(world.carol.id))  # nor speaks in the name of Marlow's people
    assert refused.status == 422
    assert Ticket.select().where(Ticket.channel == "link").count() == 1


def test_a_form_without_its_token_or_with_an_old_one_is_refused_and_keeps_what_was_typed(
    visitor, world, marlow_link, clock
):
    page = visitor().get(f"/p/{marlow_link.token}")
    refused = write(page, "Hello?", csrf_token="", person=str(world.carol.id))
    assert refused.status == 419
    assert "Hello?" in refused.field("What is going on, and since when").value
    clock.shift(3700)
    assert write(page, "Hello?", person=str(world.carol.id)).status == 419
    assert not Ticket.select().where(Ticket.channel == "link").exists()


def test_an_empty_form_says_all_that_is_missing_in_the_words_of_its_fields(visitor, generic):
    refused = write(visitor().get(f"/p/{generic.token}"), text=" ")
    summary = next(each for each in refused.all("div") if each.get("class") == "error-summary")
    for words in (
        "What is going on, and since when: Fill this in.", "Your name: Say who you are.",
        "E-mail: We answer by e-mail: write your address.",
    ):  # fmt: skip
        assert words in summary
    assert "Your message" not in refused


def test_who_writes_in_a_frame_can_open_the_address_to_keep(visitor, marlow_link, world):
    page = write(visitor().get(f"/p/{marlow_link.token}"), person=str(world.carol.id))
    own = page.link("Open it in a window of its own")
    assert own["target"] == "_blank"
    assert PortalGuest.get().token in own["href"]
    assert visitor().get(own["href"]).h1 == "The press jams."


def test_the_same_form_sent_twice_opens_one_ticket(visitor, world, marlow_link):
    page = visitor().get(f"/p/{marlow_link.token}")
    for _ in range(2):
        write(page, person=str(world.carol.id))
    assert Ticket.select().where(Ticket.channel == "link").count() == 1


def test_a_robot_that_fills_in_everything_is_refused(visitor, world, marlow_link):
    refused = write(visitor().get(f"/p/{marlow_link.token}"), person=str(world.carol.id), nickname_of_pet="Rex")
    assert refused.status == 422
    assert not Ticket.select().where(Ticket.channel == "link").exists()


def test_a_typed_address_gets_a_few_mails_and_no_more(visitor, world, generic):
    for number in range(6):
        page = visitor().get(f"/p/{generic.token}")
        write(page, f"Number {number}", name="X", email="victim@else.example", altcha=solved())
    assert Delivery.select().where(Delivery.to_address == "victim@else.example").count() == 3
    assert Ticket.select().where(Ticket.email == "victim@else.example").count() == 6


def test_one_address_cannot_flood_us(visitor, world, generic):
    statuses = [visitor().post(f"/p/{generic.token}/tickets", text="x").status for _ in range(12)]
    assert statuses[-1] == 429


def test_who_proves_nothing_may_write_by_the_generic_link_now_and_then_only(visitor, world, generic):
    told = {"name": "X", "email": "x@else.example"}
    statuses = [write(visitor().get(f"/p/{generic.token}"), f"Number {each}", **told).status for each in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    kept = write(visitor().get(f"/p/{generic.token}"), "Number 6", **told)
    assert kept.field("What is going on, and since when").value == "Number 6"
    proof = solved()
    assert write(visitor().get(f"/p/{generic.token}"), "Number 7", altcha=proof, **told).status == 200
    assert write(visitor().get(f"/p/{generic.token}"), "Number 8", altcha=proof, **told).status == 429  # it counts once


def test_hostile_words_come_out_as_words(visitor, world, generic):
    text = "<script>alert(1)</script> {{ 7 * 7 }} %(name)s\r\nSubject: x"
    shown = write(visitor().get(f"/p/{generic.token}"), text, name="<b>Ana</b>\r\nBcc: a@b.c", email="ana@walk.example")
    assert "<script>alert" not in shown.html
    assert "{{ 7 * 7 }}" in shown
    assert "\n" not in newest().subject


# --- frames -------------------------------------------------------------------------------------------------------


def test_only_listed_sites_may_frame_it_and_no_cookie_is_set(desk, visitor, world, marlow_link):
    page = visitor().get(f"/p/{marlow_link.token}")
    assert re.search(r"frame-ancestors 'self';", page.headers["Content-Security-Policy"])
    ada = desk(world.ada).get("/desk/settings/sections/CustomerSettings")
    ada.press("Save", framing_sites="https://Intranet.Marlow.example/some/page\nhttps://shop.example:8443")
    assert CustomerSettings.framing_sites == ["https://intranet.marlow.example", "https://shop.example:8443"]
    browser = visitor()
    shown = write(browser.get(f"/p/{marlow_link.token}"), person=str(world.carol.id))
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://intranet.marlow.example https://shop.example:8443;" in policy
    assert "frame-ancestors 'none'" in browser.get("/support").headers["Content-Security-Policy"]
    assert "Set-Cookie" not in shown.headers
    assert shown.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "site",
    [
        "*", "https://*", "https://a.example; script-src *", "http://a.example", "javascript:alert(1)",
        "https://a b.example", "https://user@a.example", "https://", "'self'", "https://a.example:99999",
    ],
)  # fmt: skip
def test_what_is_no_site_never_reaches_the_policy(desk, world, site):
    refused = desk(world.ada).get("/desk/settings/sections/CustomerSettings").press("Save", framing_sites=site)
    if refused.status != 422:  # several words on one line are several sites, each of which must be one
        pytest.fail(f"taken: {CustomerSettings.framing_sites}")
    assert CustomerSettings.framing_sites == []


def test_a_page_works_in_the_language_that_is_chosen_there(visitor, world, marlow_link):
    page = visitor().get(f"/p/{marlow_link.token}").follow("Português")
    assert page.all("html")[0]["lang"] == "pt"
    shown = write_pt(page, world)
    assert shown.all("html")[0]["lang"] == "pt"


def write_pt(page, world):
    return page.press("Enviar", text="A prensa encrava.", person=str(world.carol.id))


# --- at the desk --------------------------------------------------------------------------------------------------


def test_an_agent_makes_consults_and_copies_a_link(desk, visitor, world, hall):
    ben = desk(world.ben)
    page = ben.get(f"/desk/organizations/{world.marlow.id}").follow("See the portal link")
    assert "No link yet" in page
    page = page.press("Make the link", note="For the office")
    link = PortalLink.get()
    section = page.region("For the office")
    assert section.field("Address").value == link.url
    assert "Never used yet." in section
    visitor().get(f"/p/{link.token}")
    again = ben.get(f"/desk/organizations/{world.marlow.id}/portal-links")
    assert "1 visit" in again.region("For the office")
    assert PortalLinkUse.get().last_used_at is not None
    assert ben.get(f"/desk/sites/{hall.id}").has_link("See the portal link")


def test_what_is_said_of_a_link_are_whole_sentences(desk, visitor, world):
    link = PortalLink.issue(by=world.ben, organization=world.marlow, names_people=False)
    visitor().get(f"/p/{link.token}")
    page = desk(world.ben).get(f"/desk/organizations/{world.marlow.id}/portal-links")
    assert "· 1 visit. It tells no names." in page


def test_who_only_looks_holds_no_link(desk, world, marlow_link):
    vic = desk(world.vic)
    assert vic.get(f"/desk/organizations/{world.marlow.id}/portal-links").status == 403
    assert vic.get(f"/desk/portal-links/{marlow_link.id}/code.svg").status == 403
    assert marlow_link.token not in vic.get(f"/desk/organizations/{world.marlow.id}").html


def test_a_code_is_a_drawing_that_runs_nothing(desk, world, marlow_link):
    answer = desk(world.ben).get(f"/desk/portal-links/{marlow_link.id}/code.svg").response
    assert answer.mimetype == "image/svg+xml"
    assert b"<script" not in answer.get_data()
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_sheet_of_stickers_names_each_machine(desk, world, hall):
    link = PortalLink.issue(by=world.ben, site=hall)
    page = desk(world.ben).get(f"/desk/sites/{hall.id}/portal-links").press("Print stickers")
    assert page.h1 in ("Making the PDF", "The PDF is ready")
    sheet = StickerSheet.get()
    sheet.make()
    sheet = StickerSheet.get()
    try:
        assert sheet.is_ready
        assert store().read(sheet.sha256).startswith(b"%PDF")
        (sticker,) = sheet.stickers()
        assert (sticker["name"], sticker["serial"]) == ("Folder", "FO-12")
        assert sticker["address"].endswith(f"/p/{link.token}")
        file = desk(world.ben).get(f"/desk/portal-links/{link.id}/stickers/{sheet.id}").follow("Open to print")
        assert file.response.mimetype == "application/pdf"
    finally:
        pdf_child.stop()


def test_links_of_sites_are_off_while_equipment_is(desk, visitor, world, hall):
    link = PortalLink.issue(by=world.ben, site=hall)
    CustomerSettings.set(uses_equipment=False)
    assert visitor().get(f"/p/{link.token}").status == 404
    assert desk(world.ben).get(f"/desk/sites/{hall.id}/portal-links").status == 404
    with pytest.raises(EquipmentIsOff):
        PortalLink.issue(by=world.ben, site=hall)
    assert "FO-12" not in visitor().get(f"/p/{PortalLink.issue(by=world.ben, organization=world.marlow).token}").html


def test_no_page_names_a_site_or_its_links_while_equipment_is_off(desk, world, hall, marlow_link):
    link = PortalLink.issue(by=world.ben, site=hall)
    ben, here = desk(world.ben), f"/desk/organizations/{world.marlow.id}/portal-links"
    ben.get(f"/desk/sites/{hall.id}/portal-links").press("Print stickers")
    sheet = f"/desk/portal-links/{link.id}/stickers/{StickerSheet.get().id}"
    assert "Print hall" in ben.get(here)
    assert ben.get(sheet).status == 200
    CustomerSettings.set(uses_equipment=False)
    assert "Print hall" not in ben.get(here)
    assert ben.get(here).has_button("Print stickers"), "the organization's own link stays"
    assert ben.get(sheet).status == 404
    CustomerSettings.set(uses_equipment=True)
    assert "Print hall" in ben.get(here)


def test_an_organization_or_site_that_is_switched_off_has_no_links(visitor, world, marlow_link, hall):
    link = PortalLink.issue(by=world.ben, site=hall)
    hall.amend(by=world.ben, name="Print hall", is_active=False)
    assert visitor().get(f"/p/{link.token}").status == 404
    world.marlow.change(is_active=False)
    assert visitor().get(f"/p/{marlow_link.token}").status == 404


def test_a_person_who_was_switched_off_writes_no_more(visitor, world, marlow_link):
    shown = write(visitor().get(f"/p/{marlow_link.token}"), person=str(world.dan.id))
    world.dan.change(is_active=False)
    assert visitor().get(shown.path).status == 404
    assert "Dan" not in [each.text for each in visitor().get(f"/p/{marlow_link.token}").all("option")]
    assert Contact.by_person(world.dan.id)
