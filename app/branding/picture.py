"""The pictures a company wears: checked, made anew from their pixels, kept by their hash (SPEC W7)."""

from typing import Any, NamedTuple

from app.lib import filenames, pictures
from app.lib.files import store
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

LARGEST = 4_000_000  # bytes of what is uploaded
WIDE = 1.6  # from this on a logo holds the name itself
PLACES: dict[str, Any] = {
    "portal_logo": _l("Portal logo"),
    "home_logo": _l("Home logo"),
    "desk_logo": _l("Desk logo"),
    "favicon": _l("Favicon"),
}
# Twice as many pixels as are shown, for fine screens.
BOXES = {"portal_logo": (640, 160), "home_logo": (1200, 400), "desk_logo": (480, 120), "favicon": (180, 180)}
DRAWINGS, WEB_PAGES = (b"<svg", b"<?xml", b"<!doctype svg"), (b"<!doctype", b"<html")


class NoPicture(Refused):
    says = _l("“%(name)s” is not a picture we can read. Choose a PNG, JPEG, WebP or GIF of at most 12 megapixels.")


class Drawing(Refused):
    """An SVG is a document that can hold programs and ask other sites: no cleaning is as safe as refusing it."""

    says = _l("“%(name)s” is an SVG, which can hold programs. Export it as a PNG with a transparent background.")


class TooHeavy(Refused):
    says = _l("“%(name)s” is too large: 4 MB at most.")
    status = 413


class Picture(NamedTuple):
    """One of them; `tone` says which ground it is lost on."""

    sha256: str
    width: int
    height: int
    tone: str = ""

    @property
    def url(self) -> str:
        return f"/brand/{self.sha256}.png"

    @property
    def is_wide(self) -> bool:
        """Whether it stands for the name too, and not beside it."""
        return self.width >= WIDE * self.height

    def fitted(self, width: int, height: int) -> tuple[int, int]:
        """Its size on the page, within this frame."""
        scale = min(width / self.width, height / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @classmethod
    def keep(cls, upload: Any, place: str) -> "Picture":
        """Keeps a file of a form (`filename`, `stream`) for this place. Raises NoPicture, Drawing, TooHeavy."""
        name, stream = filenames.clean(upload.filename), upload.stream
        size = stream.seek(0, 2)
        stream.seek(0)
        head = stream.read(1024).lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
        stream.seek(0)
        if size > LARGEST:
            raise TooHeavy(name=name, field=place)
        if head.startswith(DRAWINGS) or filenames.extension(name) in ("svg", "svgz"):
            raise Drawing(name=name, field=place)
        if head.startswith(WEB_PAGES):
            raise NoPicture(name=name, field=place)
        try:
            made = pictures.logo(stream, box=BOXES[place], is_square=place == "favicon")
        except pictures.NotAPicture as problem:
            raise NoPicture(name=name, field=place) from problem
        return cls(store().put(made.png).sha256, made.width, made.height, made.tone)
