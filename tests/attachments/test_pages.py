"""The first page of a PDF, drawn by the worker in a child; and the way from one file to the next."""

import io
import re
import sqlite3
import zipfile
import zlib

import pypdfium2
import pytest
from PIL import Image
from structlog.testing import capture_logs

from app.attachments.attachment import Attachment
from app.attachments.serving import NoPreview
from app.lib.db import database, is_sqlite
from app.lib.files import store
from tests.attachments.test_attachment import picture, upload

SCRIPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]/AA<</O<</S/Launch/F(cmd.exe)>>>>>>endobj
trailer<</Root 1 0 R>>
"""


def packed(action: bytes) -> bytes:
    """A PDF whose objects are all in a compressed stream, so that nothing of them can be read as it stands."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]>>", action,
    ]  # fmt: skip
    places = [sum(len(each) + 1 for each in objects[:number]) for number in range(4)]
    head = b"".join(b"%d %d " % (number, place) for number, place in enumerate(places, 1))
    rows = bytes(4) + b"".join(b"\2\0\5" + bytes([number]) for number in range(4)) + b"\1\0\x09\0"
    stream = zlib.compress(head + b" ".join(objects))
    data = b"%%PDF-1.5\n5 0 obj<</Type/ObjStm/N 4/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
    data %= len(head), len(stream), stream
    table = b"6 0 obj<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length %d>>stream\n%b\nendstream endobj\n"
    return data + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF\n" % len(data)


def paper(width=300, height=400, pages=1) -> bytes:
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(width, height)
    document.save(out)
    return out.getvalue()


def sent(world, *files: tuple[bytes, str]) -> list[Attachment]:
    kept = [Attachment.keep(upload(data, name), by=world.carol) for data, name in files]
    world.leak.hear("Look.", by=world.carol, channel="portal", files=kept)
    return [Attachment.get_by_id(each.id) for each in kept]


def test_others_write_while_files_are_looked_at(world, monkeypatch):
    if not is_sqlite():
        pytest.skip("PostgreSQL has no such lock")
    files, look = sent(world, *((paper(300 + size), f"{size}.pdf") for size in range(3))), Attachment.look_for_danger

    def look_after_somebody_wrote(self):
        with sqlite3.connect(database.database) as other:
            other.execute("UPDATE ticket SET revision = revision + 1")
        other.close()
        look(self)

    monkeypatch.setattr(Attachment, "look_for_danger", look_after_somebody_wrote)
    Attachment.update(danger=None).execute()
    Attachment.look_at_files_of(world.leak)
    assert [Attachment.get_by_id(file.id).danger for file in files] == ["", "", ""]


def test_the_first_page_of_a_pdf_is_drawn_after_the_commit(world, portal):
    (file,) = sent(world, (paper(300, 400, pages=3), "quote.pdf"))
    assert file.is_drawn
    assert Image.open(io.BytesIO(file.preview("large")[0])).size == (1200, 1600)
    assert Image.open(io.BytesIO(file.preview("thumbnail")[0])).size == (120, 160)
    carol = portal(world.carol)
    ticket = carol.get(f"/portal/tickets/{world.leak.number}")
    page = carol.get(ticket.link(f"quote.pdf{file.size_label}")["href"])
    assert "The first page." in page
    shown = carol.get(next(each["src"] for each in page.all("img") if each.get("alt") == "quote.pdf"))
    assert shown.headers["Content-Type"] in ("image/png", "image/jpeg")
    assert page.has_link("Download")


@pytest.mark.parametrize(
    "data",
    [
        SCRIPTED,
        SCRIPTED.replace(b"JavaScript", b"J#61vaScript"),
        packed(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        packed(b"<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"),
        packed(b"[<</S/GoTo/Next[<</S/Launch/F(cmd.exe)>>]>>]"),
    ],
    ids=["plain", "in hex", "packed", "packed in hex", "a program, packed deep"],
)
def test_a_pdf_with_a_script_is_drawn_without_running_it_told_and_can_only_be_saved(world, portal, data):
    assert data.startswith(SCRIPTED[:20]) or b"JavaScript" not in data
    with capture_logs() as told:
        (file,) = sent(world, (data, "invoice.pdf"))
    assert ("a file that may do harm", "script") in [(line["event"], line.get("found")) for line in told]
    assert file.is_drawn
    carol = portal(world.carol)
    page = carol.get(carol.get(f"/portal/tickets/{world.leak.number}").link(f"invoice.pdf{file.size_label}")["href"])
    assert "This PDF runs a script or a program when it is opened." in page
    saved = carol.get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}/original")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Security-Policy"].startswith("sandbox")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_said_of_files_that_do_no_harm(world):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", picture())
        archive.writestr("log.txt", b"all is well\n" * 1_000_000)
    with capture_logs() as told:
        files = sent(
            world, (paper(), "quote.pdf"), (packed(b"<</S/GoTo/D[3 0 R/Fit]>>"), "b.pdf"), (out.getvalue(), "c.zip")
        )
    assert [file.danger for file in files] == ["", "", ""]
    assert all(file.is_usual for file in files)
    assert "a file that may do harm" not in [line["event"] for line in told]


def test_a_pdf_that_is_an_archive_as_well_is_looked_at_as_both(world):
    out = io.BytesIO(packed(b"<</S/JavaScript/JS(1)>>"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("photo.jpg", picture())
    assert sent(world, (out.getvalue(), "both.pdf"))[0].danger == "script"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.4\nnothing more", paper()[:200], b"%PDF-1.4\n" + b"[" * 100_000],
    ids=["empty", "cut", "deep"],
)
def test_a_broken_pdf_has_no_picture_and_is_tried_once(world, data):
    (file,) = sent(world, (data, "broken.pdf"))
    assert not file.is_drawn
    with pytest.raises(NoPreview):
        file.preview("thumbnail")
    assert store().derived(file.sha256, "thumbnail").read_bytes() == b""


def test_a_page_as_large_as_a_house_is_drawn_small(world):
    (file,) = sent(world, (paper(14_400, 7_200), "wall.pdf"))
    assert Image.open(io.BytesIO(file.preview("large")[0])).size == (1600, 800)


def test_a_zip_bomb_is_kept_as_it_came_told_and_never_opened(world, portal):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(200_000_000))
    with capture_logs() as told:
        (file,) = sent(world, (out.getvalue(), "logs.zip"))
    assert ("a file that may do harm", "bomb") in [(line["event"], line.get("found")) for line in told]
    assert file.size < 300_000
    assert not file.has_preview
    carol = portal(world.carol)
    page = carol.get(carol.get(f"/portal/tickets/{world.leak.number}").link(f"logs.zip{file.size_label}")["href"])
    assert "This archive takes far more room unpacked" in page
    saved = carol.get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}/original")
    assert saved.response.get_data() == out.getvalue()


def test_one_goes_from_file_to_file_of_the_same_message(world, portal):
    sent(world, (picture(), "elsewhere.jpg"))
    first, second, _text = sent(world, (picture(), "one.jpg"), (paper(), "two.pdf"), (b"words", "three.txt"))
    carol = portal(world.carol)
    page = carol.get(f"/portal/tickets/{world.leak.number}/attachments/{first.id}")
    assert "1 of 2" in page
    assert not page.has_link("Previous")
    page = page.follow("Next")
    assert page.h1 == "two.pdf"
    assert "2 of 2" in page
    assert page.follow("Previous").h1 == "one.jpg"
    assert re.search(r"/attachments/\d+/large", page.html)
    assert second.has_preview
