"""What the machine tells the program before it starts: each environment variable, declared once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

T = TypeVar("T")
LANGUAGES = ("es", "en", "pt")


class ConfigError(Exception):
    """The program cannot start with these settings; the message is one line for a person."""


def word(text: str) -> str:
    return text.strip()


def number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def folder(text: str) -> Path:
    if not text:
        raise ValueError("must name a folder")
    return Path(text).expanduser().absolute()


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.path.strip("/")):
        raise ValueError("must be an address such as https://support.example.com, without a path")
    return text.rstrip("/")


def page_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or set(text) & set(" ;,'\""):
        raise ValueError("must be an address such as https://www.example.com/page")
    return text.rstrip("/")


def database(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql:// or sqlite:///, or be empty")
    return text


def queue(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "sqlite:///")):
        raise ValueError("must begin with redis://, rediss:// or sqlite:///, or be empty")
    return text


def secret(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("must have at least 32 characters")
    return text


def secrets(text: str) -> tuple[str, ...]:
    return tuple(secret(part.strip()) for part in text.split(",") if part.strip())


def zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # a missing zone is a KeyError with an unhelpful text
        raise ValueError("must be a zone such as Europe/Madrid") from None
    return text


def variable(default: str, sentence: str, read: Callable[[str], T], name: str = "") -> T:
    """One environment variable; its default is written as a person would write it in `.env`."""
    note = {"default": default, "sentence": sentence, "read": read, "name": name}
    return field(default_factory=lambda: read(default), metadata=note)


class Variable(NamedTuple):
    """A variable as `.env.example` and the tests see it."""

    attribute: str
    name: str
    default: str
    sentence: str
    read: Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one process. The environment wins over `.env`; the attribute is the name in lower case."""

    host: str = variable("127.0.0.1", "Address on which the web server listens.", word)
    port: int = variable("8000", "Port on which the web server listens.", number(1, 65535))
    base_url: str = variable(
        "",
        "Address that people see; it makes every link in mails and PDFs and names the trusted host. "
        "Empty: http://127.0.0.1 and the port. With https, cookies are Secure and HSTS is sent.",
        web_address,
    )
    trusted_proxies: int = variable(
        "0",
        "How many proxies of yours stand in front; only then X-Forwarded-For reaches evidence and limits.",
        number(0, 9),
    )
    data_dir: Path = variable("./data", "Folder that keeps databases, files and keys.", folder)
    database_url: str = variable(
        "", "postgresql://user:password@host/name. Empty: SQLite, ventanilla.db in DATA_DIR.", database
    )
    queue_url: str = variable("", "redis://host:6379/0. Empty: SQLite, queue.db in DATA_DIR.", queue)
    secret_key: str = variable(
        "", "Master secret from which every key derives. Empty: keys/secret.key in DATA_DIR, made once.", secret
    )
    secret_key_fallbacks: tuple[str, ...] = variable(
        "", "Former master secrets, newest first, separated by commas: what they signed stays good.", secrets
    )
    language: str = variable(
        "es", "Language where neither person nor browser chose: es, en or pt.", one_of(*LANGUAGES), "DEFAULT_LANGUAGE"
    )
    timezone: str = variable("Europe/Madrid", "Company's time zone until set-up asks for it.", zone)
    smtp_listener_host: str = variable("127.0.0.1", "Address of the listener for forwarded mail.", word)
    smtp_listener_port: int = variable(
        "2525", "Port of the listener for forwarded mail; 0: no listener.", number(0, 65535)
    )
    smtp_listener_certificate: str = variable(
        "", "Certificate (PEM, with its chain) by which the listener speaks STARTTLS. Empty: it does not.", word
    )
    smtp_listener_key: str = variable("", "Private key of that certificate (PEM).", word)
    dns_server: str = variable(
        "", "Name server for block lists and keys of senders, address or address:port. Empty: the system's.", word
    )
    sandbox_smtp_port: int = variable(
        "0", "Port of the mail sandbox's receiver; 0: a free one, chosen at each start.", number(0, 65535)
    )
    mail_size_limit_mb: int = variable("30", "Largest mail taken in, in megabytes.", number(1, 500))
    max_upload_mb: int = variable("25", "Largest upload of one form, in megabytes.", number(1, 500))
    recaptcha_url: str = variable(
        "https://www.google.com/recaptcha",
        "Where reCAPTCHA is, once its keys are set; https://www.recaptcha.net/recaptcha where Google is not reached.",
        page_address,
    )
    web_workers: int = variable("1", "Web server processes.", number(1, 64))
    web_threads: int = variable("16", "Threads of each web server process.", number(1, 256))
    queue_workers: int = variable("2", "Threads of the background worker.", number(1, 64))
    log_format: str = variable(
        "console", "console for people, json for machines, one object a line.", one_of("console", "json")
    )
    log_level: str = variable("info", "debug, info, warning or error.", one_of("debug", "info", "warning", "error"))

    def __post_init__(self) -> None:
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://127.0.0.1:{self.port}")
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'ventanilla.db'}")
        if not self.queue_url:
            object.__setattr__(self, "queue_url", f"sqlite:///{self.data_dir / 'queue.db'}")

    @classmethod
    def variables(cls) -> Iterator[Variable]:
        for each in fields(cls):
            note = each.metadata
            yield Variable(
                each.name, note["name"] or each.name.upper(), note["default"], note["sentence"], note["read"]
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Config:
        """Reads `.env` of the working directory, then the environment; raises ConfigError with one line."""
        given = {**dot_env((folder or Path.cwd()) / ".env"), **(os.environ if environ is None else environ)}
        values = {}
        for each in cls.variables():
            try:
                values[each.attribute] = each.read(given.get(each.name, "").strip() or each.default)
            except ValueError as problem:
                raise ConfigError(f"{each.name} {problem}.") from None
        return cls(**values)

    @classmethod
    def example(cls) -> str:
        """The text of `.env.example`."""
        head = "# Copy to .env and change what you need. The environment wins over this file.\n"
        return head + "".join(f"\n# {each.sentence}\n#{each.name}={each.default}\n" for each in cls.variables())

    def insist_writable(self) -> None:
        """Makes DATA_DIR if need be; raises ConfigError where nothing can be kept."""
        probe = self.data_dir / f".writable-{os.getpid()}"
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as problem:
            raise ConfigError(f"DATA_DIR {self.data_dir} cannot be written: {problem.strerror}.") from None

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hostname(self) -> str:
        """The host of BASE_URL, without port: it stands in Message-IDs and among the trusted hosts."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def uses_postgres(self) -> bool:
        return self.database_url.startswith("postgres")

    @property
    def uses_redis(self) -> bool:
        return self.queue_url.startswith("redis")

    @property
    def database_file(self) -> Path | None:
        """The file in which SQLite keeps everything; None on PostgreSQL."""
        return None if self.uses_postgres else Path(self.database_url.removeprefix("sqlite:///")).absolute()

    @property
    def templates_folder(self) -> Path:
        """Where templates are kept compiled."""
        return (self.data_dir / "cache" / "templates").absolute()

    @property
    def queue_file(self) -> Path | None:
        """The file of the SQLite queue; None on Redis."""
        return None if self.uses_redis else Path(self.queue_url.removeprefix("sqlite:///")).absolute()

    @property
    def rate_limit_storage(self) -> str:
        """Counters live in Redis when there is one; in memory each web process counts for itself."""
        return self.queue_url if self.uses_redis else "memory://"

    @property
    def trusted_hosts(self) -> list[str]:
        return [self.hostname] if self.is_https else sorted({self.hostname, "127.0.0.1", "localhost"})

    def flask(self) -> dict[str, Any]:
        """What Flask and its extensions are told. The session's own key comes from app.lib.secrets."""
        megabyte = 1024 * 1024
        return {
            "SESSION_COOKIE_NAME": "ventanilla",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.is_https,
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": self.is_https,
            "REMEMBER_COOKIE_DURATION": 30 * 24 * 3600,
            "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
            "MAX_CONTENT_LENGTH": self.max_upload_mb * megabyte,
            "MAX_FORM_MEMORY_SIZE": 2 * megabyte,
            "MAX_FORM_PARTS": 500,
            "TRUSTED_HOSTS": self.trusted_hosts,
            "PREFERRED_URL_SCHEME": "https" if self.is_https else "http",
            "WTF_CSRF_TIME_LIMIT": None,  # an agent's tab stays open for days
            "WTF_CSRF_SSL_STRICT": self.is_https,
            "BABEL_DEFAULT_LOCALE": self.language,
            "BABEL_DEFAULT_TIMEZONE": "UTC",
            "RATELIMIT_STORAGE_URI": self.rate_limit_storage,
            "RATELIMIT_HEADERS_ENABLED": True,
        }


def dot_env(path: Path) -> dict[str, str]:
    """NAME=value lines; `#` begins a comment line; a value may stand in quotes."""
    values: dict[str, str] = {}
    if not path.is_file():
        return values
    for count, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name.strip()):
            raise ConfigError(f"Line {count} of {path.name} is not NAME=value.")
        values[name.strip()] = value.strip().strip("\"'")
    return values
