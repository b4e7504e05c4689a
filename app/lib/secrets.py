"""The master secret, the keys that derive from it by purpose, and the vault for what must be read again."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path
from secrets import token_urlsafe

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playhouse.db_url import connect

from app.config import Config, ConfigError


class Keys:
    """Keys for each purpose, from one master secret; former masters still open and verify."""

    def __init__(self, master: str, fallbacks: tuple[str, ...] = ()) -> None:
        self._masters = (master, *fallbacks)
        self._derive = lru_cache(maxsize=64)(self._expand)

    def __repr__(self) -> str:  # a master secret must not reach a log or a traceback
        return f"<Keys with {len(self._masters) - 1} fallbacks>"

    @staticmethod
    def _expand(master: str, purpose: str) -> bytes:
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=b"ventanilla", info=purpose.encode())
        return hkdf.derive(master.encode())

    def derive(self, purpose: str) -> bytes:
        """Thirty-two bytes for this purpose, from the present master."""
        return self._derive(self._masters[0], purpose)

    def derive_all(self, purpose: str) -> list[bytes]:
        """The keys of this purpose, newest first: make with the first, verify with any."""
        return [self._derive(master, purpose) for master in self._masters]


class Vault:
    """Encrypts small secrets, such as a mailbox's password, so that a database dump does not tell them."""

    def __init__(self, keys: Keys) -> None:
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys.derive_all("vault")])

    def lock(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def unlock(self, sealed: str) -> str:
        """The text again; Unreadable when no key of ours made it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable from None


class Unreadable(Exception):
    """This was not encrypted with any master secret known here."""


def load(config: Config) -> Keys:
    """The installation's keys: from SECRET_KEY, else from the key file, which an empty installation gets made."""
    master = config.secret_key or _from_file(config)
    return Keys(master, config.secret_key_fallbacks)


def _from_file(config: Config) -> str:
    path = config.data_dir / "keys" / "secret.key"
    if not path.exists():
        if _holds_data(config):
            raise ConfigError(
                f"There is data already, but no key: put {path} back, or set SECRET_KEY to what it was. "
                "Without it mailbox passwords and links cannot be read."
            )
        config.insist_writable()
        _make(path)
    text = path.read_text(encoding="ascii").strip()
    if len(text) < 32:
        raise ConfigError(f"{path} holds no key of at least 32 characters; put the right one back.")
    return text


def _make(path: Path) -> None:
    """Writes the file whole or not at all; of two processes that start together, both then read the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _holds_data(config: Config) -> bool:
    if config.database_file:
        return config.database_file.exists()
    database = connect(config.database_url, unquote_password=True, prefer_psycopg3=True, connect_timeout=5)
    with database.connection_context():
        return bool(database.get_tables())


_current: list[Keys] = []


def use(keys: Keys) -> None:
    """Makes these the keys of this process; create_app says it once."""
    _current[:] = [keys]


def keys() -> Keys:
    return _current[0]


def vault() -> Vault:
    return Vault(keys())
