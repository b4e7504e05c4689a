"""How a file leaves the house: an original only as a download that nothing can run, a preview made anew by us."""

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.lib import pictures
from app.lib.files import StorageFull, store

if TYPE_CHECKING:
    from app.attachments.attachment import Attachment

SIDES = {"thumbnail": 160, "large": 1600}  # pixels of the longer side
LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600, immutable",
}


class NoPreview(Exception):
    """There is nothing to show: the file is no picture, or not one we dare to open. A room answers 404."""


class Previewed:
    """What an attachment can show of itself."""

    SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})

    def preview(self: "Attachment", size: str) -> tuple[bytes, dict[str, str]]:
        """The picture and its headers, `thumbnail` or `large`, made when first asked for. Raises NoPreview."""
        longest, place = SIDES[size], store().derived(self.sha256, size)
        if not self.is_image:
            raise NoPreview
        try:
            data = place.read_bytes()
        except FileNotFoundError:
            data = self._make_preview(size, longest)
        if not data:
            raise NoPreview
        return data, preview_headers(data)

    def _make_preview(self: "Attachment", size: str, longest: int) -> bytes:
        try:
            data = pictures.preview(store().path(self.sha256), longest=longest)
        except pictures.NotAPicture:
            data = b""  # kept as well: a bomb is looked at once
        try:
            store().keep_derived(self.sha256, size, data)
        except StorageFull:
            return data  # shown all the same, made again the next time
        return data

    @property
    def download_headers(self: "Attachment") -> dict[str, str]:
        """For the original: its bytes are the sender's, so a browser saves them and shows nothing."""
        return LOCKED | {
            "Content-Type": self.content_type,
            "Content-Disposition": disposition(self.name),
            "Content-Length": str(self.size),
        }


def preview_headers(data: bytes) -> dict[str, str]:
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return LOCKED | {"Content-Type": kind, "Content-Disposition": "inline", "Content-Length": str(len(data))}


def disposition(name: str) -> str:
    """The header that saves a file under its name, with a plain twin for old programs (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join("_" if char in '"\\;%' or not char.isprintable() else char for char in plain).strip(". ") or "file"
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"
