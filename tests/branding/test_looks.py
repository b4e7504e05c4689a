"""A company's look: chosen, looked at, confirmed; seen on every page, mail and PDF; and what is refused."""

import io
import struct
import zlib
from types import SimpleNamespace

import pytest
from PIL import Image

from app.accounts.contact import Contact
from app.branding.company import Company
from app.branding.forms import drafts
from app.branding.picture import Picture, TooHeavy
from app.documents.contents import html_of
from app.documents.document import TicketDocument
from app.lib import files, orphans
from app.mail.outgoing import written
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket
from app.timeline.event import Event

LOOKS = "/desk/settings/looks"


def png(width=400, height=100, colour=(20, 90, 90, 255), form="PNG", around=0):
    """A picture; `around` pixels of it are see-through at each side."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    image.paste(colour, (around, around, width - around, height - around))
    data = io.BytesIO()
    (image if form == "PNG" else image.convert("RGB")).save(data, form)
    return data.getvalue()


def bomb(side=60_000):
    """A PNG of some kilobytes that says it holds billions of pixels."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
              for kind, data in parts]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chosen(data, name="logo.png"):
    return (io.BytesIO(data), name)


@pytest.fixture
def page(desk, world):
    return desk(world.ada).get(LOOKS)


def confirm(page, **fields):
    return page.press("Confirm", **fields)


def test_a_theme_and_four_pictures_are_put_on(page, client):
    shown = confirm(
        page, theme="teja", portal_logo=chosen(png()), home_logo=chosen(png(900, 300)),
        desk_logo=chosen(png(100, 100)), favicon=chosen(png(64, 32)),
    )  # fmt: skip
    assert "Everybody sees it from now on" in shown
    ours = Company.ours()
    icon = ours.picture("favicon")
    assert (icon.width, icon.height) == (180, 180)
    support = client.get("/support")
    assert [each["data-theme"] for each in support.all("html")] == ["teja"]
    assert [each["src"] for each in support.all("img")] == [
        ours.picture("portal_logo").url,
        ours.picture("home_logo").url,
    ]
    assert support.all("img")[0]["alt"] == ours.name
    assert icon.url in support.html
    assert ours.picture("home_logo").url in client.get("/sign-in").html
    assert ours.picture("desk_logo").url in page.client.get("/desk").html
    assert client.get("/favicon.ico", follow=False).location == icon.url


def test_a_preview_shows_it_to_who_chooses_and_to_nobody_else(page, client):
    shown = page.press("Preview", theme="pino", portal_logo=chosen(png()))
    assert "Not confirmed yet" in shown
    assert Company.ours().picture("portal_logo") is None
    preview = shown.region("Preview")
    assert {each["data-theme"] for each in preview.all("div") if each.get("data-theme")} == {"pino", "tinta"}
    draft = next(each["src"] for each in preview.all("img") if "/portal_logo/" in each["src"])
    assert page.client.get(draft).status == 200
    assert client.get(draft, follow=False).status == 303
    confirm(shown)
    assert (Company.ours().theme, Company.ours().picture("portal_logo").width) == ("pino", 400)


def test_htmx_gets_the_page_of_the_preview_alone(page):
    shown = page.press("Preview", htmx=True, theme="mar")
    assert not shown.all("html")
    assert "Not confirmed yet" in shown


def test_a_draft_that_we_did_not_sign_names_nothing_in_the_store(page, world):
    """Else anybody's attachment could be hung up for all to see."""
    secret = files.store().put(png(32, 32, (1, 2, 3, 255)))
    for token in (secret.sha256, drafts(Company.ours(), "favicon").dumps([secret.sha256, 32, 32, ""])):
        confirm(page, portal_logo_draft=token)
        assert Company.ours().picture("portal_logo") is None
    assert page.client.get(f"/brand/{secret.sha256}.png").status == 404


