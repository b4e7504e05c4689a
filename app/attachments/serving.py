"""How a file leaves the house: an original only as a download that nothing can run, a preview made anew by us."""

import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import structlog
from flask import Response, abort, send_file, url_for

from app.attachments.bundle import bundle
from app.lib import dangers, pdf_pages, pictures
from app.lib.files import StorageFull, store

if TYPE_CHECKING:
    from app.attachments.attachment import Attachment

log = structlog.get_logger()
SIDES = {"thumbnail": 160, "large": 1600}  # pixels of the longer side
LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600, immutable",
}


class NoPreview(Exception):
    """There is nothing to show: the file is no picture, or not one we dare to open."""


class Previewed:
    """What an attachment can show of itself."""

    SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})

    PAGED = "application/pdf"

    @property
    def has_preview(self: "Attachment") -> bool:
        return self.is_image or self.is_drawn

    def draw_page(self: "Attachment") -> None:
        """Keeps the first page of a PDF as a picture in both sizes; one that cannot be drawn stays without."""
        known = store().derived(self.sha256, "thumbnail")
        if known.exists():  # drawn for another row, or found to be no page to draw
            self.change(is_drawn=bool(known.stat().st_size))
            return
        try:
            page = pdf_pages.first_page(store().path(self.sha256))
            for size, longest in SIDES.items():
                store().keep_derived(self.sha256, size, pdf_pages.smaller(page, longest))
        except (pdf_pages.NoPage, pictures.NotAPicture, StorageFull) as problem:
            log.info("no picture of a page", file=self.id, why=str(problem))
            store().keep_derived(self.sha256, "thumbnail", b"")
            return
        self.change(is_drawn=True)

    def look_for_danger(self: "Attachment") -> None:
        """Keeps and tells what would harm who opens the file. It is not refused: a form to fill in has scripts, too."""
        try:
            found = dangers.found_in(store().path(self.sha256))
        except dangers.NotSeenThrough as problem:
            log.info("a file not seen through", file=self.id, why=str(problem))
            found = ""
        if found:
            log.warning("a file that may do harm", file=self.id, found=found, by=self.uploader_id)
        self.change(danger=found)

    def preview(self: "Attachment", size: str) -> tuple[bytes, dict[str, str]]:
        """The picture and its headers, `thumbnail` or `large`, made when first asked for. Raises NoPreview.

        The page of a PDF is never drawn here: the worker has done it, or it is not there.
        """
        longest, place = SIDES[size], store().derived(self.sha256, size)
        if not self.has_preview:
            raise NoPreview
        try:
            data = place.read_bytes()
        except FileNotFoundError:
            data = self._make_preview(size, longest) if self.is_image else b""
        if not data:
            raise NoPreview
        return data, preview_headers(data)

    def _make_preview(self: "Attachment", size: str, longest: int) -> bytes:
        try:
            data = pictures.preview(store().path(self.sha256), longest=longest)
        except pictures.NotAPicture as problem:
            log.warning("no preview of a picture", file=self.id, why=str(problem))
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


def sent(file: "Attachment") -> Response:
    """The original, to be saved."""
    answer = send_file(store().path(file.sha256), mimetype=file.content_type, etag=False)
    answer.headers.update(file.download_headers)
    return answer


def drawn(file: "Attachment", size: str) -> Response:
    """Its preview, to be shown; 404 where there is none."""
    try:
        data, headers = file.preview(size)
    except NoPreview:
        abort(404)
    return Response(data, headers=headers)


def archived(files: "list[Attachment]", name: str) -> Response:
    """These files as one download. Raises TooMuch."""
    answer = send_file(bundle(files), mimetype="application/zip", etag=False)
    answer.headers.update(LOCKED | {"Content-Disposition": disposition(name), "Cache-Control": "no-store"})
    return answer


def card(file: "Attachment", number: int, door: str) -> dict[str, Any]:
    """What `ui.attachment` draws of a file: pictures and unusual files open a page, others are saved at once."""

    def leads(view: str, **values: str) -> str:
        return url_for(f"{door}.attachments.{view}", number=number, file=file.id, **values)

    return {
        "name": file.name,
        "size_label": file.size_label,
        "icon": file.icon,
        "is_image": file.has_preview,
        "thumb_url": leads("show_preview", size="thumbnail") if file.has_preview else None,
        "url": leads("show" if file.has_preview or not file.is_usual else "show_original"),
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
