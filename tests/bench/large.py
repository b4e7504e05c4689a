"""How much memory a mail of 25 MB takes: in the process that fetches and files it, and in the child that reads it."""

import json
import os
import subprocess
import sys
from base64 import encodebytes
from pathlib import Path

from app import create_app
from app.cli import MALLOC
from app.config import Config
from app.lib import child, db, migrations, secrets
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new
from tests import needs
from tests.bench import seed
from tests.bench.figures import Figures
from tests.mail.incoming import mail, receive
from tests.wire.mailserver import Dovecot

USER = "large@bench.example"
SIZE = 25 * 1024 * 1024
MIB = 1024 * 1024


def measure(folder: Path, figures: Figures) -> None:
    """Beside what each process takes before; nothing of it may stay."""
    if problem := needs.missing("dovecot"):
        figures.note("mail of 25 MB", problem)
        return
    dovecot = Dovecot().start()
    try:
        dovecot.put(USER, large())
        command = [sys.executable, "-m", "tests.bench.large", str(folder / "large"), str(dovecot.imap)]
        environment = {**os.environ, **MALLOC, "LOG_LEVEL": "error"}
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    finally:
        dovecot.end()
    found = json.loads(said.splitlines()[-1])
    figures.add("mail of 25 MB: fetching", found["fetching"] / SIZE, "times its size", at_most=3)
    figures.add("mail of 25 MB: filing", found["filing"] / SIZE, "times its size", at_most=3)
    figures.add("mail of 25 MB: parsing", found["parsing"] / SIZE, "times its size", at_most=9)
    figures.add("mail of 25 MB: what stays in the fetching process", found["stays"] / MIB, "MiB", at_most=8)
    figures.add("mail of 25 MB: what stays in the parsing process", found["child_stays"] / MIB, "MiB", at_most=8)


def large() -> bytes:
    """A photograph of a broken press, as a camera makes them."""
    head = (
        b"From: Nora Vega <nora@new.example>\r\nTo: large@bench.example\r\nSubject: The press\r\n"
        b"Message-ID: <large@new.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nLook.\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        b'Content-Disposition: attachment; filename="press.raw"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    body = encodebytes(os.urandom(SIZE * 73 // 100)).replace(b"\n", b"\r\n")
    return head + body[: SIZE - len(head) - 16] + b"\r\n--b--\r\n"


def memory(pid: int | str, what: str) -> int:
    """VmRSS, what a process has now, or VmHWM, the most it ever had, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def forget_the_peak(pid: int | str) -> int:
    """Its peak is from now on what it has now, which is returned."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return memory(pid, "VmRSS")


def main(folder: Path, port: int) -> dict[str, int]:
    app = create_app(Config(data_dir=folder, log_level="error"))
    app.app_context().push()
    db.acquire()
    migrations.apply()
    with db.transaction():
        seed.furnish()
        mailbox = Mailbox.create(
            name="Large", address=USER, state="confirmed", creates="ticket", is_default=True, host="127.0.0.1",
            port=port, security="none", user=USER, password=secrets.vault().lock("secret"),
        )  # fmt: skip
    receive(mail("A small one first: what it loads is there for all others."), mailbox)
    reads = next(each.process.pid for each in child._started if each.process)
    begin, child_begin = forget_the_peak("self"), forget_the_peak(reads)
    mailbox.fetch()
    found = {"fetching": memory("self", "VmHWM") - begin}
    began = forget_the_peak("self")
    process_new()
    found |= {"filing": memory("self", "VmHWM") - began, "parsing": memory(reads, "VmHWM") - child_begin}
    found |= {"stays": memory("self", "VmRSS") - begin, "child_stays": memory(reads, "VmRSS") - child_begin}
    if LedgerEntry.select().where(LedgerEntry.outcome == "opened").count() != 2:
        raise RuntimeError(f"the mail became no ticket {mailbox.failure}")
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
    child.end_all()
