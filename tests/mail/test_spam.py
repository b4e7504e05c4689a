"""What is taken for spam, by whose word, and that nobody who does not answer holds up a mail."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.lib import resolving
from app.lib.resolving import Resolver, reversed_name
from app.mail import spam
from app.mail.reading import read
from app.mail.settings import SpamSettings
from app.mail.spam import Detective, came_from, marks
from app.outbox.delivery import Delivery
from tests.mail.incoming import mail, receive, support

OURS = "mx.acme.example"
HOP = f"Received: from sender.example (sender.example [198.51.100.7]) by {OURS} with ESMTPS; x\r\n"
OTHER = "Received: from a.example ([192.0.2.9]) by relay.example with ESMTP; x\r\n"
REAL = "Received: from b.example (b.example [8.8.4.4]) by mx.acme.example with ESMTPS; x\r\n"


@pytest.mark.parametrize(
    ("head", "ours", "found"),
    [
        ("X-Spam-Flag: YES\r\n" + HOP, "", True),
        ("X-Spam-Status: Yes, score=9.1 required=5.0\r\n" + HOP, "", True),
        ("X-Rspamd-Action: add header\r\n" + HOP, "", True),
        ("X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:US;SFV:SPM;CAT:SPM;\r\n" + HOP, "", True),
        ("X-MS-Exchange-Organization-SCL: 6\r\n" + HOP, "", True),
        ("X-MS-Exchange-Organization-SCL: 1\r\n" + HOP, "", False),
        ("X-Spam-Status: No, score=1\r\n" + HOP, "", False),
        (HOP + OTHER + "X-Spam-Flag: YES\r\n", "", False),
        (HOP + "X-Spam-Flag: YES\r\n" + OTHER, "", True),
        (HOP + HOP + "X-Spam-Flag: YES\r\n" + OTHER, OURS, True),
        (HOP + OTHER + "X-Spam-Flag: YES\r\n", OURS, False),
        (HOP + OTHER + f"X-Spam-Flag: YES\r\nX-Spam-Checker-Version: SpamAssassin 4.0 on {OURS}\r\n", OURS, True),
        ("X-Spam-Flag: NO\r\n" + HOP + "X-Spam-Flag: YES\r\n" + OTHER, OURS, True),
    ],
)
def test_only_what_our_own_server_wrote_counts(head, ours, found):
    parsed = read(f"{head}From: a@b.example\r\nSubject: x\r\n\r\nx".encode())
    assert bool(marks(parsed, ours)) is found


def test_marked_mail_waits_in_quarantine_and_says_why(world):
    support()
    entry = receive(b"X-Spam-Flag: YES\r\n" + HOP.encode() + mail("Buy"))
    assert (entry.outcome, entry.cause, entry.ticket) == ("quarantined", "marked", None)
    assert "x-spam-flag: YES" in entry.detail
    SpamSettings.set(heeds_marks=False)
    assert receive(b"X-Spam-Flag: YES\r\n" + HOP.encode() + mail("Buy two")).outcome == "opened"


def test_an_answer_to_a_letter_of_ours_is_no_spam(world):
    support()
    world.leak.reply("Is Friday fine?", by=world.ben)
    delivery = Delivery.select().where(Delivery.letter == "messages.replied").first()
    raw = mail("Yes", sender="carol@marlow.example", in_reply_to=delivery.mail_id)
    entry = receive(b"X-Spam-Flag: YES\r\n" + HOP.encode() + raw)
    assert (entry.outcome, entry.ticket) == ("joined", world.leak)


# --- block lists -----------------------------------------------------------------------------------------------


def test_addresses_as_lists_are_asked():
    assert reversed_name("8.8.4.4") == "4.4.8.8"
    assert reversed_name("2001:4860:4860::8888").startswith("8.8.8.8.")
    assert [reversed_name(each) for each in ("10.0.0.1", "127.0.0.1", "nothing")] == ["", "", ""]


def test_whose_address_it_is():
    inner = "Received: from mx.acme.example ([10.0.0.3]) by mx.acme.example with LMTP; x\r\n"
    assert came_from(read(f"{inner}{REAL}\r\nx".encode()), OURS) == "8.8.4.4"
    forged = "Received: from me ([10.9.9.9]) by other.example; x\r\n"
    assert came_from(read(f"{forged}{REAL}\r\nx".encode()), OURS) == ""


def detective(names, **more):
    asks = {"heeds_marks": False, "block_lists": "", "rspamd": "", "resolver": Resolver(names.address)}
    return Detective(**asks | more)


def test_a_listed_server(names, tmp_path):
    names.teach("4.4.8.8.list.example", "A", "127.0.0.2")
    names.teach("4.4.8.8.broken.example", "A", "127.255.255.254")
    parsed = read(f"{REAL}From: a@b.example\r\n\r\nx".encode())
    asking = detective(names, block_lists="broken.example, list.example")
    found = asking.suspects(parsed, tmp_path / "none", authserv_id=OURS, recipient="")
    assert (found.cause, found.detail) == ("listed", "8.8.4.4, list.example")
    other = detective(names, block_lists="broken.example")
    assert other.suspects(parsed, tmp_path / "none", authserv_id=OURS, recipient="") is None


def test_a_name_server_that_is_gone_is_asked_once(monkeypatch):
    monkeypatch.setattr(resolving, "PATIENCE", 0.2)
    asking = Resolver("127.0.0.1:9")
    assert asking.addresses("1.2.3.4.list.example") == []
    assert asking._rests_until > 0


# --- rspamd ----------------------------------------------------------------------------------------------------


@pytest.fixture
def scanner():
    """A stand-in that speaks rspamd's HTTP: `said` is its answer, `heard` what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.heard.append((self.path, dict(self.headers), body))
            answer = self.server.said
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.heard, server.said = [], b""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _nobody_rests():
    spam._silent_until.clear()


