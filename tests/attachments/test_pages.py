"""The first page of a PDF, drawn by the worker in a child; and the way from one file to the next."""

import io
import re
import zipfile

import pypdfium2
import pytest
from PIL import Image
from structlog.testing import capture_logs

from app.attachments.attachment import Attachment
from app.attachments.serving import NoPreview
from app.lib.files import store
from tests.attachments.test_attachment import picture, upload

SCRIPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]/AA<</O<</S/Launch/F(cmd.exe)>>>>>>endobj
trailer<</Root 1 0 R>>
"""


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


def test_a_pdf_with_a_script_is_drawn_without_running_it_and_can_only_be_saved(world, portal):
    with capture_logs() as told:
        (file,) = sent(world, (SCRIPTED, "invoice.pdf"))
    assert "a PDF with a script" in [line["event"] for line in told]
    assert file.is_drawn
    saved = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}/original")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Security-Policy"].startswith("sandbox")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"


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


def test_a_zip_bomb_is_kept_as_it_came_and_never_opened(world, portal):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(200_000_000))
    (file,) = sent(world, (out.getvalue(), "logs.zip"))
    assert file.size < 300_000
    assert not file.has_preview
    saved = portal(world.carol).get(f"/portal/tickets/{world.leak.number}/attachments/{file.id}/original")
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
