"""Leases: of several schedulers one does a duty, once a minute."""

from datetime import timedelta

from peewee import CharField

from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField


class Lease(Record):
    """One duty in one minute; the unique key lets one process have it."""

    name = CharField(max_length=60)
    minute = UTCDateTimeField()

    class Meta:
        indexes = ((("name", "minute"), True),)

    @classmethod
    def take(cls, name: str) -> bool:
        """Whether this process may do the duty in the present minute."""
        minute = now().replace(second=0, microsecond=0)
        taken = cls.insert(name=name, minute=minute).on_conflict_ignore().as_rowcount().execute()
        cls.delete().where(cls.name == name, cls.minute < minute - timedelta(hours=1)).execute()
        return bool(taken)
