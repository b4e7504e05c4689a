"""The keys that certificates are sealed with: the installation's own, made at first start, or a company's PKCS#12.

The private part lies in DATA_DIR/keys, readable by the program alone, under a passphrase derived from the master
secret; what is public of every key ever used stays in the database, so that old certificates still verify.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from peewee import BooleanField, CharField, TextField

from app.accounts.person import Person
from app.branding.company import Company
from app.lib import sealing, secrets
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

OWN = "seal.p12"
LARGEST = 200_000  # bytes of a PKCS#12

UNFIT: dict[str, Any] = {
    "unreadable": _l("The file cannot be opened with this password. It must be a PKCS#12 file (.p12 or .pfx)."),
    "no-key": _l("The file holds no private key with its certificate."),
    "expired": _l("This certificate has expired."),
    "not-yet": _l("This certificate is not valid yet."),
    "weak": _l("This key is too weak: RSA of 2048 bits or more, or an elliptic curve."),
    "usage": _l("This certificate is not made for signatures: its key usage does not allow them."),
}


class UnfitKey(Refused):
    """The company's file will not do, and why."""

    says = "%(why)s"
    field = "file"


class NoKeyFile(Refused):
    says = _l("Choose a file.")
    field = "file"


class TooLargeKey(Refused):
    says = _l("That is no PKCS#12 file: it is too large.")
    field = "file"


class Seal(Record):
    """One key that was ever used, by what is public of it."""

    fingerprint = CharField(max_length=64, unique=True)  # SHA-256 of the certificate
    pem = TextField()
    subject = CharField(max_length=300)
    issuer = CharField(max_length=300)
    not_before = UTCDateTimeField()
    not_after = UTCDateTimeField()
    is_own = BooleanField(default=True)  # made by this installation; else a company's
    is_current = BooleanField(default=False)
    file = CharField(max_length=80)  # in DATA_DIR/keys
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def current(cls) -> "Seal":
        """The key in use; the installation's own where there is none yet, or where a company's has expired."""
        found = cls.find(is_current=True)
        return found if found and found.path.exists() and not found.is_expired else cls.own()

    @classmethod
    def in_use(cls) -> "Seal | None":
        """As `current`, without making any: for who only looks."""
        return cls.find(is_current=True)

    @classmethod
    def known(cls) -> "list[Seal]":
        """All that were ever used, newest first."""
        return list(cls.select().order_by(cls.created_at.desc(), cls.id.desc()))

    @classmethod
    def own(cls) -> "Seal":
        """The installation's own key. Its file is made once: of two processes that start together, one makes it."""
        place = folder() / OWN
        if not place.exists():
            company = Company.ours()  # at the first start, before set-up, it has no name yet
            name = company.name if company.id else current_app.extensions["ventanilla"].hostname
            told, data = sealing.make_key(name=name, passphrase=passphrase())
            _keep(place, data)
        told, _ = sealing.read_key(place.read_bytes(), password=passphrase(), passphrase=passphrase())
        if "fingerprint" not in told:
            raise sealing.SealFailed(f"{place} cannot be read with a passphrase of this master secret")
        seal = cls._known(told, is_own=True, file=OWN)
        if cls.find(is_current=True) is None:
            seal.change(is_current=True)
        return seal

    @classmethod
    def bring(cls, data: bytes, *, password: str, by: Person) -> "Seal":
        """Seals with a company's own key from now on. Raises NoKeyFile, TooLargeKey, UnfitKey."""
        if not data:
            raise NoKeyFile
        if len(data) > LARGEST:
            raise TooLargeKey
        told, kept = sealing.read_key(data, password=password, passphrase=passphrase())
        if problem := told.get("problem"):
            raise UnfitKey(why=str(UNFIT[problem]))
        file = f"seal-{told['fingerprint'][:24]}.p12"
        _keep(folder() / file, kept)
        seal = cls._known(told, is_own=False, file=file)
        seal.choose(by=by)
        return seal

    @classmethod
    def go_back(cls, *, by: Person) -> None:
        """Seals with the installation's own key again."""
        cls.own().choose(by=by)

    @transaction()
    def choose(self, *, by: Person) -> None:
        cls = type(self)
        cls.update(is_current=False).where(cls.is_current, cls.id != self.id).execute()
        self.change(is_current=True)
        record("seal.chosen", by=by, about=self, subject=self.subject, fingerprint=self.fingerprint)

    @classmethod
    def by_fingerprint(cls, fingerprint: str) -> "Seal | None":
        return cls.find(fingerprint=fingerprint)

    @classmethod
    def _known(cls, told: dict[str, Any], *, is_own: bool, file: str) -> "Seal":
        cls.insert(
            fingerprint=told["fingerprint"],
            pem=told["pem"],
            subject=told["subject"][:300],
            issuer=told["issuer"][:300],
            not_before=datetime.fromisoformat(told["not_before"]),
            not_after=datetime.fromisoformat(told["not_after"]),
            is_own=is_own,
            file=file,
            created_at=now(),
        ).on_conflict_ignore().execute()
        found = cls.by_fingerprint(told["fingerprint"])
        if found is None:
            raise cls.DoesNotExist
        return found

    @property
    def path(self) -> Path:
        return folder() / self.file

    @property
    def key(self) -> bytes:
        return self.path.read_bytes()

    @property
    def is_expired(self) -> bool:
        return bool(self.not_after <= datetime.now(UTC))

    @property
    def spelled_fingerprint(self) -> str:
        """In pairs, as other programs show it."""
        digits = self.fingerprint.upper()
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def folder() -> Path:
    return Path(current_app.extensions["ventanilla"].data_dir) / "keys"


def passphrase() -> str:
    return secrets.keys().derive("seal").hex()


def _keep(place: Path, data: bytes) -> None:
    """Writes the file whole or not at all, for the program alone to read; one that is there stays."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
