"""The files of many messages and requests, in one statement."""

from collections.abc import Iterable
from typing import Any

from peewee import Select

from app.attachments.attachment import Attachment
from app.lib.prepared import hydrated, prepared, slot


def load(*, messages: Iterable[Any] = (), authorizations: Iterable[Any] = ()) -> None:
    """Gives each of these its `files`, a list in the order they were added; inline pictures of a mail are left out."""
    by_message = {message.id: message for message in messages}
    by_authorization = {authorization.id: authorization for authorization in authorizations}
    for owner in [*by_message.values(), *by_authorization.values()]:
        owner.files = []
    for row in _rows([*by_message], [*by_authorization]):
        file = hydrated(Attachment, iter(row))
        owner = by_message.get(file.message_id) or by_authorization[file.authorization_id]
        owner.files.append(file)


def _rows(messages: list[int], authorizations: list[int]) -> Any:
    """Built once for each size, in steps, so that a long conversation does not make a statement of its own."""
    places = {"message": _step(len(messages)), "authorization": _step(len(authorizations))}
    ids = {"message": messages, "authorization": authorizations}
    values = {f"{kind}{n}": ids[kind][n] if n < len(ids[kind]) else 0 for kind in places for n in range(places[kind])}
    return prepared(("files", *places.values()), lambda: _query(places)).rows(values)


def _step(count: int) -> int:
    return 10 if count <= 10 else -(-count // 100) * 100


def _query(places: dict[str, int]) -> Select:
    wanted = [
        getattr(Attachment, kind).in_([slot(f"{kind}{number}") for number in range(count)])
        for kind, count in places.items()
    ]
    return Attachment.select().where(wanted[0] | wanted[1], ~Attachment.is_inline).order_by(Attachment.id)
