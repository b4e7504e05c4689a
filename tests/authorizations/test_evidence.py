"""The chain of evidence: a changed row, a record taken away or written by somebody else is found and named (W6)."""

import io
import json
import threading

import pytest
from werkzeug.datastructures import FileStorage

from app.accounts.robot import Robot
from app.attachments.attachment import Attachment
from app.authorizations import exhibit, verification
from app.authorizations.authorization import Authorization
from app.authorizations.certificate import Certificate
from app.authorizations.decision import Decision, NotAsAsked
from app.authorizations.evidence import START, EvidenceHead, EvidenceRecord
from app.authorizations.item import Choice
from app.authorizations.keyed import mac
from app.branding.company import Company
from app.lib import canonical, db
from app.lib.files import store
from app.tickets.ticket import Ticket
from tests.authorizations.deciding import TEXT, ask, decide


@pytest.fixture
def chain(world):
    """Three decisions, one of them of a part."""
    for choice in (Choice(), Choice({2: "Not now"}), Choice()):
        decide(ask(world), world.carol, choice)
    return list(EvidenceRecord.select().order_by(EvidenceRecord.number))


def broken():
    return verification.verify().broken


def execute(statement, *values):
    """As somebody with the database's own password would."""
    sign = "?" if db.is_sqlite() else "%s"
    db.database.execute_sql(statement.replace("?", sign), values)


def test_each_record_holds_the_one_before(chain):
    said = [json.loads(record.payload) for record in chain]
    assert [each["previous"] for each in said] == [START, chain[0].sha256, chain[1].sha256]
    assert [each["number"] for each in said] == [1, 2, 3]
    assert verification.verify()[::2] == (3, None)


def test_a_record_is_canonical_and_names_nobody(chain):
    record = chain[0]
    assert canonical.encode(json.loads(record.payload)).decode() == record.payload
    for personal in ("Carol", "carol@marlow.example", "192.0.2.7", TEXT):
        assert personal not in record.payload


def test_an_empty_chain_holds(world):
    assert verification.verify()[::2] == (0, None)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE decision SET name = 'Eve' WHERE id = ?", "a personal field has been changed"),
        ("UPDATE decision SET ip = '198.51.100.1' WHERE id = ?", "a personal field has been changed"),
        ('UPDATE decision SET signature = \'{"name":"Eve"}\' WHERE id = ?', "a personal field has been changed"),
        ("UPDATE decision SET outcome = 'denied' WHERE id = ?", "the decision has been changed"),
        ("UPDATE decision SET text = 'Anything' WHERE id = ?", "the text has been changed"),
        ("UPDATE decision SET agreement = replace(agreement, '962.00', '62.00') WHERE id = ?", "what was agreed has"),
        ("UPDATE decision SET mail_id = '<x@y>' WHERE id = ?", "the decision has been changed"),
        ("UPDATE decision SET person_id = 1 WHERE id = ?", "a personal field has been changed"),
        ("UPDATE decision SET signature_sha256 = '' WHERE id = ?", "the signature has been changed"),
        ("UPDATE decision SET local_time = '2020-01-01T00:00:00+01:00' WHERE id = ?", "the decision has been changed"),
        ("UPDATE authorization SET text = 'Anything' WHERE number = ?", "the request has been changed"),
        ("UPDATE authorization SET currency = 'USD' WHERE number = ?", "the request has been changed"),
        ("UPDATE authorization SET company_name = 'Evil' WHERE number = ?", "the request has been changed"),
        (
            "UPDATE authorization SET created_at = '2020-01-01 00:00:00' WHERE number = ?",
            "the request has been changed",
        ),
        ("UPDATE authorization SET text_sha256 = 'x' WHERE number = ?", "the request has been changed"),
        ("UPDATE authorization SET asked_of_id = 1 WHERE number = ?", "who was asked has been changed"),
        ("UPDATE authorization SET state = 'denied' WHERE number = ?", "the outcome has been changed"),
        ("UPDATE evidence_record SET payload = replace(payload, 'none', 'nine') || ' ' WHERE number = ?", "its bytes"),
        ("DELETE FROM evidence_record WHERE number = ?", "the record is missing"),
    ],
)
def test_one_edited_row_is_found_and_named(chain, statement, why):
    statement = statement.replace("authorization SET", '"authorization" SET')  # a word of PostgreSQL's own
    execute(statement, 2)
    found = broken()
    assert found.number == 2
    assert why in found.why


