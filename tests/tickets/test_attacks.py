"""What the ill-meaning try at the portal: each try is refused, changes nothing, and stands in the log.

Others of the kind stand beside what they attack: a proof used twice or made up (test_public), a PDF with a script and
bombs (tests/attachments), who has an account and a planted cookie (tests/accounts).
"""

import io
import logging
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from structlog.testing import capture_logs

from app.attachments.attachment import Attachment
from app.lib import proof
from app.lib.clock import now
from app.lib.db import Record
from app.mail.outgoing import written
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.held_form import HeldForm
from app.tickets.personal_link import PersonalLink
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from tests.browsing import HTMX, Client
from tests.house.access import PORTAL, PUBLIC
from tests.solving import solved
from tests.tickets.test_public import filled, newest

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>document.location='https://evil.example'</script>"


@pytest.fixture
def log(app):
    """The lines of the log, as they are written."""
    lines: list[dict] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.msg, dict):
                lines.append(record.msg)

    logger, keep = logging.getLogger("web"), Keep()
    before = logger.level
    logger.addHandler(keep)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(keep)
    logger.setLevel(before)


def events(told):
    return [line["event"] for line in told]


@pytest.fixture
def link(world):
    return PersonalLink.issue(world.leak, world.carol)


@pytest.fixture
def everyone(world, monkeypatch):
    monkeypatch.setattr(proof, "COST", 1)
    FormSettings.set(who_may_open="everyone")


# --- links --------------------------------------------------------------------------------------------------------


def test_a_link_opens_no_other_ticket(client, world, link, log):
    mine = Ticket.open(by=world.carol, requester=world.carol, subject="Another of Carol's", text="…", channel="form")
    theirs = Ticket.open(by=world.eve, requester=world.eve, subject="Eve's", text="…", channel="form")
    client.get(f"/t/{link.token}")
    for ticket in (mine, theirs):
        path = f"/portal/tickets/{ticket.number}"
        assert client.get(path).h1 == "Sign in"
        assert log[-1]["event"] == "a guest was turned away"
        assert log[-1]["path"] == path
        for noun in ("replies", "closure", "documents", "links/1/revocation"):
            assert client.post(f"{path}/{noun}", text="Let me in").h1 == "Sign in"
        assert Ticket.get_by_id(ticket.id).status == "open"
        assert Message.select().where(Message.ticket == ticket).count() == 1


def test_a_guessed_token_is_not_there_and_no_token_is_kept(client, world, link, log):
    before, near = log[:], link.token[:-1] + ("A" if link.token[-1] != "A" else "E")
    for token in (near, link.token.lower(), "A" * 43, str(link.id), link.nonce, link.token_hash):
        assert client.get(f"/t/{token}").status == 404
        assert (log[-1]["path"], log[-1]["status"]) == ("/t/<string:token>", 404)
    assert client.post(f"/t/{near}/renewal").status == 404
    assert link.token not in str(log[len(before) :])
    rows = [str(row) for record in Record.records.values() for row in record.select().tuples()]
    assert not any(link.token in row for row in rows)


@pytest.mark.parametrize("way", ["expired", "revoked"])
def test_an_ended_link_opens_nothing_not_even_where_it_has_opened(client, world, link, log, way):
    client.get(f"/t/{link.token}")
    page = client.get(f"/portal/tickets/{world.leak.number}")
    if way == "expired":
        link.change(expires_at=now() - timedelta(seconds=1))
    else:
        page.press("Revoke")
    assert client.get(f"/portal/tickets/{world.leak.number}").h1 == "This link is no longer valid"
    assert "a guest was turned away" in [line["event"] for line in log]
    ended = client.get(f"/t/{link.token}")
    assert ended.status == log[-1]["status"] == 410
    for word in ("press", "leaks", "Carol", str(world.leak.number), "marlow"):
        assert word not in next(iter(ended.all("main"))).text
    sent = Delivery.select().count()
    ended.press("Send a fresh link")
    fresh = Delivery.select().order_by(Delivery.id).offset(sent)
    assert [each.to_address for each in fresh] == ["carol@marlow.example"]


def test_a_links_person_cannot_use_it_once_they_may_not_sign_in(client, world, link, log):
    client.get(f"/t/{link.token}")
    world.carol.change(is_active=False)
    assert client.get(f"/portal/tickets/{world.leak.number}").h1 == "Sign in"
    assert log[-1]["event"] == "a guest was turned away"


