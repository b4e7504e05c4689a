"""Certificates: sealed so that two validators agree, and checked by anybody on /verify (W6)."""

import io
import json
import os
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.accounts.person import Person
from app.accounts.robot import Robot
from app.accounts.visitor import Access
from app.authorizations import checking, public, verification
from app.authorizations.certificate import Certificate
from app.authorizations.checking import check
from app.authorizations.decision import Decision
from app.authorizations.exhibit import is_consistent, read
from app.authorizations.item import Choice
from app.authorizations.seal import Seal, UnfitKey, folder
from app.authorizations.settings import AuthorizationSettings
from app.documents import contents as documents
from app.documents.document import TicketDocument
from app.lib import sealing
from app.lib.db import Record
from app.lib.files import store
from app.lib.search import SearchEntry, Wanted
from app.messages.message import Message
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.authorizations.deciding import ask, decide
from tests.browsing import Client
from tests.needs import needs

pytestmark = pytest.mark.sealed
of_the_paper = pytest.mark.sqlite_only  # of seals and files: no database is tried by them
PASSWORD = "the company's own word"


@pytest.fixture
def certificate(world):
    decision = decide(ask(world), world.carol, Choice({2: "We do it ourselves"}))
    return Certificate.of(decision)


@pytest.fixture
def sealed(certificate):
    return store().read(certificate.sha256)


def company_key(*, name="Frigal Frío Industrial, S. L.", usage=True, days=365, bits=2048):
    key = rsa.generate_private_key(65537, bits)
    said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    began = datetime.now(UTC) - timedelta(days=400)
    builder = x509.CertificateBuilder().subject_name(said).issuer_name(said).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(began)
    builder = builder.not_valid_after(datetime.now(UTC) + timedelta(days=days))
    others = dict.fromkeys(
        ("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
    )
    allowed = x509.KeyUsage(digital_signature=usage, content_commitment=usage, key_encipherment=not usage, **others)
    certificate = builder.add_extension(allowed, critical=True).sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(
        b"k", key, certificate, None, BestAvailableEncryption(PASSWORD.encode())
    )


def wrong(checked):
    return [finding.words for finding in checked.findings if finding.holds is False]


def changed(data, place):
    altered = bytearray(data)
    altered[place] ^= 1
    return bytes(altered)


def test_a_decision_has_its_certificate(certificate):
    assert (certificate.state, certificate.level, certificate.seal.is_own) == ("ready", "B-B", True)
    made_at = certificate.made_at
    certificate.make()
    assert Certificate.get_by_id(certificate.id).made_at == made_at


@of_the_paper
@needs("poppler")
def test_a_second_validator_agrees(sealed, tmp_path):
    place = tmp_path / "certificate.pdf"
    place.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", str(place)], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    place.write_bytes(changed(sealed, len(sealed) // 3))
    said = subprocess.run(["pdfsig", "-nocert", str(place)], capture_output=True, text=True).stdout
    assert "Signature is Valid." not in said
    words = subprocess.run(["pdftotext", "-layout", str(place), "-"], capture_output=True, text=True).stdout
    assert words is not None


@of_the_paper
@needs("poppler")
def test_it_says_what_was_agreed(sealed, tmp_path):
    place = tmp_path / "certificate.pdf"
    place.write_bytes(sealed)
    words = subprocess.run(["pdftotext", "-layout", str(place), "-"], capture_output=True, text=True, check=True).stdout
    words = " ".join(words.split())
    for expected in ("Authorized in part", "€962.00", "We do it ourselves", "Carol Ruiz", "192.0.2.7",
                     "Simple electronic signature, sealed by the company", "/verify"):  # fmt: skip
        assert expected in words


@of_the_paper
def test_the_evidence_is_embedded(sealed):
    _told, evidence = sealing.check(sealed)
    found = read(evidence)
    assert is_consistent(found)
    assert [item["authorized"] for item in found["agreement"]["items"]] == [True, False]


def test_everything_holds_of_a_certificate_of_ours(sealed):
    checked = check(sealed)
    assert checked.is_good
    assert wrong(checked) == []
    assert checked.exhibit["personal"]["name"] == "Carol Ruiz"


@of_the_paper
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.96, 0.99])
def test_a_changed_byte_is_seen(sealed, share):
    assert not check(changed(sealed, int(len(sealed) * share))).is_good


@of_the_paper
def test_what_was_added_after_the_seal_is_seen(sealed):
    checked = check(with_a_note(sealed))
    assert "Something was added to the file after it was sealed." in wrong(checked)
    assert "Something was added to the file after it was sealed." in wrong(check(sealed + b"\n%% more\n"))
    assert checked.exhibit is None


