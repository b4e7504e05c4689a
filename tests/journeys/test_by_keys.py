"""The desk without a mouse: keys, the command palette, and a draft that survives leaving. Found by role and label."""

import re

import pytest
from playwright.sync_api import expect

from app.messages.draft import Draft
from app.messages.message import Message
from app.messages.reply_template import ReplyTemplate
from app.messages.settings import WhatsAppSettings
from app.outbox.settings import SendingSettings
from app.tickets.ticket import Ticket
from tests.fixtures.browser import script_only
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.sqlite_only
PALETTE = "Find a ticket, a customer or a page"


@pytest.fixture
def rollers(world):
    return [
        Ticket.open(by=world.carol, requester=world.carol, subject=f"Roller {place}", text="Loud.", channel="form")
        for place in range(4)
    ]


@pytest.fixture
def page(browsers, world, rollers):
    page = browsers.open()
    sign_in(page, world.ben, to="/desk/tickets?view=all%26order=oldest")
    expect(page.get_by_role("link", name="Roller 3")).to_be_visible()
    return page


def keys(page, *names):
    page.wait_for_load_state()  # the script that hears them comes after the words one sees
    for name in names:
        page.keyboard.press(name)


# --- the palette ---------------------------------------------------------------------------------------------------


def test_the_palette_finds_a_ticket_and_goes_there(browsers, page, world, rollers, accessible):
    """Without a script its link leads to a page that does the same."""
    if not browsers.script:
        page.get_by_role("link", name="Go to…").focus()
        keys(page, "Enter")
        box = page.get_by_role("searchbox", name=PALETTE)
        box.fill("roller 2")
        box.press("Enter")
        page.get_by_role("link", name=re.compile("Roller 2")).focus()
        keys(page, "Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 2")
        return
    page.get_by_label(f"Select {rollers[1].number}").focus()
    keys(page, "Control+k")
    dialog = page.get_by_role("dialog", name=PALETTE)
    expect(dialog.get_by_role("searchbox", name=PALETTE)).to_be_focused()
    expect(dialog.get_by_role("link", name="My tickets")).to_be_visible()  # before anything is typed: where one can go
    page.keyboard.type("carol")
    expect(dialog.get_by_role("link", name=re.compile("carol@marlow.example"))).to_be_visible()
    accessible(page)
    keys(page, "Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label(f"Select {rollers[1].number}")).to_be_focused()

    keys(page, "Control+k")
    page.keyboard.type("roller")  # over what was typed before
    expect(dialog.get_by_role("link", name=re.compile("Roller 0"))).to_be_visible()
    expect(dialog.get_by_role("link", name=re.compile("carol@marlow"))).to_have_count(0)
    keys(page, "ArrowDown", "ArrowDown")
    chosen = dialog.locator(":focus").inner_text()
    keys(page, "ArrowUp", "ArrowUp")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    keys(page, "ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.search(r"Roller \d", chosen).group())


@script_only
def test_enter_in_the_palette_takes_the_first(browsers, page, world):
    keys(page, "Control+k")
    dialog = page.get_by_role("dialog", name=PALETTE)
    page.keyboard.type("panels")
    expect(dialog.get_by_role("link")).to_have_count(1)
    keys(page, "Enter")
    page.wait_for_url("**/desk/panels")


@script_only
def test_the_palette_stays_away_while_another_dialog_asks(browsers, page, world):
    page.goto(f"/desk/tickets/{world.leak.number}")
    keys(page, "e")
    expect(page.get_by_role("dialog", name=f"Close ticket {world.leak.number}")).to_be_visible()
    keys(page, "Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)


# --- keys ----------------------------------------------------------------------------------------------------------


@script_only
def test_two_keys_lead_to_a_view_and_one_to_a_new_ticket(browsers, page, world):
    for second, title in (("u", "Unassigned"), ("m", "My tickets"), ("t", "All open"), ("n", "Unattended")):
        keys(page, "g", second)
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    keys(page, "g", "d")
    page.wait_for_url("**/desk/panels")
    keys(page, "?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
    keys(page, "c")
    expect(page.get_by_role("heading", level=1)).to_contain_text("New ticket")


def test_who_looks_a_key_up_comes_back_to_where_they_were(browsers, page, world, rollers, accessible):
    there = page.url
    if not browsers.script:
        page.get_by_role("button", name="Menu of Ben Ortiz").press("Enter")
        page.get_by_role("link", name="Keys").press("Enter")
        page.get_by_role("link", name="Back").press("Enter")
        expect(page).to_have_url(there)
        return
    for leave in (lambda: keys(page, "Escape"), page.go_back):
        keys(page, "?")
        expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
        accessible(page)
        leave()
        expect(page).to_have_url(there)
        page.wait_for_load_state()
    page.goto(f"/desk/tickets/{rollers[0].number}?compose=note")
    page.get_by_role("textbox", name="Internal note").fill("Half")
    page.get_by_role("heading", level=1).click()
    keys(page, "?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
    keys(page, "Escape")
    expect(page.get_by_role("textbox", name="Internal note")).to_have_value("Half")


def test_a_page_opened_for_one_task_begins_in_its_first_field(browsers, page, world, rollers, accessible):
    """A refused form still begins with why."""
    WhatsAppSettings.set(is_on=True)
    world.carol.contact.change(mobile="34666777888")
    here = f"/desk/tickets/{rollers[0].number}"
    first = {
        "/desk/tickets/new": "Requester",
        "/desk/views/new?list=view%3Dall": "Name",
        f"{here}/snooze": "Until",
        f"{here}/relations": "How they belong together",
        f"{here}/merger": "Number of the other ticket",
        f"{here}/split": "Subject of the new ticket",
        f"{here}/interventions": "What was done",
        f"{here}/closure": "Reason",
        f"{here}/whatsapp": "Message",
    }
    for path, label in first.items():
        page.goto(path)
        expect(page.get_by_label(label).first).to_be_focused()
        expect(page.get_by_role("link", name="Back").last).to_be_visible()
        accessible(page)
    page.goto("/desk/tickets?view=all")
    page.get_by_label(f"Select {rollers[0].number}").check()
    page.get_by_role("group", name="Selected tickets").get_by_role("button", name="Close…").press("Enter")
    expect(page.get_by_label("Template")).to_be_focused()
    expect(page.get_by_role("link", name="Cancel")).to_have_count(0)  # a word of authorizations
    page.get_by_role("button", name="Close tickets").press("Enter")
    if browsers.script:
        expect(page.get_by_role("alert")).to_be_focused()


@script_only
def test_the_list_is_walked_ticked_and_changed(browsers, page, world, rollers, accessible):
    keys(page, "j")
    expect(page.get_by_role("link", name="The press leaks")).to_be_focused()
    keys(page, "j", "j")
    expect(page.get_by_role("link", name="Roller 1")).to_be_focused()
    keys(page, "k", "x")
    expect(page.get_by_label(f"Select {rollers[0].number}")).to_be_checked()
    expect(page.get_by_role("group", name="Selected tickets")).to_be_visible()
    keys(page, "j", "j", "Shift+X")
    for ticket in rollers[:3]:
        expect(page.get_by_label(f"Select {ticket.number}")).to_be_checked()
    expect(page.get_by_label(f"Select {rollers[3].number}")).not_to_be_checked()
    accessible(page)
    bar = page.get_by_role("group", name="Selected tickets")
    for key, label in (("a", "Assigned to"), ("s", "Status"), ("t", "Add tags"), ("p", "Priority")):
        keys(page, key)
        expect(bar.get_by_label(label).locator("visible=true")).to_be_focused()
        keys(page, "Escape")
        expect(page.get_by_role("link", name="Roller 2")).to_be_focused()
    keys(page, "p")
    page.keyboard.type("Urgent")
    keys(page, "Enter")
    expect(page.get_by_text("3 tickets changed.")).to_be_visible()
    assert [Ticket.get_by_id(ticket.id).priority.key for ticket in rollers] == ["urgent"] * 3 + ["low"]
    keys(page, "j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The press leaks")


@script_only
def test_on_a_ticket_each_key_does_what_its_button_does(browsers, page, world, rollers):
    page.get_by_role("link", name="Roller 1").focus()
    keys(page, "Enter")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("Roller 1")
    keys(page, "n")
    expect(
        page.get_by_role("region", name="Internal note").get_by_role("textbox", name="Internal note")
    ).to_be_focused()
    keys(page, "Escape", "f")
    expect(page.get_by_role("textbox", name="What the customer authorizes")).to_be_focused()
    keys(page, "Escape", "r")
    expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
    keys(page, "Escape")
    expect(page.get_by_role("link", name="Reply", exact=True)).to_be_focused()
    keys(page, "j")
    expect(title).to_contain_text("Roller 2")
    keys(page, "k")
    expect(title).to_contain_text("Roller 1")
    keys(page, "p")
    expect(page.get_by_role("combobox", name="Priority")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    keys(page, "Escape")
    page.wait_for_url("**/desk/tickets?**")
    keys(page, "/")
    expect(page.get_by_role("searchbox", name="Search tickets")).to_be_focused()


def test_what_is_typed_after_a_key_goes_into_the_text(browsers, page, world, rollers):
    """By the key or by the tab's own Enter, also on the tab that is open, and never into other keys while it comes."""
    page.goto(f"/desk/tickets/{rollers[0].number}")
    reply, note = (page.get_by_role("textbox", name=name) for name in ("Reply", "Internal note"))
    if not browsers.script:
        page.get_by_role("link", name="Internal note").press("Enter")
        expect(note).to_be_visible()  # an address with a place in it leaves the focus there
        return
    keys(page, "r")
    expect(reply).to_be_focused()
    page.keyboard.type("We come")
    page.get_by_role("heading", level=1).click()
    keys(page, "r")
    page.keyboard.type(" soon")
    expect(reply).to_have_value("We come soon")  # what was there stays

    page.route("**/*compose=note*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.get_by_role("heading", level=1).click()
    keys(page, "n", "e", "j", "g", "d")
    expect(note).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 0")
    page.get_by_role("heading", level=1).click()
    keys(page, "f")
    expect(page.get_by_role("textbox", name="What the customer authorizes")).to_be_focused()
    page.get_by_role("link", name="Internal note").press("Enter")
    expect(note).to_be_focused()
    page.get_by_role("link", name="Internal note").press("Enter")
    expect(note).to_be_focused()
    page.keyboard.type("Old")
    with page.expect_response(re.compile("/drafts")):
        keys(page, "Escape", "r")
    expect(reply).to_be_focused()
    keys(page, "Escape", "n")
    expect(note).to_have_value("Old")  # as it is kept when its tab is left


def test_a_property_that_was_changed_or_left_keeps_the_keyboard(browsers, page, world, rollers):
    """Escape and Back leave it as it was; without a script they lead to the ticket."""
    page.goto(f"/desk/tickets/{rollers[0].number}")
    panel = page.get_by_role("complementary", name="Details of the ticket")
    priority, field = panel.get_by_role("link", name="Change").nth(3), panel.get_by_role("combobox", name="Priority")
    priority.press("Enter")
    expect(field).to_be_focused()
    if browsers.script:
        keys(page, "Escape")
    else:
        panel.get_by_role("link", name="Back").press("Enter")
    expect(field).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/desk/tickets/{rollers[0].number}"))
    if not browsers.script:
        return
    expect(priority).to_be_focused()
    keys(page, "p")
    expect(field).to_be_focused()
    keys(page, "End", "Tab", "Enter")
    expect(priority).to_have_text(re.compile("Urgent"))
    expect(priority).to_be_focused()
    keys(page, "Enter")
    expect(field).to_be_focused()
    keys(page, "Tab", "Tab", "Enter")
    expect(priority).to_be_focused()
    panel.get_by_role("link", name="Change customer").press("Enter")
    expect(panel.get_by_label("E-mail")).to_be_focused()
    keys(page, "Escape")
    expect(panel.get_by_role("link", name="Change customer")).to_be_focused()


def test_the_list_is_gone_on_with_where_it_was_left(browsers, page, world, rollers):
    page.get_by_role("link", name="Roller 1").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 1")
    if not browsers.script:
        page.get_by_role("link", name="Back to “All open”").press("Enter")
        expect(page.get_by_role("link", name="Roller 1")).to_be_focused()
        return
    keys(page, "j")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 2")
    keys(page, "Escape")
    expect(page.get_by_role("link", name="Roller 2")).to_be_focused()
    keys(page, "j")
    expect(page.get_by_role("link", name="Roller 3")).to_be_focused()
    page.get_by_role("link", name="Board").press("Enter")
    expect(page.get_by_role("region", name="Board")).to_be_visible()
    page.get_by_role("link", name="Roller 2").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roller 2")
    keys(page, "Escape")
    expect(page.get_by_role("link", name="Roller 2")).to_be_focused()


def test_what_was_sent_or_changed_is_taken_back_by_a_key(browsers, page, world, rollers, accessible):
    SendingSettings.set(undo_seconds=30)
    page.goto(f"/desk/tickets/{rollers[0].number}")
    reply = page.get_by_role("textbox", name="Reply")
    reply.fill("We come on Friday.")
    if not browsers.script:
        page.get_by_role("button", name="Send reply").press("Enter")
        page.get_by_role("button", name="Undo").press("Enter")
        expect(reply).to_be_focused()
        return
    reply.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    accessible(page)
    keys(page, "z")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(reply).to_have_value("We come on Friday.")
    expect(reply).to_be_focused()
    page.keyboard.type(" Or on Monday.")
    expect(reply).to_have_value("We come on Friday. Or on Monday.")
    page.goto("/desk/tickets?view=all&order=oldest")
    keys(page, "j", "x", "p")
    expect(page.get_by_role("group", name="Selected tickets").get_by_label("Priority").first).to_be_focused()
    page.keyboard.type("Urgent")
    keys(page, "Enter")
    expect(page.get_by_text("1 ticket changed.")).to_be_visible()
    keys(page, "z")
    expect(page.get_by_text("Undone")).to_be_visible()


@pytest.mark.parametrize("use", ["reply", "closing"])
def test_a_slash_on_an_empty_line_opens_the_templates(browsers, page, world, rollers, accessible, use):
    """And their search box has the focus, whatever their length; the one that is taken is gone on with."""
    ReplyTemplate.write(by=world.ada, name="Visit", text="We come on Friday. " * 30, use=use)
    page.goto(f"/desk/tickets/{rollers[0].number}{'' if use == 'reply' or browsers.script else '/closure'}")
    text = page.get_by_role("textbox", name="Reply" if use == "reply" else "Reason")
    if browsers.script:
        keys(page, "r" if use == "reply" else "e")
        expect(text).to_be_focused()
        page.keyboard.type("a/")
        expect(text).to_have_value("a/")
        keys(page, "Enter", "/")
    else:
        page.get_by_role("button", name="Template").press("Enter")
    expect(page.get_by_role("searchbox", name="Search templates")).to_be_focused()
    box = page.get_by_role("group", name="Begin with a template")
    wide = text.bounding_box()["width"]
    assert all(each.bounding_box()["width"] <= wide for each in box.get_by_role("button").all())
    accessible(page)
    box.get_by_role("button", name="Visit").press("Enter")
    expect(text).to_have_value(re.compile("We come on Friday"))
    expect(text).to_be_focused()
    if browsers.script:
        page.keyboard.type(" Ben")
        expect(text).to_have_value(re.compile(r"We come on Friday\. Ben$"))


@script_only
def test_letters_that_are_typed_are_letters(browsers, page, world):
    page.goto(f"/desk/tickets/{world.leak.number}")
    reply = page.get_by_role("textbox", name="Reply")
    reply.focus()
    page.keyboard.type("crane j? g u /x")
    expect(reply).to_have_value("crane j? g u /x")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The press leaks")


@script_only
def test_whoever_switches_the_keys_off_has_none(browsers, page, world):
    world.ben.agent.change(shortcuts=False)
    page.reload()
    here = page.url
    keys(page, "c", "g", "u", "?", "j")
    page.wait_for_timeout(300)
    assert page.url == here
    expect(page.get_by_role("link", name="The press leaks")).not_to_be_focused()


# --- drafts --------------------------------------------------------------------------------------------------------


def test_a_half_written_reply_is_there_when_one_comes_back(browsers, page, world, rollers):
    """Two seconds after the last key it is kept; whoever leaves sooner loses nothing; sent, it is gone."""
    page.goto(f"/desk/tickets/{rollers[0].number}")
    reply, copies = page.get_by_role("textbox", name="Reply"), page.get_by_label("Copies to")
    page.get_by_text("Edit copies").click()
    copies.fill("boss@rival.example")
    reply.focus()
    if browsers.script:
        with page.expect_response(re.compile("/drafts")):
            page.keyboard.type("We come on ")
        page.keyboard.type("Friday.")  # and leaves at once
        page.goto("/desk/tickets?view=all")
    else:
        page.keyboard.type("We come on Friday.")
        page.get_by_role("button", name="Save draft").press("Enter")
        expect(page.get_by_text("The draft is saved.")).to_be_visible()
    page.goto(f"/desk/tickets/{rollers[1].number}")
    expect(reply).to_have_value("")  # a draft belongs to its ticket
    page.goto(f"/desk/tickets/{rollers[0].number}")
    expect(reply).to_have_value("We come on Friday.")
    expect(copies).to_have_value("boss@rival.example")
    reply.focus()
    if browsers.script:
        keys(page, "Control+Enter")
    else:
        page.get_by_role("button", name="Send reply").press("Enter")
    expect(page.get_by_label("Reply by Ben Ortiz").get_by_text("We come on Friday.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("")
    assert Message.select().where(Message.text == "We come on Friday.").count() == 1
    assert Draft.select().count() == 0


@script_only
def test_a_draft_is_one_agents_own_and_one_kind_s(browsers, page, world, rollers):
    page.goto(f"/desk/tickets/{rollers[0].number}?compose=note")
    page.get_by_role("textbox", name="Internal note").focus()
    with page.expect_response(re.compile("/drafts")):
        page.keyboard.type("Only for us")
    page.goto(f"/desk/tickets/{rollers[0].number}")
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("")
    ada = browsers.open()
    sign_in(ada, world.ada, to=f"/desk/tickets/{rollers[0].number}?compose=note")
    expect(ada.get_by_role("textbox", name="Internal note")).to_have_value("")
    page.goto(f"/desk/tickets/{rollers[0].number}?compose=note")
    expect(page.get_by_role("textbox", name="Internal note")).to_have_value("Only for us")


@script_only
def test_a_ticket_that_was_begun_asks_before_its_page_goes(browsers, world):
    """Not an empty one, and not when it has been sent."""
    page, asked = browsers.open(), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    sign_in(page, world.ben, to="/desk/tickets/new")
    page.get_by_label("Requester").click()
    page.get_by_role("link", name="Unattended").click()
    page.wait_for_url("**/desk/tickets?view=**")
    assert asked == []
    page.goto("/desk/tickets/new")
    page.get_by_label("Subject").click()
    page.keyboard.type("The heater smells")
    page.get_by_role("link", name="Unattended").click()
    expect(page.get_by_label("Subject")).to_have_value("The heater smells")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Create ticket").click()  # refused: there is nobody whose it is
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Unattended").click()
    assert asked == ["beforeunload"] * 2
    page.get_by_label("Requester").fill("Eve Stone")
    page.get_by_role("textbox", name="Description").fill("Since Monday.")
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The heater smells")
    assert asked == ["beforeunload"] * 2
