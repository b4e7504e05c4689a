"""A form that is sent twice is done once: a second press, a reload, a browser that tries again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from peewee import CharField

from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

REMEMBERED = timedelta(days=2)


class AlreadySent(Refused):
    """The same form has been done; a room sends the person on to what came of it."""

    says = _l("This form has already been sent.")
    status = 409


class SentForm(Record):
    """The key of a form that was done; the unique index lets one of two at the same time through."""

    key = CharField(max_length=64, unique=True)
    at = UTCDateTimeField(default=now, index=True)

    @classmethod
    def forget_old(cls) -> int:
        """The daily duty."""
        return cls.delete().where(cls.at < now() - REMEMBERED).execute()


@contextmanager
def once(key: str) -> Iterator[None]:
    """One transaction for what the form with this key does. Raises AlreadySent; a refusal inside frees the key."""
    with transaction():
        if not spend(key):
            raise AlreadySent
        yield


def spend(key: str) -> bool:
    """Whether nobody has used this key up before: true once, in the caller's transaction."""
    return bool(SentForm.insert(key=key, at=now()).on_conflict_ignore().as_rowcount().execute())
