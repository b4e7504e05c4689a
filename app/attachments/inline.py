"""Inline pictures of a foreign letter, at signed addresses for an hour: the frame that shows them sends no cookie."""

from typing import Any

from flask import url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.attachments.attachment import Attachment
from app.lib import secrets

LIFE = 3600  # seconds


def address_of(message: Any, content_id: str) -> str:
    """Where the picture that this letter names is to be had; empty if the letter did not bring it."""
    wanted = content_id.strip("<> ")
    query = Attachment.select(Attachment.id, Attachment.content_id).where(Attachment.message == message)
    found = next((file.id for file in query if file.content_id == wanted), None)
    return url_for("public.attachments.show", token=_serializer().dumps(found)) if found else ""


def behind(token: str) -> Attachment | None:
    """The picture of a signed address; None for one that nobody signed, or that is over."""
    try:
        number = _serializer().loads(token, max_age=LIFE)
    except BadSignature:
        return None
    return Attachment.get_or_none(Attachment.id == number)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets.keys().derive("inline"), salt="inline")
