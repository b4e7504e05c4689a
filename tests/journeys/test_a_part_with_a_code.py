"""The reason to choose us: two items, authorized in part on a phone without an account, and what shows it a year later.

The company wears its own look and seals with its own key; the customer signs by hand (typed without script) and with
a mailed code; two validators agree; who edits a row or a byte is found; the customer ends the links.
"""

import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.authorizations.decision import Decision
from app.authorizations.seal import Seal
from app.authorizations.settings import AuthorizationSettings
from app.branding.company import Company
from app.branding.picture import Picture
from app.lib import db
from tests.authorizations.test_certificate import PASSWORD, company_key
from tests.journeys.steps import PHONE, letter_to, link_for, sign, sign_in
from tests.journeys.test_looks import logo
from tests.needs import needs

pytestmark = [pytest.mark.sqlite_only, pytest.mark.sealed]
TEXT = "Replace the seal of the press. Prices without VAT."
OWNER = "Acme Service, S. L."
CAROL = "carol@marlow.example"


@needs("poppler")
def test_two_items_authorized_in_part_with_a_code_and_checked_by_anybody(app, browsers, world, accessible, tmp_path):
    AuthorizationSettings.set(code_above=1000)
    dress(world)
    ask_for_items(browsers.open(), world, accessible)
    phone = browsers.open(**PHONE)
    link = link_for(CAROL, "authorizations.requested")
    phone.goto(link)
    insist_dressed(phone)
    phone.get_by_role("link", name="Authorize a part…").click()
    take_the_first(phone, accessible)
    confirm(phone, browsers, accessible)
    decision = Decision.get()
    assert (decision.is_partial, decision.way) == (True, "link")
    assert decision.signature_kind == ("drawn" if browsers.script else "typed")
    assert decision.code_confirmed_at

    certificate = download(phone, tmp_path)
    insist_valid(certificate)
    anybody = browsers.open(**PHONE)
    verdict(anybody, certificate, "The certificate holds", accessible)
    an_edited_row_is_found(app, anybody, certificate, accessible)
    an_edited_byte_is_found(anybody, certificate, accessible)
    the_link_is_revoked(phone, link, accessible)


def dress(world):
    """The company's own logo, theme and PKCS#12."""
    picture = Picture.keep(SimpleNamespace(filename="logo.png", stream=io.BytesIO(logo())), "portal_logo")
    Company.ours().dress(by=world.ada, theme="teja", pictures={"portal_logo": picture})
    Seal.bring(company_key(name=OWNER), password=PASSWORD, by=world.ada)


def insist_dressed(phone):
    """Page and mail wear the look; the PDF is looked at with its seal."""
    expect(phone.locator("html")).to_have_attribute("data-theme", "teja")
    expect(phone.get_by_role("link", name="Acme Service").get_by_role("img")).to_be_visible()
    mail = letter_to(CAROL, "authorizations.requested")
    assert "cid:" in mail.html
    assert "#9c4022" in mail.html


def ask_for_items(page, world, accessible):
    sign_in(page, world.ben)
    page.get_by_role("link", name="The press leaks").click()
    page.get_by_role("link", name="Request authorization").click()
    page.get_by_label("What the customer authorizes").fill(TEXT)
    for number, (words, amount) in enumerate([("A new seal", "962"), ("Labour and gas", "286.50")], 1):
        page.get_by_role("button", name="Add an item").click()
        page.get_by_label(f"Item {number}", exact=True).fill(words)
        page.get_by_label(f"Amount of item {number}").fill(amount)
    accessible(page)
    page.get_by_role("button", name="Request authorization").click()
    expect(page.get_by_role("region", name="Authorization request").get_by_text("€1,248.50")).to_be_visible()


def take_the_first(phone, accessible):
    second = phone.get_by_role("group", name="2. Labour and gas")
    second.get_by_role("radio", name="I do not authorize it").check(force=True)
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_text("Tell us why you do not authorize").first).to_be_visible()
    accessible(phone)
    phone.get_by_label("Why not item 2?").fill("We do it ourselves")
    phone.get_by_role("button", name="Continue").click()


def confirm(phone, browsers, accessible):
    """The sentence, the signature and the code."""
    expect(phone.get_by_text("For €962.00. I do not authorize: 2. Labour and gas.")).to_be_visible()
    sheet = phone.get_by_role("main")
    sign(phone, sheet, drawn=browsers.script)
    sheet.get_by_role("button", name="E-mail me the code").click()
    expect(sheet.get_by_text(f"We e-mailed a code to {CAROL}.")).to_be_visible()
    accessible(phone)
    code = re.search(r"\b(\d{3}) (\d{3})\b", letter_to(CAROL, "authorizations.code").text)
    sheet.get_by_label("Code", exact=True).fill(code.group())
    sheet.get_by_role("button", name="Confirm authorization").click()
    expect(phone.get_by_role("heading", name="Authorized in part by Carol Ruiz")).to_be_visible()
    expect(phone.get_by_text("Confirmed by an e-mailed code")).to_be_visible()
    accessible(phone)


def download(phone, folder):
    with phone.expect_download() as coming:
        phone.get_by_role("link", name="Certificate", exact=True).click()
    place = folder / "certificate.pdf"
    coming.value.save_as(place)
    return place


def insist_valid(certificate):
    """pyHanko and poppler agree; it is the company's own seal, with the company's logo on it."""
    with ThreadPoolExecutor(1) as apart:  # pyHanko wants an event loop of its own; the browser's runs in this thread
        status = apart.submit(validated, certificate).result()
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    said = subprocess.run(["pdfsig", "-nocert", str(certificate)], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert OWNER in said
    images = subprocess.run(["pdfimages", "-list", str(certificate)], capture_output=True, text=True, check=True).stdout
    assert re.search(r" image +400 +100 ", images)


def validated(certificate):
    with certificate.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        trust = ValidationContext(trust_roots=[signature.signer_cert])
        return validate_pdf_signature(signature, signer_validation_context=trust)


def an_edited_row_is_found(app, anybody, certificate, accessible):
    """By the command, which names the record, and on /verify; put back, all holds again."""
    for name, code, words in (("Eve", 1, "Record 1: a personal field has been changed."), ("Carol Ruiz", 0, "hold")):
        with db.connection():
            db.database.execute_sql("UPDATE decision SET name = ?", (name,))
        found = app.test_cli_runner().invoke(args=["evidence", "verify"])
        assert found.exit_code == code
        assert words in found.output
        outcome = "The certificate does not hold" if code else "The certificate holds"
        verdict(anybody, certificate, outcome, accessible)


def an_edited_byte_is_found(anybody, certificate, accessible):
    data = bytearray(certificate.read_bytes())
    data[len(data) // 2] ^= 1
    certificate.write_bytes(data)
    verdict(anybody, certificate, "The certificate does not hold", accessible)


def verdict(page, certificate, words, accessible):
    page.goto("/verify")
    page.get_by_label("Certificate").set_input_files(certificate)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    accessible(page)


def the_link_is_revoked(phone, link, accessible):
    """The customer sees the links with their last use and ends the one they came by: it opens nothing any more."""
    phone.get_by_text("Links to this ticket").click()
    mine = phone.get_by_role("listitem").filter(has_text="The link you are using")
    expect(mine.get_by_text("Last used")).to_be_visible()
    accessible(phone)
    mine.get_by_role("button", name="Revoke").click()
    expect(phone.get_by_role("heading", name="This link is no longer valid")).to_be_visible()
    phone.goto(link)
    expect(phone.get_by_role("heading", name="This link is no longer valid")).to_be_visible()
    accessible(phone)