def with_a_note(data):
    """As a PDF editor saves a comment: in an update behind the sealed file."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    writer.root["/Lang"] = generic.TextStringObject("xx")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@of_the_paper
@pytest.mark.parametrize("data", [b"hello", b"%PDF-1.7\n", b"\x89PNG", b"%PDF-1.4\n" + b"\0" * 100_000])
def test_what_is_no_certificate_is_said_to_be_none(world, data):
    assert not check(data).is_good


def test_a_row_changed_since_is_seen(sealed, certificate):
    Decision.update(name="Eve").where(Decision.id == certificate.decision_id).execute()
    assert wrong(check(sealed)) == ["What the installation keeps has been changed since."]


@of_the_paper
def test_somebody_elses_seal_around_our_words_is_seen(sealed, world):
    """The same page and the same evidence, sealed by a key that is not ours."""
    _told, evidence = sealing.check(sealed)
    _told, key = sealing.make_key(name="Acme Service", passphrase="x" * 20)
    words = {"passphrase": "x" * 20, "reason": "", "by": "", "evidence_note": "", "timestamp_url": ""}
    _told, forged = sealing.seal(sealed[: sealed.index(b"%%EOF") + 6], key=key, evidence=evidence, **words)
    checked = check(forged)
    assert "It was not sealed by this installation." in wrong(checked)
    assert checked.exhibit is None


# --- keys ------------------------------------------------------------------------------------------------------------


@of_the_paper
def test_the_key_is_for_the_program_alone(world):
    mode = stat.S_IMODE(os.stat(folder() / "seal.p12").st_mode)
    assert mode == 0o600
    assert Seal.own() == Seal.current()


@of_the_paper
def test_a_company_seals_with_its_own_key_and_goes_back(world):
    first = store().read(Certificate.of(decide(ask(world), world.carol)).sha256)
    Seal.bring(company_key(), password=PASSWORD, by=world.ada)
    second = Certificate.of(decide(ask(world), world.carol))
    assert second.seal.subject == "Frigal Frío Industrial, S. L."
    assert check(store().read(second.sha256)).is_good
    assert check(first).is_good  # old certificates still verify
    Seal.go_back(by=world.ada)
    assert Certificate.of(decide(ask(world), world.carol)).seal.is_own


@of_the_paper
def test_a_companys_key_that_has_expired_seals_no_more(world):
    seal = Seal.bring(company_key(), password=PASSWORD, by=world.ada)
    seal.change(not_after=datetime.now(UTC) - timedelta(days=1))
    assert Seal.current().is_own
    assert Certificate.of(decide(ask(world), world.carol)).seal.is_own


@of_the_paper
@pytest.mark.parametrize(
    ("made", "password", "words"),
    [
        ({}, "wrong", "cannot be opened with this password"),
        ({"days": -1}, PASSWORD, "has expired"),
        ({"usage": False}, PASSWORD, "key usage does not allow"),
        ({"bits": 1024}, PASSWORD, "too weak"),
    ],
)
def test_a_key_that_will_not_do_is_refused_in_words(world, made, password, words):
    with pytest.raises(UnfitKey) as refused:
        Seal.bring(company_key(**made), password=password, by=world.ada)
    assert words in refused.value.sentence
    assert Seal.current().is_own


def test_an_administrator_brings_the_key_on_its_page(desk, world):
    client = desk(world.ada)
    page = client.get("/desk/settings/seal")
    assert "The installation's own key" in page
    assert "Choose a file." in page.press("Seal with this key")
    refused = client.post("/desk/settings/seal", file=(io.BytesIO(b"no key"), "key.p12"), password="x")
    assert "cannot be opened with this password" in refused
    brought = client.post("/desk/settings/seal", file=(io.BytesIO(company_key()), "key.p12"), password=PASSWORD)
    assert "Frigal Frío Industrial, S. L." in brought
    assert "The company's key" in brought
    assert "The installation's own key" in brought.press("Back to the installation's own key")
    assert desk(world.ben).get("/desk/settings/seal").status == 403


# --- timestamps ------------------------------------------------------------------------------------------------------


@pytest.fixture
def authority():
    """A timestamp authority of our own, in a process of its own."""
    command = [sys.executable, "-m", "tests.authorizations.authority"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        process.terminate()


@of_the_paper
def test_a_timestamp_authority_confirms_the_time(world, authority):
    AuthorizationSettings.set(timestamp_url=authority)
    certificate = Certificate.of(decide(ask(world), world.carol))
    assert certificate.level == "B-T"
    checked = check(store().read(certificate.sha256))
    assert checked.is_good
    assert "A timestamp authority confirmed the time." in [finding.words for finding in checked.findings]


@of_the_paper
def test_an_authority_that_does_not_answer_costs_only_the_timestamp(world):
    AuthorizationSettings.set(timestamp_url="http://127.0.0.1:9/")
    certificate = Certificate.of(decide(ask(world), world.carol))
    assert (certificate.state, certificate.level) == ("ready", "B-B")


# --- erased people and merged tickets --------------------------------------------------------------------------------


def test_with_an_erased_person_goes_all_that_names_them(portal, desk, world, certificate, sealed):
    """The certificate, its file and the ticket's PDFs; the chain holds, and what they keep themselves is still good."""
    carol, here = portal(world.carol), f"/portal/tickets/{world.leak.number}"
    printed = carol.post(f"{here}/documents").response.get_data()
    assert find_for_contact(world, "ourselves")
    Decision.get().erase(by=Robot.system())
    assert Certificate.select().count() == TicketDocument.select().count() == 0
    kept = [path.read_bytes() for path in store().folder.iterdir() if path.is_file()]
    assert sealed not in kept
    assert printed not in kept
    assert verification.verify()[::2] == (1, None)
    assert check(sealed).is_good
    for client, face in ((carol, "portal"), (desk(world.ben), "desk")):
        page = client.get(f"/{face}/tickets/{world.leak.number}")
        assert page.heading("Authorized in part by a person whose data was erased")
        assert not page.has_link("Certificate")
        assert "We do it ourselves" not in page
        assert client.get(f"/{face}/tickets/{world.leak.number}/authorizations/1/certificate").status == 404
    assert not find_for_contact(world, "ourselves")