# --- other sites --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
@pytest.mark.parametrize("noun", ["replies", "closure", "documents", "language"])
def test_another_site_cannot_post_for_a_guest(client, world, link, log, noun, headers):
    client.get(f"/t/{link.token}")
    path = f"/portal/tickets/{world.leak.number}/{noun}"
    answer = client.http.post(path, data={"text": "Buy this", "language": "pt"}, headers=headers)
    assert answer.status_code == 403
    assert b"Buy this" not in answer.get_data()
    assert (log[-1]["path"], log[-1]["status"]) == (path, 403)
    assert Ticket.get_by_id(world.leak.id).status == "open"
    assert Message.select().where(Message.text == "Buy this").count() == 0


def test_no_page_of_a_customer_can_be_framed(app, world, things):
    browsers = {"carol": Client(app).sign_in(world.carol), "nobody": Client(app)}
    seen = 0
    for row in [*PORTAL, *PUBLIC]:
        who = next((who for who in browsers if who in row.allowed), None)
        if row.method == "GET" and who and not row.path.startswith("/p/"):  # a portal link may stand on listed sites
            answer = browsers[who]._ask(row.path.format(**things))
            policy = answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy or answer.status_code == 303, row.path
            seen += 1
    assert seen > 15


@pytest.mark.parametrize("frame", ["iframe", "embed", "object"])
def test_whoever_frames_a_page_is_in_the_log(client, world, link, log, frame):
    """A browser obeys the policy and shows nothing; what it says of the frame tells us."""
    client.get(f"/t/{link.token}")
    for path in (f"/portal/tickets/{world.leak.number}", "/support", f"/t/{link.token}"):
        client._ask(path, headers={"Sec-Fetch-Dest": frame, "Sec-Fetch-Site": "cross-site"})
        refused = [line for line in log if line["event"] == "framing refused"][-1]
        assert refused["path"] == path.replace(link.token, "<string:token>")
    before = len(log)
    client._ask("/support", headers={"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"})
    client._ask("/support", headers={"Sec-Fetch-Dest": frame, "Sec-Fetch-Site": "same-origin"})
    assert len(log) == before


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"), [(HTML, "page.html"), (SVG, "logo.svg"), (SVG, "photo.png"), (HTML, "notes.txt")]
)
def test_a_page_or_a_drawing_is_refused_and_the_answer_is_kept(client, world, link, data, name):
    client.get(f"/t/{link.token}")
    form = client.get(f"/portal/tickets/{world.leak.number}")
    with capture_logs() as told:
        refused = form.press("Send", text="Look at this", files=(io.BytesIO(data), name))
    if refused.status == 422:
        assert name in refused
        assert "Look at this" in refused.html
        assert "file refused" in events(told)
    else:  # taken for what its bytes are, which no browser shows
        assert Attachment.get().content_type == "application/octet-stream"
        assert not Attachment.get().has_preview


@pytest.mark.parametrize(("data", "name"), [(HTML, "page.html"), (SVG, "logo.svg")])
def test_one_that_came_by_mail_is_only_saved_when_opened_directly(client, world, link, log, data, name):
    with capture_logs() as told:
        part = Attachment.keep_part(data, name)
    assert "file kept to be saved only" in events(told)
    world.leak.hear("See.", by=world.carol, channel="email", files=[part])
    client.get(f"/t/{link.token}")
    saved = client.get(f"/portal/tickets/{world.leak.number}/attachments/{part.id}/original")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/portal/tickets/{world.leak.number}/attachments/{part.id}/large").status == 404
    assert log[-1]["status"] == 404


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"), ("/etc/cron.txt", "cron.txt"), ("\u202etxt.exe.txt", "txt.exe.txt"),
        ("..\\..\\windows\\win.txt", "windowswin.txt"),  # the form's own reading takes the strokes for escapes
    ],
)  # fmt: skip
def test_a_path_in_the_name_of_a_file_leads_nowhere(client, world, link, tmp_path, name, kept):
    client.get(f"/t/{link.token}")
    form = client.get(f"/portal/tickets/{world.leak.number}")
    with capture_logs() as told:
        form.press("Send", text="Here", files=(io.BytesIO(b"harmless"), name))
    assert ("path in the name of a file" in events(told)) == ("/" in name)
    file = Attachment.get()
    assert file.name == kept
    saved = client.get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}/original")
    assert saved.headers["Content-Disposition"] == f'attachment; filename="{kept}"'
    stored = [path.name for path in (tmp_path / "data" / "files").iterdir() if path.is_file()]
    assert stored == [file.sha256]


def test_a_file_of_another_ticket_or_of_a_note_is_not_there(client, world, link, log):
    hidden, theirs = (Attachment.keep_part(b"secret", "secret.txt") for _ in range(2))
    world.leak.note("For us", by=world.ben, files=[hidden])
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Eve's", text="…", channel="form", files=[theirs])
    client.get(f"/t/{link.token}")
    for file in (hidden, theirs):
        for noun in ("", "/original", "/thumbnail"):
            assert client.get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}{noun}").status == 404
            assert log[-1]["status"] == 404
    assert client.get(f"/portal/tickets/{other.number}/attachments/{theirs.id}").h1 == "Sign in"


