"""An agent of one group and a ticket of another one that is restricted: whichever way they try, there is nothing.

Also tried where each thing is at home: search (test_search), views and counters (test_listing, test_saved_views), the
export (test_export), many at once (test_batches).
"""

import re

import pytest

from app.accounts.group import Group
from app.attachments.attachment import Attachment
from app.lib.clock import now
from app.messages.draft import Draft
from app.messages.message import Message
from app.notifications.telling import tell_assignee
from app.organizations.equipment import Equipment
from app.outbox.delivery import Delivery
from app.reports.index import REPORTS
from app.tickets.batch import Batch, BatchItem
from app.tickets.presence import Presence
from app.tickets.saved_view import SavedView
from app.tickets.ticket import Ticket, TicketFollower, TicketRelation
from app.timeline.event import Event
from tests.fixtures.things import paper_of, picture_of
from tests.house.access import DESK, Row
from tests.page import both_ways

WORDS = ("Zanzibar", "cloves", "ylang", "nutmeg.png", "saffron.pdf")
ABOUT_A_TICKET = [row for row in DESK if "{number}" in row.path]


@pytest.fixture
def vault(world):
    group = Group.create(name="Vault", is_restricted=True)
    group.take_in(world.bea)
    return group


@pytest.fixture
def secret(world, vault):
    """A ticket of Eve's with files, a note and words that stand nowhere else, which only Bea (and Ada) may see."""
    files = [Attachment.keep_part(picture_of(), "nutmeg.png"), Attachment.keep_part(paper_of(), "saffron.pdf")]
    machine = Equipment.create(organization=world.rival, name="Mill", serial="ZZ-9")
    ticket = Ticket.open(
        by=world.bea, requester=world.eve, subject="Zanzibar", text="It smells of cloves.", channel="desk",
        acknowledge=False, files=files, group=vault, assignee=world.bea, organization=world.rival, equipment=machine,
        serial="ZZ-9",
    )  # fmt: skip
    ticket.note("Like ylang.", by=world.bea)
    ticket.tag_with(["spice"], by=world.bea)
    return ticket


@pytest.fixture
def ben(desk, world):
    return desk(world.ben)


def trace(ticket):
    """All that anybody could have changed of it."""
    fresh = Ticket.get_by_id(ticket.id)
    counts = [
        record.select().where(record.ticket == ticket).count() for record in (Event, Message, Delivery, Presence, Draft)
    ]
    return fresh.__data__, counts, fresh.is_away


def silent(page, asked=""):
    """Nothing of the ticket is there; what was asked for is repeated, and says nothing."""
    found = [word for word in (*WORDS, '/tickets/2"') if word in page.html and word not in asked]
    assert not found, f"{page.path}: {found}"
    return True


# --- addresses -----------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_off(world, things, vault):
    """The ticket that has one of everything, moved to where Ben, Vic and Ines do not look."""
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.leak.give_to_group(vault, by=world.ada)
    TicketFollower.delete().where(TicketFollower.ticket == world.leak).execute()
    return world.leak


def test_no_address_of_it_is_there(desk, world, things, closed_off):
    """Page, properties, history, files, previews, archives, certificates, documents, presence, drafts, all forms."""
    before = trace(closed_off)
    wrong = []
    for who in ("ben", "vic", "ines"):
        client = desk(getattr(world, who))
        for row in ABOUT_A_TICKET:
            answer = asked(client, row, row.path.format(**things))
            if answer.status != 404 and (answer.status != 403 or who in row.allowed):
                wrong.append(f"as {who}: {row.method} {row.path}: {answer.status}")
            if any(word in answer.html for word in ("leaks", "photo.png", "offer.pdf")):
                wrong.append(f"as {who}: {row.method} {row.path} tells")
    assert not wrong, "\n".join(wrong)
    assert trace(closed_off) == before


def test_nothing_of_it_hangs_under_the_number_of_another(world, things, closed_off, ben):
    """A number one may see, and the file, message, mail, certificate, document or relation of the hidden ticket."""
    mine = Ticket.open(
        by=world.ben, requester=world.eve, subject="Mine", text="Mine", channel="desk", acknowledge=False
    )
    parts = re.compile(r"\{(?!number)\w+\}")
    wrong = []
    for row in [row for row in ABOUT_A_TICKET if parts.search(row.path)]:
        answer = asked(ben, row, row.path.format(**things | {"number": mine.number}))
        if answer.status != 404 and not row.endpoint.endswith("index_earlier"):
            wrong.append(f"{row.method} {row.path}: {answer.status}")
        if "photo.png" in answer.html or "offer.pdf" in answer.html:
            wrong.append(f"{row.path} tells")
    assert not wrong, "\n".join(wrong)


def asked(client, row: Row, path):
    if row.is_foreign:  # a letter in its frame is no page of ours; its refusal is one
        status = client.http.get(path).status_code
        assert status == 404, path
    return client.get(path, follow=False) if row.method == "GET" else client.post(path, follow=False)


