"""A page of HTML to a PDF, in fonts of our own that draw every script we promise and say so when they cannot."""

import html as markup
import io
import logging
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
SANS, SERIF, MONO, CJK = "vsans", "vserif", "vmono", "vcjk"
LATIN_FACES = (
    (SANS, "DejaVuSans.ttf", "normal"),
    (SANS, "DejaVuSans-Bold.ttf", "bold"),
    (SERIF, "DejaVuSerif.ttf", "normal"),
    (SERIF, "DejaVuSerif-Bold.ttf", "bold"),
    (MONO, "DejaVuSansMono.ttf", "normal"),
)
CJK_FACE = (CJK, "DroidSansFallback.ttf", "normal")
# One list for each voice: a character is drawn by the first family that has it. Sans alone knows Hebrew and Arabic.
FAMILIES = {"sans": f"{SANS}, {CJK}", "serif": f"{SERIF}, {SANS}, {CJK}", "mono": f"{MONO}, {SANS}, {CJK}"}
# Chinese, Japanese, Korean, their punctuation and full-width forms: the big font is read only for a page with these.
FAR = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
RARE = re.compile("[^\x00-\u024f]")
# What only shapes its neighbours: emoji and text selectors, skin tones, the keycap, tags.
SILENT = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u20e3\U000e0000-\U000e01ef]")


class PdfWarning(UserWarning):
    """The PDF was made, but something in it does not look as it was meant; an error in tests."""


class MissingGlyph(PdfWarning):
    """A character came out blank or as a box."""


def render(html: str, *, title: str, language: str) -> bytes:
    """The PDF of this HTML (what stands in a body, and its own `<style>`); fetches nothing from the network.

    Use `app.lib.pdf_child.render_in_child` in a process that lives on: the library takes 70 MB and never returns them.
    """
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy
    from xhtml2pdf.default import DEFAULT_CSS

    faces = (*LATIN_FACES, CJK_FACE) if FAR.search(html + title) else LATIN_FACES
    _register(faces)
    out = io.BytesIO()
    with _complaints() as heard:
        pisa.CreatePDF(
            _page(with_visible_gaps(html, _can_draw(faces)), title=title, language=language),
            dest=out,
            encoding="utf-8",
            default_css=DEFAULT_CSS + _stylesheet(faces),
            resource_policy=ResourceAccessPolicy.server(base_dir=FONTS, allow_remote=False),
        )
    for message in heard:
        complain(message, stacklevel=3)
    return out.getvalue()


def complain(message: str, *, stacklevel: int = 2) -> None:
    """Passes on what the library said about the page, as our own warning."""
    warnings.warn(MissingGlyph(message) if "can draw" in message else PdfWarning(message), stacklevel=stacklevel)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What xhtml2pdf logs about the page: a failure to draw or fetch is no exception to it, and `err` stays 0."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("xhtml2pdf")
    log.addHandler(handler)
    log.propagate = False
    try:
        yield heard
    finally:
        log.removeHandler(handler)
        log.propagate = True


def with_visible_gaps(text: str, can_draw: Callable[[str], bool]) -> str:
    """The text with every character that no font has written as [U+1F44D]: a box would hide which one it was."""

    def instead(found: re.Match[str]) -> str:
        char = found.group()
        return char if can_draw(char) else f"[U+{ord(char):04X}]"

    return RARE.sub(instead, SILENT.sub("", text))


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the first letter that has a direction: what `dir` should say about this text."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def paragraphs(text: str) -> list[dict[str, str]]:
    """Plain text as a template prints it: one `{"text", "dir"}` a paragraph; single line breaks stay in the text."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return [{"text": part, "dir": direction(part)} for part in parts if part]


def is_long(texts: list[dict[str, str]], *, besides: int = 0, lines: int = 26, columns: int = 80) -> bool:
    """Whether these paragraphs, and some lines besides, are too much for a box that must stand on one page.

    xhtml2pdf cannot carry a paragraph in a box over two page breaks (it writes the rest on one endless line), so a
    template prints a long text outside of any box.
    """
    for text in texts:
        for line in text["text"].splitlines():
            wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in line)
            besides += 1 + (len(line) + wide) // columns
    return besides > lines


def _page(html: str, *, title: str, language: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{markup.escape(language)}"><head><meta charset="utf-8">'
        f"<title>{markup.escape(title)}</title></head><body>{html}</body></html>"
    )


def _stylesheet(faces: tuple) -> str:
    declared = [
        f'@font-face {{ font-family: {family}; src: url("{FONTS / file}"); font-weight: {weight} }}'
        for family, file, weight in faces
    ]
    # A word longer than its line, as addresses are, would run out of the paper.
    return "\n".join([*declared, f"html {{ font-family: {FAMILIES['sans']}; overflow-wrap: break-word }}"])


def _register(faces: tuple) -> None:
    """Reads each font once a process, under the name that the library gives it, so that it asks for no other."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for family, file, weight in faces:
        name = _registered_name(family, weight)
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))


def _registered_name(family: str, weight: str) -> str:
    return f"{family}_{int(weight == 'bold')}0"


def _can_draw(faces: tuple) -> Callable[[str], bool]:
    from reportlab.pdfbase import pdfmetrics

    names = {_registered_name(family, "normal") for family, _file, _weight in faces if family in {SANS, CJK}}
    drawn = [pdfmetrics.getFont(name).face.charToGlyph for name in names]
    return lambda char: char.isspace() or any(ord(char) in glyphs for glyphs in drawn)
