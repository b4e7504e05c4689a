"""The pages of the ledger."""

from app.lib.files import store
from app.mail.ledger import LedgerEntry
from app.mail.receiving import process_new
from tests.mail.incoming import enter, mail, receive, support
from tests.page import both_ways

URL = "/desk/mail/ledger"


def test_every_mail_is_listed_with_its_outcome(desk, world):
    support()
    receive(mail(subject="One"))
    receive(mail(subject="Two", auto_submitted="auto-replied"))
    page = desk(world.ada).get(URL)
    assert "One" in page.text
    assert page.has_link("Two")
    only = desk(world.ada).get(URL, outcome="ignored")
    assert not only.has_link("One")
    assert only.has_link("Two")
    assert "No mail matches" in desk(world.ada).get(URL, outcome="failed").text
    assert desk(world.ada).get(URL, outcome="nonsense", mailbox="x").has_link("One")


def test_a_subject_or_sender_without_end_leaves_room_for_the_rest(desk, world):
    support()
    entry = receive(mail(subject="Word" * 100, sender=f"{'x' * 60}@{'y' * 60}.example"))
    page = desk(world.ada).get(URL)
    assert "Word" * 41 not in page.all("table")[0].text
    assert "y" * 10 not in page.all("table")[0].text
    shown = desk(world.ada).get(f"{URL}/{entry.id}")
    assert "Word" * 41 not in shown.all("h1")[0].text
    assert "Word" * 41 in shown.text  # in its headers


def test_it_goes_on_page_by_page(desk, world):
    support()
    for count in range(55):
        enter(mail(subject=f"Number {count:02}"))
    LedgerEntry.update(outcome="passed", subject="x").execute()
    first = desk(world.ada).get(URL)
    assert len(first.region("Pages").all("a")) == 1
    second = desk(world.ada).get(first.link("Older")["href"])
    assert len(second.all("tbody")[0].all("tr")) == 5
    assert second.has_link("Newest")


def test_one_mail_with_its_text_and_headers(desk, world):
    support()
    entry = receive(mail("The blade is stuck.", subject="Saw"))
    page = desk(world.ada).get(f"{URL}/{entry.id}")
    assert "The blade is stuck." in page.region("Text").text
    assert "message-id:" in page.text.lower()
    assert page.link(f"{entry.ticket.number} · Saw")
    assert not page.has_button("Process again")
    raw = desk(world.ada).get(f"{URL}/{entry.id}/message.eml")
    assert raw.response.get_data() == store().read(entry.raw_sha256)
    assert "attachment" in raw.headers["Content-Disposition"]


@both_ways
def test_what_was_passed_over_is_processed_again(desk, world, htmx):
    mailbox = support(creates="")
    entry = receive(mail())
    page = desk(world.ada).get(f"{URL}/{entry.id}")
    assert "This mailbox opens no tickets." in page.text
    desk(world.ada).post(f"{URL}/{entry.id}/processing", htmx=htmx)
    assert LedgerEntry.get_by_id(entry.id).outcome == "opened"
    assert desk(world.ada).post(f"{URL}/{entry.id}/processing").status == 409
    assert mailbox.creates == ""


def test_a_mail_whose_file_is_gone_still_has_its_page(desk, world):
    support()
    entry = enter(mail())
    store().remove(entry.raw_sha256)
    process_new()
    page = desk(world.ada).get(f"{URL}/{entry.id}")
    assert "Its stored file is missing." in page.text
    assert desk(world.ada).get(f"{URL}/{entry.id}/message.eml").status == 404
    assert desk(world.ada).get(f"{URL}/9999").status == 404
