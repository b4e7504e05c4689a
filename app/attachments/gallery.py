"""The files of many messages and requests, in one statement."""

from collections.abc import Iterable
from typing import Any

from app.attachments.attachment import Attachment


def load(*, messages: Iterable[Any] = (), authorizations: Iterable[Any] = ()) -> None:
    """Gives each of these its `files`, a list in the order they were added; inline pictures of a mail are left out."""
    by_message = {message.id: message for message in messages}
    by_authorization = {authorization.id: authorization for authorization in authorizations}
    for owner in [*by_message.values(), *by_authorization.values()]:
        owner.files = []
    wanted = Attachment.message.in_(list(by_message)) | Attachment.authorization.in_(list(by_authorization))
    for file in Attachment.select().where(wanted, ~Attachment.is_inline).order_by(Attachment.id):
        owner = by_message.get(file.message_id) or by_authorization[file.authorization_id]
        owner.files.append(file)