def test_its_files_go_along_with_no_reply_of_mine(world, secret, ben):
    """The ids of kept files come with the form: only one's own count."""
    taken = [str(file.id) for file in Attachment.select()]
    ben.post(f"/desk/tickets/{world.leak.number}/replies", text="Here", kept=taken, draft_key="k" * 24)
    ben.post(f"/desk/tickets/{world.leak.number}/notes", text="There", kept=taken, draft_key="l" * 24)
    assert Message.select().where(Message.text.in_(["Here", "There"])).count() == 2
    assert {file.message.ticket_id for file in Attachment.select()} == {secret.id}


# --- finding it ----------------------------------------------------------------------------------------------------

ASKED = (
    "view=all", "view=any", "view=closed", "view=unattended", "view=due-today", "view=all&layout=board",
    "view=any&q=Zanzibar",
    "view=any&q=cloves", "view=any&q=ylang", "view=any&q=nutmeg", "view=any&q=%22smells+of+cloves%22",
    "view=any&q=from:eve@rival.example", "view=any&q=tag:spice", "view=any&q=ZZ-9", "view=all&tag=spice",
    "view=any&q={number}", "view=any&q=%23{number}", "view=all&group={group}", "group={group}",
    "view=all&assignee={bea}",
    "requester={eve}", "view=all&order=newest&has=files",
    "view=any&q=status:open", "view=any&q=before:2999-01-01",
)  # fmt: skip


@pytest.mark.parametrize("address", ["/desk/tickets?", "/desk/tickets/news?", "/desk/tickets/export?"])
def test_no_list_search_filter_board_or_export_shows_it(world, secret, vault, desk, ben, address):
    values = {"number": secret.number, "group": vault.id, "bea": world.bea.id, "eve": world.eve.id}
    seen = 0
    for query in ASKED:
        path = address + query.format(**values)
        page = ben.get(path)
        assert silent(page, query)
        assert "Eve Stone" not in page or query.startswith("requester=")  # a contact, whom the chip names
        seen += "Zanzibar" in desk(world.bea).get(path).html
    assert seen >= len(ASKED) - 4  # the same questions find it for whom it is for


def test_the_palette_does_not_find_it(secret, ben):
    for words in (*WORDS, str(secret.number), f"#{secret.number}", "eve", "spice", "ZZ-9"):
        found = ben.get("/desk/go", q=words)
        assert silent(found, words)
        assert "Tickets" not in found.regions()


def test_no_figure_beside_a_list_counts_it(world, vault, ben):
    """Titles, groups of the list, the sidebar and saved views are as they were without it."""
    SavedView.keep(by=world.bea, name="All of Eve's", query=f"view=all&requester={world.eve.id}", shared=True)
    lists = ("view=all", "view=unattended", "view=mine")
    before = [figures(ben.get(f"/desk/tickets?{query}")) for query in lists]
    Ticket.open(
        by=world.bea, requester=world.eve, subject="Zanzibar", text="x", channel="desk", acknowledge=False, group=vault
    )
    assert [figures(ben.get(f"/desk/tickets?{query}")) for query in lists] == before


def figures(page):
    return page.title, page.region("Main").text, page.region("Tickets").text


# --- panels and cards ----------------------------------------------------------------------------------------------


def test_no_figure_of_a_panel_counts_it(world, vault, desk, ben):
    def tables(client):
        return {key: client.get(f"/desk/panels/figures/{key}.csv").html for key in REPORTS}

    before, hers = tables(ben), tables(desk(world.bea))
    for place in range(3):
        ticket = Ticket.open(
            by=world.bea, requester=world.eve, subject=f"Zanzibar {place}", text="x", channel="form",
            acknowledge=False, group=vault, assignee=world.bea,
        )  # fmt: skip
        ticket.reply("Soon", by=world.bea)
        if place:
            ticket.close("Done", by=world.bea)
    assert tables(ben) == before
    changed = {key for key, text in tables(desk(world.bea)).items() if text != hers[key]}
    assert len(changed) >= 4, changed
    assert silent(ben.get("/desk/panels"))


def test_no_card_of_its_customer_organization_or_machine_shows_it(world, secret, desk, ben):
    cards = {"contacts": world.eve.id, "organizations": world.rival.id, "equipment": secret.equipment_id}
    for path in [f"/desk/{noun}/{number}" for noun, number in cards.items()]:
        assert silent(ben.get(path))
        assert "Zanzibar" in desk(world.bea).get(path)
    mine = Ticket.open(by=world.ben, requester=world.eve, subject="Mine", text="x", channel="desk", acknowledge=False)
    page = ben.get(f"/desk/tickets/{mine.number}")
    assert silent(page)
    assert "1 ticket" in page.region("Customer")
    assert silent(ben.get(f"/desk/tickets/{mine.number}/merger"))


# --- acting on it --------------------------------------------------------------------------------------------------


