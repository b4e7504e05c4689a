"""The process that takes mail in: the sandbox's receiver of our letters, and the listener for forwarded mail."""

import signal
import threading
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from types import FrameType

import structlog

import app.tickets.ticket  # noqa: F401  the ledger points at tickets
from app.config import Config, ConfigError
from app.lib import db, files, logs, secrets
from app.lib.db import connection, transaction
from app.lib.files import store
from app.lib.jobs import nudge, open_queue
from app.lib.listener import Certificate, Listener
from app.mail.listening import Reception
from app.sandbox.letter import SandboxLetter

HEADERS = 256 * 1024
log = structlog.get_logger(__name__)


def main() -> None:
    """Runs until it is told to end."""
    config = Config.from_environment()
    logs.configure(config)
    secrets.use(secrets.load(config))
    files.use(files.Store(config.data_dir / "files"))
    db.use(config.database_url, threads=4)
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    listeners = start(config)
    ended.wait()
    for listener in listeners:
        listener.stop()


def start(config: Config) -> list[Listener]:
    """Opens the ports that the settings name, and returns what listens on them."""
    queue = open_queue(config)
    largest = config.mail_size_limit_mb * 1024 * 1024
    reception = Reception(afterwards=lambda: nudge(queue, "tasks.mail.process_mail"))
    listeners = []
    if config.sandbox_smtp_port:
        listeners.append(
            Listener(
                "127.0.0.1",
                config.sandbox_smtp_port,
                accepts=lambda address: True,
                received=keep,
                largest=2 * largest,
                name=config.hostname,
            )
        )
    if config.smtp_listener_port:
        listeners.append(
            Listener(
                config.smtp_listener_host,
                config.smtp_listener_port,
                accepts=reception.accepts,
                received=reception.received,
                largest=largest,
                name=config.hostname,
                certificate=certificate(config),
            )
        )
    for listener in listeners:
        listener.start()
        log.info("listening for mail", host=listener.host, port=listener.port)
    return listeners


def certificate(config: Config) -> Certificate | None:
    """What the listener speaks STARTTLS with. Raises ConfigError where it cannot be used."""
    if not config.smtp_listener_certificate:
        return None
    try:
        return Certificate(Path(config.smtp_listener_certificate), Path(config.smtp_listener_key))
    except OSError as problem:
        raise ConfigError(f"SMTP_LISTENER_CERTIFICATE or SMTP_LISTENER_KEY cannot be used: {problem}.") from None


def keep(sender: str, recipients: list[str], raw: bytes) -> None:
    """Puts a letter of ours into the inboxes of the sandbox. The same letter a second time is the same letter."""
    head = message_from_bytes(raw[:HEADERS].partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=policy.default)
    mail_id = str(head["Message-ID"] or "").strip()[:998]
    name, address = parseaddr(str(head["From"] or sender))  # a mail program shows From; some envelopes have no sender
    shown = name or address
    with connection():
        sha256 = store().put(raw).sha256
        with transaction():
            for recipient in dict.fromkeys(address.lower() for address in recipients):
                if not mail_id or not _has(recipient, mail_id):
                    SandboxLetter.create(
                        recipient=recipient[:254],
                        sender=shown[:254],
                        subject=str(head["Subject"] or ""),
                        mail_id=mail_id,
                        raw_sha256=sha256,
                    )


def _has(recipient: str, mail_id: str) -> bool:
    known = (SandboxLetter.recipient == recipient) & (SandboxLetter.mail_id == mail_id)
    return SandboxLetter.select().where(known).exists()


if __name__ == "__main__":
    main()
