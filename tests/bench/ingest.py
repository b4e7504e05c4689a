"""Taking in a thousand mails from a local IMAP server, beside a floor that does only what libraries must."""

import email
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nh3
from imap_tools import MailBoxUnencrypted
from selectolax.lexbor import LexborHTMLParser

from app import create_app
from app.config import Config
from app.lib import child, db, migrations, secrets
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new
from tests import needs
from tests.bench import mails, seed
from tests.bench.figures import Figures
from tests.wire.mailserver import Dovecot

USER = "help@bench.example"
ROUNDS = 5


def measure(folder: Path, figures: Figures) -> None:
    if problem := needs.missing("dovecot"):
        figures.note("mail ingest", problem)
        return
    dovecot = Dovecot().start()
    try:
        dovecot.put(USER, *mails.make())
        runs: dict[str, list[dict[str, float]]] = {"floor": [], "ours": []}
        for number in range(ROUNDS):  # in turn: what slows the machine down for a while slows both
            for how, taken in runs.items():
                taken.append(_child(how, folder / f"{how}{number}", dovecot.imap))
    finally:
        dovecot.end()
    pairs = sorted(zip(*runs.values(), strict=True), key=lambda pair: pair[0]["wall"] / pair[1]["wall"])
    floor, ours = pairs[ROUNDS // 2]
    ratio = floor["wall"] / ours["wall"]
    figures.add("mail ingest", mails.COUNT / ours["wall"], "mails/s", floor=mails.COUNT / floor["wall"])
    figures.add("mail ingest beside its floor", ours["wall"], "s", floor=floor["wall"], ratio=ratio, at_least=0.4)
    figures.add("mail ingest: CPU a mail", ours["cpu"], "ms", floor=floor["cpu"])


def _child(how: str, folder: Path, port: int) -> dict[str, float]:
    """One run in a process of its own, so that nothing is warm that would not be."""
    command = [sys.executable, "-m", "tests.bench.ingest", how, str(folder), str(port)]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "LOG_LEVEL": "error"}
    )
    return json.loads(answer.stdout.splitlines()[-1])


def floor(folder: Path, port: int) -> Callable[[], None]:
    """Batches of 50, every part decoded, HTML through nh3 and lexbor, one transaction a mail with one full-text row."""
    folder.mkdir(parents=True)
    store = sqlite3.connect(folder / "floor.db", isolation_level=None)
    store.execute("PRAGMA journal_mode=wal")
    store.execute("PRAGMA synchronous=full")
    store.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, raw BLOB)")
    store.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='unicode61 remove_diacritics 2', prefix='2 3')")

    def take(raw: bytes) -> None:
        texts = []
        for part in email.message_from_bytes(raw).walk():
            content = part.get_payload(decode=True)
            if content is None:
                continue
            if part.get_content_type() == "text/html":
                html = nh3.clean(content.decode("utf-8", "replace"))
                texts.append(LexborHTMLParser(html).text())
            elif part.get_content_type() == "text/plain":
                texts.append(content.decode("utf-8", "replace"))
        store.execute("BEGIN IMMEDIATE")
        store.execute("INSERT INTO raw (raw) VALUES (?)", (raw,))
        store.execute("INSERT INTO words (body) VALUES (?)", ("\n".join(texts),))
        store.execute("COMMIT")

    def run() -> None:
        with MailBoxUnencrypted("127.0.0.1", port, timeout=30).login(USER, "secret") as box:
            uids = box.uids("ALL")
            for start in range(0, len(uids), 50):
                _, answers = box.client.uid("fetch", ",".join(uids[start : start + 50]), "(BODY.PEEK[])")
                for answer in answers:
                    if isinstance(answer, tuple):
                        take(answer[1])

    return run


def ours(folder: Path, port: int) -> Callable[[], None]:
    """Everything: raw kept, threading, cleaning, attachments, full text, acknowledgements queued and not sent."""
    app = create_app(Config(data_dir=folder, log_level="error"))
    app.app_context().push()
    db.acquire()
    migrations.apply()
    with db.transaction():
        seed.furnish()
        box = {"host": "127.0.0.1", "port": port, "security": "none", "user": USER}
        mailbox = Mailbox.create(
            name="Help", address=USER, state="confirmed", creates="ticket", is_default=True,
            password=secrets.vault().lock("secret"), **box,
        )  # fmt: skip

    def run() -> None:
        mailbox.fetch()
        process_new()
        unlike = LedgerEntry.select().where(LedgerEntry.outcome.not_in(["opened", "joined"])).count()
        if LedgerEntry.select().count() != mails.COUNT or unlike > mails.COUNT / 10:
            raise RuntimeError(f"{unlike} mails became neither ticket nor answer")

    return run


if __name__ == "__main__":
    work = {"floor": floor, "ours": ours}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    wall, used = time.perf_counter(), time.process_time()
    work()
    wall, used = time.perf_counter() - wall, time.process_time() - used
    child.end_all()
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)  # who reads the mails is a process of its own
    used += readers.ru_utime + readers.ru_stime
    print(json.dumps({"wall": wall, "cpu": used * 1000 / mails.COUNT}))