def test_no_change_of_many_reaches_it(world, secret, ben):
    before = trace(secret)
    for act, fields in (
        ("assign", {"assignee": str(world.ben.id)}), ("group", {"group": "none"}), ("status", {"status": "pending"}),
        ("priority", {"priority": "4"}), ("category", {"category": "1"}), ("tag", {"tags_add": "seen"}),
        ("close", {}), ("merge", {}), ("remove", {}),
    ):  # fmt: skip
        ben.post("/desk/batches", act=act, ticket=[str(secret.id)], list="view=all", **fields)
        ben.post("/desk/batches", act=act, all="1", list="view=any&q=Zanzibar", **fields)
        ben.post("/desk/batches", act=act, all="1", list=f"view=any&group={secret.group_id}", **fields)
        ben.post("/desk/batches", act=act, all="1", list="view=all", **fields)
    assert BatchItem.select().where(BatchItem.ticket == secret).count() == 0
    assert Batch.select().count() > 0  # his own tickets are in them
    assert trace(secret) == before


@both_ways
def test_nothing_can_be_merged_into_it(world, secret, ben, htmx):
    before = trace(secret)
    there = f"/desk/tickets/{world.leak.number}/merger"
    unknown = ben.post(there, other="999999", htmx=htmx)
    tried = ben.post(there, other=str(secret.number), htmx=htmx)
    assert (tried.status, tried.text) == (422, unknown.text.replace("999999", str(secret.number)))
    assert silent(ben.get(there, other=str(secret.number)))
    draft = Batch.ask("merge", [world.leak.id], by=world.ben, draft=True)
    assert ben.post(f"/desk/batches/{draft.id}", other=str(secret.number)).status == 422
    assert not Ticket.get_by_id(world.leak.id).is_away
    assert trace(secret) == before


@both_ways
def test_nothing_can_be_related_to_it(world, secret, ben, htmx):
    there = f"/desk/tickets/{world.leak.number}/relations"
    for says in ("related", "parent", "child", "duplicate"):
        assert ben.post(there, other=str(secret.number), says=says, htmx=htmx).status == 422
    assert TicketRelation.select().count() == 0


def test_a_relation_that_others_made_is_neither_shown_nor_taken_away(world, secret, ben):
    world.leak.relate("related", secret, by=world.ada)
    before = trace(secret)
    page = ben.get(f"/desk/tickets/{world.leak.number}")
    assert silent(page)
    assert "None yet" in page.region("Related tickets")
    ben.post(f"/desk/tickets/{world.leak.number}/relations/{TicketRelation.get().id}/removal")
    assert TicketRelation.select().count() == 1
    assert trace(secret) == before


def test_a_mail_that_names_it_is_not_joined_to_it(world, secret, ben):
    """The ticket of the mail may be seen; the one its subject names may not."""
    world.leak.change(maybe_of=secret)
    before = trace(secret)
    assert silent(ben.get(f"/desk/tickets/{world.leak.number}"))
    answer = ben.post(f"/desk/tickets/{world.leak.number}/joining")
    assert silent(answer)
    assert not Ticket.get_by_id(world.leak.id).is_away
    assert trace(secret) == before


# --- what was begun before it was closed off -----------------------------------------------------------------------


def test_what_one_had_begun_on_it_leads_back_to_nothing(world, vault, ben):
    """A draft, a change of many, a saved view, the list one came from, presence: none of them remembers its words."""
    ticket = Ticket.open(
        by=world.eve, requester=world.eve, subject="Zanzibar", text="It smells of cloves.", channel="form"
    )
    ben.get("/desk/tickets?view=any&q=Zanzibar")
    ben.get(f"/desk/tickets/{ticket.number}")
    Draft.keep(ticket, world.ben, "reply", "Dear Eve, cloves")
    batch = Batch.ask("tag", [ticket.id, world.leak.id], by=world.ben, add=["oil"], remove=[])
    draft = Batch.ask("close", [ticket.id], by=world.ben, draft=True)
    ticket.give_to_group(vault, by=world.ada)
    before = trace(ticket)
    here = f"/desk/tickets/{ticket.number}"
    for path in (here, f"{here}/replies", f"{here}/presence", f"{here}/next"):
        assert ben.get(path).status == 404
    assert ben.post(f"{here}/drafts", kind="reply", text="And more").status == 404
    for path in (f"/desk/batches/{batch.id}", f"/desk/batches/{draft.id}/edit", "/desk/tickets?view=any"):
        assert silent(ben.get(path))
    ben.post(f"/desk/batches/{draft.id}", text="Done.")
    ben.post(f"/desk/batches/{batch.id}/undo")
    assert trace(ticket) == before
    assert silent(ben.get(f"/desk/batches/{Batch.select().order_by(Batch.id.desc()).get().id}"))


def test_nobody_outside_is_told_of_it(world, secret):
    """Who followed it once, or is named in a note of it, gets no letter with its words."""
    since = now()
    secret.note("@ben look, cloves", by=world.bea)
    for event in Event.select().where(Event.ticket == secret):
        tell_assignee(event)
    letters = Delivery.select().where(Delivery.created_at >= since, Delivery.person == world.ben)
    assert [letter.letter for letter in letters] == []