# --- the public form ----------------------------------------------------------------------------------------------


@pytest.mark.sqlite_only  # a minute of requests that never reach the database
def test_ten_thousand_posts_from_one_address_open_a_handful_of_tickets(client, everyone, log):
    """The last ones are answered without touching a table, and the address may try again an hour later."""
    token, fields = client.token, filled()
    answers: dict[int, int] = {}
    for number in range(10_000):
        sent = {**fields, "subject": f"Number {number}", "draft_key": f"key-{number:020}", "csrf_token": token}
        if number < 60:
            sent["altcha"] = solved()
        headers = HTMX if number > 400 else {}  # a fragment of a page is drawn sooner
        status = client._ask("/support/new", method="POST", data=sent, headers=headers).status_code
        answers[status] = answers.get(status, 0) + 1
    assert set(answers) == {303, 429}
    assert answers[303] <= 10
    assert Ticket.select().count() <= 1 + 10
    assert HeldForm.select().count() == 0
    assert Delivery.select().where(Delivery.to_address == "olga@prat.example").count() <= 3
    assert sum(line.get("status") == 429 for line in log) == answers[429]


def test_the_addresses_of_one_network_count_together(app, everyone, log):
    client = Client(app)
    statuses = set()
    for host in range(1, 90):
        sent = filled(subject="", altcha="") | {"csrf_token": client.token}
        answer = client._ask(
            "/support/new", method="POST", data=sent, environ_base={"REMOTE_ADDR": f"203.0.113.{host}"}
        )
        statuses.add(answer.status_code)
    assert statuses == {422, 429}
    assert 429 in [line.get("status") for line in log]
    elsewhere = client._ask("/support/new", method="POST", data=sent, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 422


INJECTED = "Olga\r\nBcc: victim@elsewhere.example\r\nX-Evil: 1"


def test_no_header_is_written_by_a_name_or_a_subject(client, world, everyone, log):
    told = filled(name=INJECTED, subject=f"Heater {INJECTED}", company=INJECTED, phone="1\r\nBcc: a@b.example")
    client.get("/support/new").press("Send", **told)
    tried = [line["field"] for line in log if line["event"] == "line ends in a field of one line"]
    assert tried == ["name", "phone", "company", "subject"]
    ticket = newest()
    ticket.reply("We come.", by=world.ben)
    for delivery in Delivery.select().where(Delivery.ticket == ticket):
        letter = message_from_bytes(written(delivery).to_bytes(), policy=policy.default)
        assert letter["Bcc"] is None
        assert letter["X-Evil"] is None
        assert letter["To"].addresses[0].addr_spec == "olga@prat.example"
        assert len(letter["To"].addresses) == 1
        assert "victim" not in str([value for name, value in letter.items() if name not in ("To", "Subject")])


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "a@b.example;c@d.example",
    ],
)
def test_what_is_more_than_one_address_is_none(client, everyone, log, address):
    refused = client.get("/support/new").press("Send", **filled(email=address))
    assert refused.status == 422
    assert "This is not an e-mail address" in refused
    assert log[-1]["status"] == 422
    assert Ticket.select().count() == 1


PLACEHOLDERS = "{{ 7*191 }} ${7*191} {% for x in '' %} <%= 7*191 %> %(number)s {0} {ticket.secret} #{7*191}"


def test_nothing_that_is_typed_is_read_as_a_template(client, desk, portal, everyone, world, log):
    told = filled(name=f"Olga {PLACEHOLDERS}", subject=PLACEHOLDERS, text=PLACEHOLDERS, company=PLACEHOLDERS)
    client.get("/support/new").press("Send", **told)
    tried = {line["field"] for line in log if line["event"] == "words of a template in a field"}
    assert tried == {"name", "subject", "text", "company"}
    ticket = newest()
    assert ticket.subject == PLACEHOLDERS
    ticket.reply(f"You wrote: {PLACEHOLDERS}", by=world.ben)
    pages = [desk(world.ben).get(f"/desk/tickets/{ticket.number}"), desk(world.ben).get("/desk/tickets?view=all")]
    link = PersonalLink.issue(ticket, ticket.requester)
    client.get(f"/t/{link.token}")
    pages.append(client.get(f"/portal/tickets/{ticket.number}"))
    for page in pages:
        assert page.status == 200
        assert "1337" not in page.html
        assert "{{ 7*191 }}" in page.text
    for delivery in Delivery.select().where(Delivery.ticket == ticket):
        letter = written(delivery)
        assert "1337" not in letter.subject + letter.text + letter.html
        assert "{{ 7*191 }}" in letter.text