def test_what_was_shown_is_read_again(world):
    """The bytes of a file, its row, and whether it is still the request's."""
    upload = FileStorage(io.BytesIO(b"the quote"), filename="quote.txt")
    shown = Attachment.keep(upload, by=world.ben)
    decide(ask(world, files=[shown]), world.carol)
    path = store().path(shown.sha256)
    path.chmod(0o600)
    path.write_bytes(b"another quote")
    assert broken() == (1, "the file quote.txt has been changed, or is missing")
    path.write_bytes(b"the quote")
    assert broken() is None
    for change in ({"name": "x.txt"}, {"sha256": "0" * 64}, {"authorization": None}):
        with db.database.atomic() as attempt:
            shown.change(**change)
            assert broken() == (1, "the request has been changed")
            attempt.rollback()
        shown = Attachment.get_by_id(shown.id)


@pytest.mark.sealed
def test_a_certificate_is_the_one_that_was_made_for_it(chain):
    first, second = Certificate.get(decision=1), Certificate.get(decision=2)
    second.change(sha256=first.sha256)
    assert broken() == (2, "its certificate has been changed")


def test_an_answer_that_nobody_gave_is_found(world, chain):
    ask(world).change(state="authorized")
    assert broken() == (0, "a request was answered, and its decision is missing")
    EvidenceRecord.delete().execute()
    EvidenceHead.delete().execute()
    Certificate.delete().execute()
    Decision.delete().execute()
    assert broken() == (0, "a request was answered, and its decision is missing")


def test_a_decision_given_during_the_walk_is_no_alarm(world, chain, monkeypatch):
    walk, asked = verification._wrong, ask(world)

    def slowly(*of, **more):
        if Authorization.get_by_id(asked.id).is_pending:
            decide(asked, world.carol)
        return walk(*of, **more)

    monkeypatch.setattr(verification, "_wrong", slowly)
    assert verification.verify()[::2] == (3, None)
    assert verification.verify()[::2] == (4, None)


@pytest.mark.parametrize("payload", ["x", "[]", "{}", "null"])
def test_a_record_that_cannot_be_read_does_not_hold(chain, payload):
    record = chain[1]
    record.change(payload=payload, sha256=canonical.digest(payload), mac=mac(canonical.digest(payload)))
    assert not verification.holds(record)
    assert broken() == (2, "it cannot be read")


def test_a_request_that_was_changed_behind_our_back_is_not_signed(world, chain):
    asked = ask(world)
    execute("UPDATE \"authorization\" SET text = 'Anything' WHERE id = ?", asked.id)
    with pytest.raises(NotAsAsked):
        decide(Authorization.get_by_id(asked.id), world.carol)
    assert broken() is None


def test_a_company_with_another_name_still_asks_as_it_was_called(world, chain):
    asked = ask(world)
    Company.ours().change(name="Acme & Daughters")
    decision = decide(Authorization.get_by_id(asked.id), world.carol)
    assert decision.agreed["company"] == "Acme Service"
    assert "Acme Service" in decision.sentence
    assert broken() is None


def test_a_chain_written_anew_by_somebody_without_the_key_is_found(chain):
    """Whoever edits a decision and makes every hash after it again still has no key for them."""
    record = chain[1]
    said = json.loads(record.payload) | {"outcome": "denied"}
    payload = canonical.encode(said).decode()
    record.change(payload=payload, sha256=canonical.digest(payload))
    assert broken() == (2, "it was not written by this installation")


def test_the_last_record_cannot_be_taken_away(chain):
    execute("DELETE FROM evidence_record WHERE number = ?", 3)
    assert broken() == (3, "the record is missing")
    EvidenceHead.update(number=2, sha256=chain[1].sha256).execute()
    assert broken() == (0, "the head was not written by this installation")
    EvidenceHead.update(mac=mac(f"2:{chain[1].sha256}")).execute()
    assert broken() == (0, "a decision has no record")