def test_a_picture_is_taken_down_again(page):
    shown = confirm(page, portal_logo=chosen(png()))
    confirm(shown, portal_logo_removed="y")
    assert Company.ours().picture("portal_logo") is None
    assert [each.kind for each in Event.select().where(Event.kind == "company.dressed")] == ["company.dressed"] * 2


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "is an SVG"),
        ("logo.png", b'\xef\xbb\xbf <?xml version="1.0"?><svg onload="alert(1)"/>', "is an SVG"),
        ("logo.png", b"<!doctype html><script>alert(1)</script>", "is not a picture"),
        ("logo.png", b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'><svg/>", "is an SVG"),
        ("logo.png", b"GIF89a/*<svg/onload=alert(1)>*/=1;", "is not a picture"),
        ("logo.png", b"\x89PNG\r\n\x1a\n", "is not a picture"),
        ("logo.png", bomb(), "is not a picture"),
        ("logo.png", png(4000, 3001, form="PNG"), "is not a picture"),
    ],
    ids=["svg", "svg by another name", "html", "svg with a doctype", "polyglot", "broken", "bomb", "too many pixels"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(page, name, data, says):
    shown = confirm(page, portal_logo=chosen(data, name), theme="mar")
    assert shown.status == 422
    assert says in shown.region("Portal logo")
    assert (Company.ours().picture("portal_logo"), Company.ours().theme) == (None, "tinta")


def test_a_file_of_many_megabytes_is_refused_unread(world):
    with pytest.raises(TooHeavy):
        Picture.keep(SimpleNamespace(filename="logo.png", stream=io.BytesIO(png() + b"\0" * 4_000_000)), "portal_logo")


def test_a_path_in_the_name_of_the_file_leads_nowhere(page):
    shown = confirm(page, portal_logo=chosen(b"no picture", "../../../etc/passwd"))
    assert "“passwd” is not a picture" in shown.region("Portal logo")
    assert page.client.get("/brand/..%2f..%2fetc%2fpasswd.png").status == 404


def test_a_refused_file_costs_no_good_one(page):
    shown = confirm(page, portal_logo=chosen(png()), favicon=chosen(b"<svg/>", "icon.svg"))
    assert shown.status == 422
    confirm(shown)
    assert Company.ours().picture("portal_logo") is not None


def test_what_is_served_is_made_anew_from_the_pixels(page, client):
    """A comment with a page in it, a place, a script after the end: nothing of the file but its pixels is kept."""
    picture = Image.new("RGB", (300, 100), "teal")
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    picture.save(data, "JPEG", comment=b"<script>alert(1)</script>", exif=exif)
    confirm(page, portal_logo=chosen(data.getvalue() + b"<html>", "logo.jpg"))
    answer = client.get(Company.ours().picture("portal_logo").url).response
    sent = answer.get_data()
    assert sent.startswith(b"\x89PNG")
    assert not [word for word in (b"script", b"secret", b"html") if word in sent]
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("colour", "around", "tone"),
    [((0, 0, 0, 255), 20, "dark"), ((255, 255, 255, 255), 20, "light"), ((0, 0, 0, 255), 2, "")],
)
def test_a_logo_that_a_ground_would_swallow_stands_on_another(page, colour, around, tone):
    confirm(page, portal_logo=chosen(png(colour=colour, around=around)))
    assert Company.ours().picture("portal_logo").tone == tone


def test_the_sweep_of_files_spares_what_a_company_wears(page):
    confirm(page, portal_logo=chosen(png()))
    assert Company.ours().portal_logo_sha256 in orphans.named_hashes()


def test_mail_carries_the_logo_in_itself(page, world):
    confirm(page, theme="ciruela", portal_logo=chosen(png()))
    world.leak.reply("We come on Friday.", by=world.ben)
    message = written(Delivery.select().order_by(Delivery.id.desc()).first()).to_message()
    html = message.get_body(("html",)).get_content()
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert f"cid:{str(image['Content-ID']).strip('<>')}" in html
    assert image.get_content() == files.store().read(Company.ours().portal_logo_sha256)
    assert "#8e3c7f" in html
    assert 'alt="Acme Service"' in html
    assert "http://" not in html.replace("http://localhost", "").split("<img", 1)[1].split(">", 1)[0]


def test_a_pdf_shows_the_logo_and_is_made_again_when_it_changes(page, world):
    before = TicketDocument.ask(world.leak, by=world.ben, face="desk", language="en")
    confirm(page, portal_logo=chosen(png()))
    leak = Ticket.get_by_id(world.leak.id)
    html, _title = html_of(leak, face="desk", language="en", timezone="Europe/Madrid")
    assert "data:image/png;base64," in html.split('class="number"')[0]
    assert TicketDocument.ask(leak, by=world.ben, face="desk", language="en") != before


@pytest.fixture
def sur(world):
    """A second company of ours, with a matter of Carol's."""
    made = Company.found(by=world.ada, name="Acme Sur", language="en", timezone="Europe/Lisbon")
    made.dress(by=world.ada, theme="albero", pictures={"portal_logo": Picture("b" * 64, 300, 60)})
    world.others["sur"] = Ticket.open(
        by=world.carol, requester=world.carol, subject="Ours", text="South.", channel="form", company=made
    )
    return made


def test_each_of_several_companies_looks_as_it_chose(desk, portal, world, sur):
    carol = portal(world.carol)
    theirs = carol.get(f"/portal/tickets/{world.others['sur'].number}")
    assert (theirs.all("html")[0]["data-theme"], sur.picture("portal_logo").url in theirs.html) == ("albero", True)
    assert carol.get(f"/portal/tickets/{world.leak.number}").all("html")[0]["data-theme"] == "tinta"
    link = Delivery.get(Delivery.ticket == world.others["sur"]).link
    link.revoke(by=world.ada)
    ended = portal(world.dan).get(f"/t/{link.token}")
    assert ended.all("html")[0]["data-theme"] == "albero"
    assert desk(world.ada).get(LOOKS).region("Companies").has_link("Acme Sur")


def test_a_page_that_is_not_ones_own_says_nothing_of_whose_it_is(portal, world, sur):
    stranger = Contact.register("Sid", "sid@else.example")
    shown = portal(stranger).get(f"/portal/tickets/{world.others['sur'].number}")
    assert (shown.status, shown.all("html")[0]["data-theme"]) == (404, "tinta")
