"""Sending five hundred replies to a local SMTP receiver, beside a floor that sends the same bytes by smtplib."""

import json
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller

from app import create_app
from app.accounts.contact import Contact
from app.accounts.robot import Robot
from app.config import Config
from app.lib import db, migrations
from app.mail import outgoing
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings
from app.tickets.ticket import Ticket
from tests.bench import seed
from tests.bench.figures import Figures

COUNT, TICKETS, ROUNDS = 500, 50, 3


def measure(folder: Path, figures: Figures) -> None:
    runs = [_child(folder / f"sending{n}") for n in range(ROUNDS)]
    floor, ours = (min((run[how] for run in runs), key=lambda run: run["wall"]) for how in ("floor", "ours"))
    figures.add("sending", COUNT / ours["wall"], "mails/s", floor=COUNT / floor["wall"])
    figures.add("sending: CPU a mail", ours["cpu"], "ms", floor=floor["cpu"])


def _child(folder: Path) -> dict[str, dict[str, float]]:
    """Both in one process, over the same receiver, which is a process of its own."""
    command = [sys.executable, "-m", "tests.bench.sending", "send", str(folder)]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "LOG_LEVEL": "error"}
    )
    return json.loads(answer.stdout.splitlines()[-1])


class Sink:
    """Takes everything and keeps nothing."""

    async def handle_DATA(self, *_: object) -> str:
        return "250 OK"


def receive(port: str) -> None:
    Controller(Sink(), hostname="127.0.0.1", port=int(port)).start()
    print("ready", flush=True)
    sys.stdin.read()


def prepare(folder: Path, port: int) -> list[tuple[str, bytes]]:
    """An installation in which five hundred replies are due; and their bytes, as they will be."""
    app = create_app(Config(data_dir=folder, log_level="error"))
    app.app_context().push()
    db.acquire()
    migrations.apply()
    with db.transaction():
        seed.furnish()
        WireSettings.set(mode="live")
        server = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        Mailbox.create(name="Help", address="help@bench.example", state="confirmed", is_default=True, **server)
        for number in range(TICKETS):
            _converse(number)
        Delivery.update(state="cancelled").where(Delivery.letter != "messages.replied").execute()
    return [(each.to_address, outgoing.written(each).to_bytes()) for each in Delivery.select().where(_due())]


def _converse(number: int) -> None:
    person = Contact.register(f"Person {number}", f"p{number}@bench.example")
    ticket = Ticket.open(by=person, subject="The press leaks", text="Oil.", channel="form", requester=person)
    for _ in range(COUNT // TICKETS):
        message = ticket._say("A new seal is needed.\n\nIs Friday fine?" * 5, by=Robot.mail())
        event = ticket.record("message.replied", by=Robot.mail(), about=message, public=True)
        ticket.mail_customer("messages.replied", event=event, message=message)


def _due() -> object:
    return Delivery.state == "waiting"


def floor(letters: list[tuple[str, bytes]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as wire:
        for address, raw in letters:
            wire.sendmail("help@bench.example", [address], raw)


def ours() -> None:
    if outgoing.send_due() != COUNT:
        raise RuntimeError("not every letter was accepted")


def timed(work: Callable[[], None]) -> dict[str, float]:
    wall, used = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": (time.process_time() - used) * 1000 / COUNT}


def send(folder: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tests.bench.sending", "receive", str(port)]
    receiver = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert receiver.stdout is not None
        receiver.stdout.readline()
        letters = prepare(Path(folder), port)
        print(json.dumps({"floor": timed(lambda: floor(letters, port)), "ours": timed(ours)}))
    finally:
        receiver.kill()


if __name__ == "__main__":
    {"send": send, "receive": receive}[sys.argv[1]](sys.argv[2])
