"""Two pictures and a quotation that sample customers and agents attach, made from nothing."""

import struct
import zlib

WIDTH, HEIGHT = 480, 320
DIGITS = {"0": "abcdef", "2": "abged", "9": "abcdfg", "-": "g", "C": "afed"}
SEGMENTS = {  # x, y, width, height within a digit of 80 by 150
    "a": (12, 0, 56, 12), "b": (68, 12, 12, 57), "c": (68, 81, 12, 57), "d": (12, 138, 56, 12),
    "e": (0, 81, 12, 57), "f": (0, 12, 12, 57), "g": (12, 69, 56, 12),
}  # fmt: skip


def display(text: str, *, colour: tuple[int, int, int] = (255, 92, 60)) -> bytes:
    """A photo of a control panel's display, as a PNG."""
    rows = [bytearray(_panel(y)) for y in range(HEIGHT)]
    _box(rows, 40, 60, 400, 200, (24, 26, 30))
    for place, character in enumerate(text):
        for segment in DIGITS.get(character, ""):
            x, y, width, height = SEGMENTS[segment]
            _box(rows, 90 + place * 110 + x, 85 + y, width, height, colour)
    return _png(rows)


def _panel(y: int) -> bytes:
    shade = 176 - y // 5
    return bytes(channel for x in range(WIDTH) for channel in (shade - x // 16, shade - x // 18, shade + 6 - x // 20))


def _box(rows: list[bytearray], x: int, y: int, width: int, height: int, colour: tuple[int, int, int]) -> None:
    for row in rows[y : y + height]:
        row[x * 3 : (x + width) * 3] = bytes(colour) * width


def _png(rows: list[bytearray]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def quotation(lines: list[str]) -> bytes:
    """One page of text as a PDF."""
    words = "".join(f"({_escaped(line)}) Tj 0 -22 Td " for line in lines)
    page = f"BT /F1 13 Tf 64 760 Td {words}ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