def test_an_erased_person_still_verifies(world, chain):
    Decision.get_by_id(2).erase(by=Robot.system())
    assert verification.verify()[::2] == (3, None)
    erased = Decision.get_by_id(2)
    assert not any([erased.name, erased.ip, erased.signature, erased.salt, erased.item_reasons])
    Decision.update(name="Somebody").where(Decision.id == 2).execute()
    assert broken() == (2, "personal data stands where it had been erased")
    Decision.update(name="", erased_mac="").where(Decision.id == 2).execute()
    assert broken() == (2, "its person was not erased by this installation")


def test_the_exhibit_makes_its_own_hashes(chain):
    found = exhibit.read(exhibit.exhibit(Decision.get_by_id(2)))
    assert exhibit.is_consistent(found)
    assert found["personal"]["name"] == "Carol Ruiz"
    for part, change in (
        ("personal", {"name": "Eve"}), ("agreement", {"text": "x"}), ("record", {"outcome": "denied"}),
    ):  # fmt: skip
        assert not exhibit.is_consistent(found | {part: found[part] | change})


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b'{"format":"ventanilla-exhibit/1"}', b"[" * 20_000])
def test_what_is_no_exhibit_is_none(data):
    assert exhibit.read(data) is None


def test_no_float_is_ever_hashed():
    with pytest.raises(TypeError):
        canonical.encode({"amounts": [{"amount": 0.1}]})


def test_decisions_at_the_same_moment_follow_each_other(app, world):
    """Eight tickets are decided at once, each by a connection of its own: one chain, without a gap or a fork."""
    asked = [ask(world)]
    for number in range(7):
        ticket = Ticket.open(
            by=world.carol, requester=world.carol, subject=f"Press {number}", text="Oil.", channel="form"
        )
        asked.append(ticket.request_authorization(TEXT, by=world.ben))
    start, problems = threading.Barrier(len(asked)), []

    def run(request):
        with app.app_context(), db.connection():
            start.wait()
            try:
                decide(request, world.carol)
            except Exception as problem:
                problems.append(problem)

    threads = [threading.Thread(target=run, args=(each,)) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert verification.verify()[::2] == (8, None)
    assert EvidenceHead.get().number == 8


def test_the_command_names_the_first_broken_record(app, chain):
    run = app.test_cli_runner()
    held = run.invoke(args=["evidence", "verify"])
    end = f"3:{chain[2].sha256}"
    assert (held.exit_code, held.output) == (0, f"All 3 records of the chain hold. It ends at {end}\n")
    assert run.invoke(args=["evidence", "verify", "--noted", end]).exit_code == 0
    lost = run.invoke(args=["evidence", "verify", "--noted", f"4:{chain[2].sha256}"])
    assert (lost.exit_code, lost.output) == (1, "Record 4: it is not the one that was noted. 3 records hold.\n")
    assert run.invoke(args=["evidence", "verify", "--noted", "4"]).exit_code == 2
    execute("UPDATE decision SET name = 'Eve' WHERE id = ?", 2)
    found = run.invoke(args=["evidence", "verify"])
    assert found.exit_code == 1
    assert "Record 2: a personal field has been changed. 1 records before it hold." in found.output


def test_the_command_erases_the_person_of_one_record(app, desk, world, chain):
    run = app.test_cli_runner()
    assert run.invoke(args=["evidence", "erase", "2"], input="n\n").exit_code == 1
    assert Decision.get_by_id(2).name
    erased = run.invoke(args=["evidence", "erase", "2", "--yes"])
    assert (erased.exit_code, erased.output) == (0, "Record 2 names nobody any more.\n")
    assert not Decision.get_by_id(2).name
    assert verification.verify()[::2] == (3, None)
    assert run.invoke(args=["evidence", "erase", "4", "--yes"]).exit_code == 1
    told = desk(world.ben).get(f"/desk/tickets/{Decision.get_by_id(2).authorization.ticket.number}")
    assert "erased the personal data of the decision" in told


def test_a_decision_and_its_record_come_together_or_not_at_all(world, monkeypatch):
    asked = ask(world)

    def fail(_decision):
        raise OSError("the disk is full")

    monkeypatch.setattr(Certificate, "due", fail)
    with pytest.raises(OSError, match="disk"):
        decide(asked, world.carol)
    assert Authorization.get_by_id(asked.id).is_pending
    assert not EvidenceRecord.select().exists()
    monkeypatch.undo()
    decide(asked, world.carol)
    assert verification.verify()[::2] == (1, None)