def test_what_rspamd_thinks_is_heard(world, scanner):
    support()
    SpamSettings.set(rspamd=f"http://127.0.0.1:{scanner.server_port}/")
    scanner.said = json.dumps({"action": "add header", "score": 11.5, "symbols": {}}).encode()
    entry = receive(mail("Cheap watches"))
    assert (entry.outcome, entry.cause, entry.detail) == ("quarantined", "rspamd", "add header, 11.5")
    path, headers, body = scanner.heard[0]
    assert (path, headers["Rcpt"]) == ("/checkv2", "help@acme.example")
    assert b"Cheap watches" in body
    scanner.said = json.dumps({"action": "no action", "score": 0.1}).encode()
    assert receive(mail("A real question")).outcome == "opened"


@pytest.mark.parametrize("said", [b"", b"[]", b"<html>", b'{"action": null}'])
def test_a_scanner_that_talks_rubbish_blocks_nothing(world, scanner, said):
    support()
    SpamSettings.set(rspamd=f"http://127.0.0.1:{scanner.server_port}")
    scanner.said = said
    assert receive(mail()).outcome == "opened"
    assert receive(mail()).outcome == "opened"
    assert len(scanner.heard) == 1


def test_a_dead_scanner_blocks_nothing(world):
    support()
    SpamSettings.set(rspamd="http://127.0.0.1:9")
    assert receive(mail()).outcome == "opened"


def test_the_settings_take_no_rubbish(desk, world):
    url = "/desk/settings/sections/SpamSettings"
    ada = desk(world.ada)
    ada.get(url)
    assert ada.post(url, heeds_marks="y", block_lists="not a list!", rspamd="").status == 422
    assert ada.post(url, heeds_marks="y", block_lists="", rspamd="file:///etc/passwd").status == 422
    assert ada.post(url, heeds_marks="y", block_lists="zen.spamhaus.org", rspamd="http://127.0.0.1:11333").status == 200
    assert SpamSettings.block_lists == "zen.spamhaus.org"