def find_for_contact(world, word):
    return list(SearchEntry.public_tickets(Wanted.of(word), held=Message.held()).tuples())


def test_the_reasons_of_a_denial_go_too(world):
    asked = ask(world)
    asked.deny(by=world.carol, reasons="My husband is ill", access=Access(ip="192.0.2.7"), language="en")
    Decision.get().erase(by=Robot.system())
    rows = [str(row) for record in Record.records.values() for row in record.select().tuples()]
    assert not [row for row in rows if "husband" in row]


def test_a_certificate_in_the_making_does_not_outlive_its_person(world, certificate, monkeypatch):
    certificate.change(state="pending", sha256=None)
    files = len(list(store().folder.iterdir()))
    made = Certificate._made

    def made_and_erased(self):
        told = made(self)
        Decision.get_by_id(self.decision_id).erase(by=Robot.system())
        return told

    monkeypatch.setattr(Certificate, "_made", made_and_erased)
    Certificate.get_by_id(certificate.id).make()
    assert Certificate.select().count() == 0
    assert len(list(store().folder.iterdir())) <= files


def test_it_is_reached_from_the_ticket_that_its_own_went_into(app, portal, desk, world, certificate, sealed):
    """What was signed stays where it was signed; its person reads it on, with its certificate, others do not."""
    other = Ticket.open(by=world.carol, requester=world.carol, subject="All presses", text="…", channel="form")
    guest = Client(app)
    guest.get(f"/t/{PersonalLink.issue(world.leak, world.carol).token}")
    world.leak.merge_into(other, by=world.ben)
    for client, face in ((portal(world.carol), "portal"), (desk(world.ben), "desk"), (guest, "portal")):
        page = client.get(f"/{face}/tickets/{other.number}")
        assert page.heading("Authorized in part by Carol Ruiz")
        assert page.follow("Certificate").response.get_data() == sealed
    Ticket.get_by_id(world.leak.id).separate(by=world.ben)
    assert not portal(world.carol).get(f"/portal/tickets/{other.number}").has_link("Certificate")
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert page.follow("Certificate").response.get_data() == sealed


def test_who_did_not_decide_it_does_not_see_it_after_a_merge(portal, desk, world, certificate):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Another firm's", text="…", channel="form")
    world.leak.merge_into(other, by=world.ben)
    eve, printed = portal(world.eve), f"/portal/tickets/{other.number}/documents"
    page = eve.get(f"/portal/tickets/{other.number}")
    assert "192.0.2.7" not in page
    assert "Authorized in part" not in page
    assert not page.has_link("Certificate")
    assert eve.get(f"/portal/tickets/{world.leak.number}/authorizations/1/certificate").status == 404
    assert eve.post(printed).status == 200
    html, _title = documents.html_of(other, face="portal", language="en", timezone="Europe/Madrid")
    assert "192.0.2.7" not in html
    html, _title = documents.html_of(other, face="desk", language="en", timezone="Europe/Madrid")
    assert f"Authorization 1 of ticket {world.leak.number}" in html


