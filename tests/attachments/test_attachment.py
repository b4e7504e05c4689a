"""Attached files: kept once, known by their bytes, shown only as pictures we made."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from structlog.testing import capture_logs
from werkzeug.datastructures import FileStorage

from app.attachments.attachment import Attachment, Empty, NotWelcome, TooLarge, TooMany
from app.attachments.serving import NoPreview, disposition
from app.lib import filetypes, pictures
from app.lib.files import store

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
EXE = b"MZ\x90\x00\x03" + bytes(200)
pytestmark = pytest.mark.usefixtures("app")


def upload(data, name, kind="text/html"):
    return FileStorage(io.BytesIO(data), filename=name, content_type=kind)


def picture(form="JPEG", size=(640, 480), **options):
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


def keep(data, name, **options):
    return Attachment.keep(upload(data, name), by=None, **options)


def test_a_file_is_kept_and_known_by_its_bytes():
    kept = keep(PDF, "C:\\fakepath\\Presupuesto P-884.pdf")
    again = Attachment.get_by_id(kept.id)
    assert (again.name, again.content_type, again.size) == ("Presupuesto P-884.pdf", "application/pdf", len(PDF))
    assert store().read(again.sha256) == PDF
    assert not again.is_image
    assert again.icon == "file"


def test_the_same_bytes_twice_are_two_rows_and_one_file():
    first, second = keep(PDF, "a.pdf"), keep(PDF, "b.pdf")
    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert Attachment.hashes() == [first.sha256]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (picture(), "foto.jpg", "image/jpeg"),
        (picture("PNG"), "foto.jpg", "image/png"),
        (PDF, "foto.jpg", "application/pdf"),
        (b"no picture at all", "foto.jpg", filetypes.UNKNOWN),
        (b"PK\x03\x04" + bytes(60), "acta.docx", filetypes.ALLOWED["docx"]),
        (b"PK\x03\x04" + bytes(60), "todo.zip", "application/zip"),
        ("año;€\n".encode("latin-1", "replace"), "lista.csv", "text/csv"),
        (b"\x00\x01\x02", "lista.csv", filetypes.UNKNOWN),
        ("UTF-16 text".encode("utf-16"), "notas.txt", "text/plain"),
        (b"  0\nSECTION\n", "plano.dxf", filetypes.UNKNOWN),
    ],
)
def test_the_type_is_that_of_the_bytes_and_never_the_senders(data, name, kind):
    assert keep(data, name).content_type == kind


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (EXE, "setup.exe"), (EXE, "foto.jpg"), (b"\x7fELF" + bytes(60), "datos.zip"), (b"<html>", "pagina.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg"), (b" \n<!DOCTYPE html><p>", "notas.txt"),
        (b"#!/bin/sh\n", "log.txt"), (b"text", "sin-extension"), (b"x", "macro.docm"), (b"x", "foto.jpg.lnk"),
    ],
)  # fmt: skip
def test_a_form_takes_no_programs_and_no_pages(data, name):
    with pytest.raises(NotWelcome) as refused:
        keep(data, name)
    assert name in refused.value.sentence
    assert Attachment.select().count() == 0


def test_a_form_takes_no_file_that_is_too_large_or_empty():
    with pytest.raises(TooLarge, match="2 MB"):
        keep(bytes(2_000_001), "a.txt", largest=2_000_000)
    with pytest.raises(Empty):
        keep(b"", "a.txt")


def test_a_form_takes_so_many_files_and_passes_over_empty_fields():
    files = [upload(PDF, f"{number}.pdf") for number in range(3)]
    assert len(Attachment.keep_all([*files, upload(b"", "")], by=None)) == 3
    with pytest.raises(TooMany):
        Attachment.keep_all([upload(PDF, "x.pdf")], by=None, already=10)


def test_one_bad_file_keeps_no_row_of_the_others():
    with pytest.raises(NotWelcome):
        Attachment.keep_all([upload(PDF, "a.pdf"), upload(EXE, "b.exe")], by=None)
    assert Attachment.select().count() == 0


def test_a_mails_file_is_never_refused_and_can_only_be_saved():
    part = Attachment.keep_part(EXE, "../../factura.exe", content_id="<part1@mail>", is_inline=True)
    assert (part.name, part.content_id, part.is_inline) == ("factura.exe", "part1@mail", True)
    assert not part.is_usual
    assert not part.is_image
    assert Attachment.keep_part(picture(), "foto.jpg").is_usual


def test_a_refused_forms_files_wait_a_day_for_their_sender(clock):
    kept = keep(PDF, "a.pdf", draft_key="k1")
    assert Attachment.drafts("k1", by=None) == [kept]
    assert Attachment.drafts("k2", by=None) == []
    assert Attachment.drafts(None, by=None) == []
    assert Attachment.drafts("k1", by=7) == []
    assert Attachment.discard_old_drafts() == 0
    clock.shift(timedelta(hours=24, seconds=1))
    assert Attachment.drafts("k1", by=None) == []
    assert Attachment.discard_old_drafts() == 1


def test_a_drafts_file_can_be_taken_back():
    keep(PDF, "a.pdf", draft_key="k1").discard()
    keep(PDF, "b.pdf").discard()
    assert [kept.name for kept in Attachment.select()] == ["b.pdf"]


def test_a_file_belongs_to_one_message_of_one_ticket(world):
    note = world.leak.note("Third time", by=world.ben)
    said = world.leak.reply("We come today", by=world.ben)
    hidden, shown = keep(PDF, "note.pdf"), keep(PDF, "reply.pdf", draft_key="k1")
    hidden.attach_to(note)
    shown.attach_to(said)
    assert [file.name for file in said.attachments] == ["reply.pdf"]
    assert Attachment.drafts("k1", by=None) == []
    with pytest.raises(ValueError):
        shown.attach_to(note)
    with pytest.raises(ValueError):
        keep(PDF, "x.pdf").attach_to(world.ben)
    assert Attachment.in_ticket(world.leak, hidden.id, public_only=False) == hidden
    assert Attachment.in_ticket(world.leak, hidden.id, public_only=True) is None
    assert Attachment.in_ticket(world.leak, shown.id, public_only=True) == shown
    assert Attachment.in_ticket(world.leak, 10**6, public_only=True) is None


def test_an_original_is_saved_and_never_run():
    headers = keep(PDF, "Año “1”.pdf").download_headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", 'attachment; filename="a.pdf"'),
        ("año.pdf", "attachment; filename=\"ano.pdf\"; filename*=UTF-8''a%C3%B1o.pdf"),
        ('a";x.pdf', "attachment; filename=\"a__x.pdf\"; filename*=UTF-8''a%22%3Bx.pdf"),
        ("见.pdf", "attachment; filename=\"pdf\"; filename*=UTF-8''%E8%A7%81.pdf"),
    ],
)
def test_a_download_has_its_own_name(name, header):
    assert disposition(name) == header


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_a_picture_is_shown_in_two_sizes_made_by_us(form):
    kept = keep(picture(form, (3000, 1500)), f"foto.{form.lower()}")
    for size, expected in (("thumbnail", (160, 80)), ("large", (1600, 800))):
        data, headers = kept.preview(size)
        assert Image.open(io.BytesIO(data)).size == expected
        assert headers["Content-Type"] in {"image/png", "image/jpeg"}
        assert kept.preview(size)[0] == data == store().derived(kept.sha256, size).read_bytes()


def test_a_preview_stands_upright_and_tells_no_place():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "TelephoneMaker"  # turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    kept = keep(picture("JPEG", (400, 200), exif=exif, comment=b"at home"), "foto.jpg")
    data, _ = kept.preview("thumbnail")
    shown = Image.open(io.BytesIO(data))
    assert shown.size == (80, 160)
    assert not shown.getexif()
    assert b"TelephoneMaker" not in data
    assert b"at home" not in data


def test_a_see_through_picture_stays_so():
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    data, headers = keep(out.getvalue(), "a.png").preview("large")
    assert headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(data)).getpixel((1, 1))[3] == 0


def test_of_a_moving_picture_the_first_frame_is_shown():
    out = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    shown = Image.open(io.BytesIO(keep(out.getvalue(), "a.gif").preview("large")[0]))
    assert getattr(shown, "n_frames", 1) == 1
    assert shown.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_bomb_is_not_opened(monkeypatch):
    bomb = Image.new("1", (30_000, 30_000))
    out = io.BytesIO()
    bomb.save(out, "PNG")
    kept = keep(out.getvalue(), "bomb.png")
    with capture_logs() as told, pytest.raises(NoPreview):
        kept.preview("large")
    assert "no preview of a picture" in [line["event"] for line in told]
    for _ in range(2):  # the second time from what is known
        with pytest.raises(NoPreview):
            kept.preview("thumbnail")


@pytest.mark.parametrize("data", [picture()[:900], picture("PNG")[:200], b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_a_broken_picture_has_no_preview(data):
    kept = keep(data, "foto.jpg")
    assert kept.is_image
    with pytest.raises(NoPreview):
        kept.preview("thumbnail")


def test_other_files_have_no_preview():
    with pytest.raises(NoPreview):
        keep(PDF, "a.pdf").preview("large")


def test_only_formats_worth_the_risk_are_opened():
    out = io.BytesIO()
    Image.new("RGB", (5, 5)).save(out, "TIFF")
    with pytest.raises(pictures.NotAPicture):
        pictures.preview(io.BytesIO(out.getvalue()), longest=10)


@pytest.mark.parametrize(
    ("size", "label"), [(1, "1 kB"), (412_300, "412 kB"), (999_999, "1 MB"), (1_240_000, "1.2 MB")]
)
def test_sizes_are_read_by_people(size, label):
    assert Attachment(size=size).size_label == label
