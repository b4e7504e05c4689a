"""One attached file: a row that names stored bytes, what they are, and who they belong to."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Self

import structlog
from flask_babel import format_decimal
from peewee import BooleanField, CharField, DeferredForeignKey, IntegerField

from app.attachments.serving import Previewed
from app.lib import filenames, filetypes
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.files import StoredFile, store
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

log = structlog.get_logger()
LARGEST = 20_000_000  # bytes of one file
MOST = 10  # files of one message
DRAFTS_LAST = timedelta(days=1)
PARTS = re.compile(r"[^\W_]+")  # of a name
ICONS = {"image": "image", "video": "camera", "audio": "phone", "text": "note"}


class TooLarge(Refused):
    says = _l("“%(name)s” is too large: %(limit)s at most.")
    status = 413
    field = "files"


class TooMany(Refused):
    says = _l("Too many files: %(limit)s at most.")
    field = "files"


class Empty(Refused):
    says = _l("“%(name)s” is empty. Choose the file again.")
    field = "files"


class NotWelcome(Refused):
    """Programs, web pages, and what nobody sends to a help desk."""

    says = _l("Files like “%(name)s” cannot be sent. Send a picture, a document, or put it in a .zip.")
    field = "files"


class Attachment(Previewed, Record):
    """A file of a message or of a request for authorization; or a draft's, until its form is accepted, for a day."""

    sha256 = CharField(max_length=64, index=True)
    name = CharField(max_length=255)
    content_type = CharField(max_length=100, default=filetypes.UNKNOWN)
    size = IntegerField()
    is_image = BooleanField(default=False)
    is_inline = BooleanField(default=False)  # stands in the text of a mail, named by content_id
    is_drawn = BooleanField(default=False)  # the first page of a PDF is there as a picture
    danger = CharField(max_length=10, null=True)  # of app.lib.dangers; "": none was found; None: not looked at yet
    content_id = CharField(max_length=255, default="")
    created_at = UTCDateTimeField(default=now, index=True)
    message = DeferredForeignKey("Message", null=True, backref="attachments", on_delete="CASCADE")
    authorization = DeferredForeignKey("Authorization", null=True, backref="attachments", on_delete="CASCADE")
    uploader = DeferredForeignKey("Person", null=True, on_delete="SET NULL")  # nobody: a visitor, or a mail
    draft_key = CharField(max_length=64, null=True, index=True)

    @classmethod
    def keep(cls, upload: Any, *, by: Any, draft_key: str | None = None, largest: int = LARGEST) -> Self:
        """Keeps a file of a form (`filename`, `stream`). Raises TooLarge, Empty, NotWelcome, StorageFull."""
        name = _named(upload.filename)
        size = upload.stream.seek(0, 2)
        upload.stream.seek(0)
        head = upload.stream.read(filetypes.HEAD)
        upload.stream.seek(0)
        if size > largest:
            raise TooLarge(name=name, limit=megabytes(largest))
        if not size:
            raise Empty(name=name)
        if not filetypes.is_welcome(head, name):
            log.warning("file refused", extension=filenames.extension(name), by=by and by.id)
            raise NotWelcome(name=name)
        return cls._keep(store().put(upload.stream), head, name, uploader=by, draft_key=draft_key)

    @classmethod
    def keep_all(
        cls, uploads: Iterable[Any], *, by: Any, draft_key: str | None = None, already: int = 0, most: int = MOST
    ) -> list[Self]:
        """Keeps the files of one form; fields left empty are passed over. Also raises TooMany."""
        chosen = [upload for upload in uploads if getattr(upload, "filename", None)]  # text is no file
        if len(chosen) + already > most:
            raise TooMany(limit=most)
        with transaction():
            return [cls.keep(upload, by=by, draft_key=draft_key) for upload in chosen]

    @classmethod
    def keep_part(
        cls,
        data: bytes,
        name: str,
        *,
        content_id: str = "",
        is_inline: bool = False,
        stored: StoredFile | None = None,
    ) -> Self:
        """Keeps a file of a mail. Nothing is refused: what a form would not take can be downloaded, no more.

        `stored`: where its bytes are in the store already.
        """
        name, head = _named(name), data[: filetypes.HEAD]
        if not filetypes.is_welcome(head, name):
            log.warning("file kept to be saved only", extension=filenames.extension(name))
        stored = stored or store().put(data)
        return cls._keep(stored, head, name, content_id=content_id.strip("<> ")[:255], is_inline=is_inline)

    @classmethod
    def _keep(cls, stored: StoredFile, head: bytes, name: str, **fields: Any) -> Self:
        """`stored` is on the disk before its row is committed."""
        kind = filetypes.kind(head, name)
        return cls.create(
            sha256=stored.sha256,
            size=stored.size,
            name=name,
            content_type=kind,
            is_image=kind in cls.SHOWN,
            **fields,
        )

    def again(self) -> Self:
        """Another file of the same bytes, which belongs to nobody yet."""
        names = ("sha256", "name", "content_type", "size", "is_image", "uploader")
        return type(self).create(**{name: getattr(self, name) for name in names})

    def attach_to(self, owner: Record) -> None:
        """Gives the file to a message or an authorization. Raises ValueError if it has an owner already."""
        field = type(owner).__name__.lower()
        if field not in {"message", "authorization"} or self.message_id or self.authorization_id:
            raise ValueError("a file belongs to one message or one authorization")
        self.change(**{field: owner, "draft_key": None})

    def take_from(self, owner: Record, *, by: Any, draft_key: str) -> None:
        """Gives the file of a message that was taken back to its writer's form again."""
        self.change(**{type(owner).__name__.lower(): None, "uploader": by, "draft_key": draft_key, "created_at": now()})

    @classmethod
    def drafts(cls, draft_key: str | None, *, by: Any) -> list[Self]:
        """The files of a refused form that its sender may still send; somebody else's key finds nothing."""
        if not draft_key:
            return []
        theirs = cls.uploader.is_null() if by is None else cls.uploader == by
        query = cls.select().where(cls.draft_key == draft_key, theirs, cls.created_at > now() - DRAFTS_LAST)
        return list(query.order_by(cls.id))

    @classmethod
    def in_ticket(cls, ticket: Any, number: int, *, public_only: bool) -> Self | None:
        """The file with this id, if it belongs to this ticket and, for a customer, to what they see of it."""
        found = cls.get_or_none(cls.id == number)
        owner = found and (found.message or found.authorization)
        if not owner or (public_only and found.message and (not owner.is_public or owner.is_held)):
            return None
        if owner.ticket_id == ticket.id:
            return found
        stays = not public_only or (found.authorization_id and not owner.ticket.is_internal)  # messages move, these not
        return found if stays and owner.ticket.merged_into_id == ticket.id else None

    @classmethod
    def look_at_files_of(cls, ticket: Any) -> None:
        """Draws the first page of each new PDF in this ticket, and looks for what could harm: a duty of the worker."""
        messages, asked = Record.records["Message"], Record.records["Authorization"]
        owners = cls.message.in_(messages.select(messages.id).where(messages.ticket == ticket)) | cls.authorization.in_(
            asked.select(asked.id).where(asked.ticket == ticket)
        )
        new = cls.select().where(owners, cls.content_type.in_(filetypes.PACKED), cls.danger.is_null())
        for file in list(new):  # all read at once: who still reads cannot write what others wrote to meanwhile
            if file.content_type == cls.PAGED:
                file.draw_page()
            file.look_for_danger()

    @property
    def together(self) -> "list[Attachment]":
        """The files of the same message or request, in their order; this one among them."""
        cls = type(self)
        owner = cls.message == self.message_id if self.message_id else cls.authorization == self.authorization_id
        return list(cls.select().where(owner, ~cls.is_inline).order_by(cls.id))

    @property
    def beside(self) -> "list[Attachment]":
        """Those of them that can be looked at."""
        return [file for file in self.together if file.has_preview or file == self]

    def wait_longer(self) -> None:
        """A draft's day begins anew: its form waits for something."""
        self.change(created_at=now())

    def discard(self) -> None:
        """Takes a draft's file back. The bytes go with the next sweep, if no other row names them."""
        if self.draft_key:
            self.delete_instance()

    @classmethod
    def discard_old_drafts(cls) -> int:
        """The daily duty: files of forms that were never sent."""
        old = cls.draft_key.is_null(False) & (cls.created_at <= now() - DRAFTS_LAST)
        return cls.delete().where(old).execute()

    @classmethod
    def hashes(cls) -> Sequence[str]:
        """The names of all stored bytes that a row of ours still needs."""
        return [sha256 for (sha256,) in cls.select(cls.sha256).distinct().tuples()]

    @property
    def is_usual(self) -> bool:
        """Whether a form would have taken it; else a page warns before the download."""
        is_known = filenames.extension(self.name) in filetypes.ALLOWED
        return is_known and self.content_type not in filetypes.PROGRAMS and not self.danger

    @property
    def icon(self) -> str:
        return ICONS.get(self.content_type.partition("/")[0], "file")

    @property
    def size_label(self) -> str:
        return megabytes(self.size)


def words_of(text: str, files: Iterable[Attachment]) -> str:
    """What full text finds a text with its files by: its words, and their names (T18)."""
    names = [f"{file.name} {' '.join(PARTS.findall(file.name))}" for file in files]  # PostgreSQL splits no file name
    return "\n".join([text, *names]).strip()


def megabytes(size: int) -> str:
    """412 kB, 1.2 MB, in the reader's figures."""
    if size < 999_500:
        return f"{format_decimal(max(1, round(size / 1000)))} kB"
    return f"{format_decimal(round(size / 1_000_000, 1))} MB"


def _named(given: str | None) -> str:
    """The name to keep. One that is a path is no accident of a browser."""
    name = filenames.clean(given)
    if given and ("/" in given or "\\" in given):
        log.warning("path in the name of a file", kept=name)
    return name
