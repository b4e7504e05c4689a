"""Pictures made small, and lines and words drawn as pictures; the one module that knows Pillow, loaded when needed."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

PIXELS = {"JPEG": 50_000_000}  # the photographs of telephones; others are decoded in full: FEWER
FEWER = 25_000_000
READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP")  # the formats worth the risk of a decoder
FINER = 3  # lines are drawn this many times larger, then made smaller: that is what smooths them

LOGO_PIXELS = 12_000_000
SEEN = 128  # of 255: a pixel that counts as drawn
DARK, LIGHT = 110, 200  # of 255: what is darker, or lighter, is lost on a page of that kind
MUCH, BADGE = 0.4, 0.8  # shares: of the drawn pixels that would be lost, and of all that are drawn

Line = Sequence[tuple[float, float]]


class Logo(NamedTuple):
    """A picture made ready for pages; `tone` is "dark" or "light" where it needs a ground of the other kind."""

    png: bytes
    width: int
    height: int
    tone: str


class NotAPicture(Exception):
    """The bytes are no picture that we show: broken, of another format, or far too large."""


def preview(file: IO[bytes] | Path, *, longest: int) -> bytes:
    """The picture as a JPEG or PNG of at most `longest` pixels a side; of a moving one its first frame.

    It is made anew from the pixels: no place, camera or thumbnail that stood in the file stays. Raises NotAPicture.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=READ) as image:
            if image.width * image.height > PIXELS.get(image.format or "", FEWER):
                raise NotAPicture("too many pixels")
            image.draft("RGB", (longest, longest))  # a JPEG is decoded near the size that is wanted
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((longest, longest))
            return _encoded(upright)
    except NotAPicture:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as problem:
        raise NotAPicture(str(problem)) from problem


def logo(file: IO[bytes] | Path, *, box: tuple[int, int], is_square: bool = False) -> Logo:
    """The picture as a PNG that fits into `box`, made anew from its pixels; a square one is filled up with nothing.

    Raises NotAPicture.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=READ) as image:
            if image.width * image.height > LOGO_PIXELS:
                raise NotAPicture("too many pixels")
            fitted = ImageOps.exif_transpose(image).convert("RGBA")
            fitted.thumbnail(box, Image.Resampling.LANCZOS)
            if is_square:
                fitted = ImageOps.pad(fitted, box, Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
            return Logo(_png(fitted), fitted.width, fitted.height, _tone(fitted))
    except NotAPicture:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as problem:
        raise NotAPicture(str(problem)) from problem


def _tone(image: Any) -> str:
    """What stands on see-through pixels takes on the page's ground; a badge that fills its square has its own."""
    drawn = image.getchannel("A").point(lambda value: 255 if value >= SEEN else 0)
    greys = image.convert("L").histogram(drawn)
    total = sum(greys)
    if not total or total > BADGE * image.width * image.height:
        return ""
    dark, light = sum(greys[:DARK]) / total, sum(greys[LIGHT:]) / total
    return "" if max(dark, light) < MUCH else "dark" if dark >= light else "light"


def ink(lines: Sequence[Line], size: tuple[float, float], *, width: int, thickness: float, colour: str) -> bytes:
    """These lines, drawn round and smooth on white, as a PNG `width` pixels wide. `size` and points are in one unit."""
    from PIL import Image, ImageDraw

    scale = width / size[0] * FINER
    image = Image.new("RGB", (width * FINER, max(1, round(size[1] * width / size[0])) * FINER), "white")
    brush, half = ImageDraw.Draw(image), thickness * scale / 2
    for line in lines:
        points = [(x * scale, y * scale) for x, y in line]
        brush.line(points, fill=colour, width=max(1, round(half * 2)), joint="curve")
        for x, y in (points[0], points[-1]):
            brush.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    return _png(image.reduce(FINER))


def lettering(text: str, *, fonts: Sequence[Path], size: tuple[int, int], colour: str) -> bytes:
    """One line of text in the first font that has all its letters, as large as fits, on white, as a PNG."""
    from PIL import Image, ImageDraw

    width, height = size
    image = Image.new("RGB", size, "white")
    font = _font_for(text, fonts, height // 2)
    wide = max(font.getlength(text), 1)
    if wide > width * 0.9:
        font = font.font_variant(size=max(6, int(font.size * width * 0.9 / wide)))
    ImageDraw.Draw(image).text((width / 2, height / 2), text, fill=colour, font=font, anchor="mm")
    return _png(image)


def _font_for(text: str, fonts: Sequence[Path], size: int) -> Any:
    """The font that lacks the fewest letters; the earlier of two equals."""
    from PIL import ImageFont

    chosen = [ImageFont.truetype(str(path), size) for path in fonts]
    return min(chosen, key=lambda font: _lacking(text, font))


def _lacking(text: str, font: Any) -> int:
    # Every letter that a font lacks is drawn as the same box: that of a code point that is never a letter.
    box = bytes(font.getmask("\uffff"))
    return sum(not char.isspace() and bytes(font.getmask(char)) == box for char in text)


def _encoded(image: Any) -> bytes:
    """A PNG if something is transparent or there are few colours, else a JPEG."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        return _png(image.convert("RGBA"))
    if image.mode in {"P", "1", "L"}:
        return _png(image.convert("RGB"))
    return _saved(image.convert("RGB"), "JPEG", quality=82)


def _png(image: Any) -> bytes:
    return _saved(image, "PNG")


def _saved(image: Any, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.info.clear()  # Pillow would write the file's comment and more into ours
    image.save(out, form, optimize=True, **options)
    return out.getvalue()
