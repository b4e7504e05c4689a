"""Real mail servers on free ports of the loopback: Dovecot for what is fetched, an SMTP receiver for what is sent."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests import needs

PASSWORD = "secret"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
last_valid_uid = 0
{tls}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail/%u
{passdb}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


BY_PASSWORD = """
passdb {{
  driver = static
  args = password={password}
}}
"""
BY_TOKEN = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""
ASKING = """
introspection_url = {authority}/introspect
introspection_mode = post
username_attribute = email
active_attribute = active
active_value = true
"""
QUOTA = """
mail_plugins = $mail_plugins quota
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage={quota}K
}}
protocol imap {{
  mail_plugins = $mail_plugins quota imap_quota
}}
"""


class Dovecot:
    """IMAP and POP3: any user exists, with the password `secret` and an empty inbox.

    With `authority` (the address of a tests/wire/authority.py) it takes no password but only its tokens, by XOAUTH2.
    With `names` it speaks TLS too, by a certificate for these names; `quota`: kilobytes that each user has room for.
    """

    host = "127.0.0.1"
    password = PASSWORD

    def __init__(self, authority: str = "", names: tuple[str, ...] = (), quota: int = 0) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dvc", dir="/tmp"))  # short: a socket's path has a limit
        self.authority, self.names, self.quota = authority, names, quota
        self.imap, self.pop3 = free_port(), free_port()
        self.imaps, self.pop3s = (free_port(), free_port()) if names else (0, 0)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Dovecot":
        """Not as root, which Dovecot would not need and its mail processes refuse."""
        as_root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if as_root else pwd.getpwuid(os.getuid())
        group = grp.getgrgid(owner.pw_gid).gr_name
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir(exist_ok=True)
        configuration = self.folder / "dovecot.conf"
        ports = {"imap": self.imap, "pop3": self.pop3, "imaps": self.imaps, "pop3s": self.pop3s}
        ids = {"user": owner.pw_name, "group": group, "uid": owner.pw_uid, "gid": owner.pw_gid}
        configuration.write_text(CONFIGURATION.format(folder=self.folder, **self._choices(), **ports, **ids))
        prefix = ["setpriv", "--pdeathsig", "TERM"]  # a test run that is killed leaves no server behind
        prefix += ["--reuid", owner.pw_name, "--regid", group, "--clear-groups"] if as_root else []
        if as_root:
            for path in [self.folder, *self.folder.rglob("*")]:
                shutil.chown(path, owner.pw_name)
        command = [*prefix, needs.program("dovecot"), "-F", "-c", str(configuration)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.imap, self.process, self.folder / "log")
        return self

    def _choices(self) -> dict[str, str]:
        """Who signs in how, whether TLS is spoken, and how much room there is."""
        (self.folder / "oauth2.conf").write_text(ASKING.format(authority=self.authority))
        passdb = (BY_TOKEN if self.authority else BY_PASSWORD).format(folder=self.folder, password=PASSWORD)
        passdb += QUOTA.format(quota=self.quota) if self.quota else ""
        tls = "ssl = no"
        if self.names:
            key, certificate = self_signed(self.folder, *self.names)
            tls = f"ssl = yes\nssl_key = <{key}\nssl_cert = <{certificate}"
        return {"mechanisms": "xoauth2" if self.authority else "plain login", "passdb": passdb, "tls": tls}

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        self.process = None

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, user: str) -> imaplib.IMAP4:
        connection = imaplib.IMAP4(self.host, self.imap, timeout=10)
        connection.login(user, PASSWORD)
        return connection

    def put(self, user: str, *letters: bytes | EmailMessage, seen: bool = False, folder: str = "INBOX") -> None:
        """Lays letters in somebody's inbox, as if they had just arrived."""
        connection = self.connect(user)
        for letter in letters:
            raw = letter if isinstance(letter, bytes) else letter.as_bytes(policy=policy.SMTP)
            status, answer = connection.append(folder, "(\\Seen)" if seen else "", "", raw)
            assert status == "OK", answer
        connection.logout()

    def flags(self, user: str, folder: str = "INBOX") -> list[str]:
        """The flags of each letter, in order."""
        connection = self.connect(user)
        _, (count, *_) = connection.select(folder, readonly=True)
        _, answers = connection.fetch("1:*", "(FLAGS)") if count != b"0" else ("OK", [])
        connection.logout()
        return [answer.decode() for answer in answers if isinstance(answer, bytes)]


class Postbag:
    """An SMTP receiver that keeps what it is given; `answers` decides what it says to whom."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = free_port()
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, list[str]] = {}
        self.controller: Controller | None = None

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]  # type: ignore[misc]

    def to(self, address: str) -> list[EmailMessage]:
        """The letters that this address received, oldest first."""
        received = zip(self.letters, self.envelopes, strict=True)
        return [letter for letter, (_, recipients) in received if address in recipients]

    def will_say(self, address: str, *answers: str) -> None:
        """The next answers to RCPT TO this address, such as "451 Try later", then it is accepted again."""
        self.answers.setdefault(address, []).extend(answers)

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return f"250 OK, kept as {len(self.raw)}"

    def start(self) -> "Postbag":
        self.controller = Controller(self, hostname=self.host, port=self.port, data_size_limit=64 * 1024 * 1024)
        self.controller.start()
        return self

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
        self.controller = None

    def wait_for(self, count: int, seconds: float = 10) -> list[EmailMessage]:
        """Waits until this many letters have come, for senders in other processes."""
        end = time.monotonic() + seconds
        while len(self.raw) < count and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.raw) >= count, f"{len(self.raw)} of {count} letters came within {seconds} s"
        return self.letters


def letter(path: str | Path) -> bytes:
    """One of tests/letters, with the line ends of the wire."""
    raw = (Path(__file__).resolve().parents[1] / "letters" / path).read_bytes()
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def self_signed(folder: Path, *names: str) -> tuple[Path, Path]:
    """A key and a certificate for these names, that nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    alternatives = ",".join(f"IP:{name}" if name[0].isdigit() else f"DNS:{name}" for name in names)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={names[0]}"]
    command += ["-keyout", str(key), "-out", str(certificate), "-addext", f"subjectAltName={alternatives}"]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", log: Path, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            said = log.read_text() if log.exists() else ""
            assert process.poll() is None, f"ended at once: {said}"
            assert time.monotonic() < end, f"no answer on port {port}: {said}"
            time.sleep(0.02)