def test_the_pdf_shows_to_each_what_the_page_shows_them(portal, world, certificate):
    """Of two customers of one ticket, only who decided on the one that went into it has the decision in their PDF."""
    other = Ticket.open(by=world.carol, requester=world.carol, subject="All presses", text="…", channel="form")
    other.set_copies(["eve@rival.example"], by=world.ben)
    world.leak.merge_into(other, by=world.ben)
    there, pages = f"/portal/tickets/{other.number}/documents", {}
    for person in (world.carol, world.eve):
        portal(person).post(there)
        made = TicketDocument.select().order_by(TicketDocument.id.desc()).get()
        how = {"face": made.face, "language": "en", "timezone": made.timezone}
        html, _title = documents.html_of(other, **how, reader=Person.find(id=made.reader))
        pages[person.name] = made, "192.0.2.7" in html
    (of_carol, is_in_carols), (of_eve, is_in_eves) = pages.values()
    assert (is_in_carols, is_in_eves) == (True, False)
    assert portal(world.eve).get(f"{there}/{of_carol.id}").status == 404
    assert portal(world.carol).get(f"{there}/{of_eve.id}").status == 200


# --- pages -----------------------------------------------------------------------------------------------------------


def test_it_is_downloaded_from_portal_and_desk(portal, desk, world, certificate, sealed):
    for client, face in ((portal(world.carol), "portal"), (desk(world.vic), "desk")):
        page = client.get(f"/{face}/tickets/{world.leak.number}").follow("Certificate")
        assert page.response.get_data() == sealed
        assert "attachment" in page.headers["Content-Disposition"]
    assert portal(world.eve).get(f"/portal/tickets/{world.leak.number}/authorizations/1/certificate").status == 404


def test_one_that_could_not_be_made_is_tried_again(portal, world, certificate):
    certificate.change(state="failed", sha256=None)
    carol = portal(world.carol)
    page = carol.get(f"/portal/tickets/{world.leak.number}/authorizations/1/certificate")
    assert page.h1 == "The certificate could not be made"
    assert page.press("Try again").response.mimetype == "application/pdf"


def test_one_that_a_killed_worker_left_is_made_by_the_clock(certificate):
    certificate.change(state="pending", sha256=None, requested_at=certificate.requested_at - timedelta(minutes=2))
    Certificate.make_due()
    assert Certificate.get_by_id(certificate.id).is_ready


def test_anybody_checks_one_without_an_account(client, sealed):
    form = client.get("/verify")
    assert "the file is not kept" in form
    files = len(list(store().folder.iterdir()))
    good = client.post("/verify", file=(io.BytesIO(sealed), "certificate.pdf"))
    assert good.heading("The certificate holds")
    for said in ("Carol Ruiz", "Authorized in part", "(UTC+0"):
        assert said in good
    bad = client.post("/verify", file=(io.BytesIO(changed(sealed, 5000)), "certificate.pdf"))
    assert bad.heading("The certificate does not hold")
    assert "Carol Ruiz" not in bad
    assert len(list(store().folder.iterdir())) == files


@of_the_paper
def test_without_a_file_or_with_a_huge_one_it_says_so(client, monkeypatch):
    refused = client.post("/verify")
    assert "Choose a file." in refused
    assert "Nothing was checked." in refused
    assert "Not saved" not in refused
    for module in (checking, public):
        monkeypatch.setattr(module, "LARGEST", 1000)
    huge = client.post("/verify", file=(io.BytesIO(b"%PDF" + b"0" * 1001), "certificate.pdf"))
    assert huge.status == 413


@of_the_paper
def test_checking_is_limited_by_address(client):
    answers = [client.post("/verify").status for _ in range(11)]
    assert answers[:10] == [422] * 10
    assert answers[10] == 429


@of_the_paper
def test_who_would_wait_too_long_is_told_at_once(client, sealed):
    for _ in range(4):
        assert sealing._room.acquire(blocking=False)
    try:
        page = client.post("/verify", file=(io.BytesIO(sealed), "certificate.pdf"))
        assert page.status == 503
        assert "Others are checking documents just now." in page
    finally:
        for _ in range(4):
            sealing._room.release()


@of_the_paper
def test_a_bomb_is_let_go_of(world):
    """A stream that would unpack to two gigabytes: the child's memory ends it, and the next one is served."""
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 16_000_000) for _ in range(125)) + packer.flush()
    head = b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length " + str(len(packed)).encode()
    bomb = head + b">>\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    with suppress(sealing.NotCheckable):
        assert not check(bomb).is_good
    assert not check(b"hello").is_good


@of_the_paper
def test_the_exhibit_is_json_anybody_can_read(sealed):
    _told, evidence = sealing.check(sealed)
    assert json.loads(evidence)["record"]["format"] == "ventanilla-evidence/1"
