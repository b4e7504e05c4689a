"""Whose mail this is, and whether an acknowledgement may go out."""

# ruff: noqa: E501 (cases that read better on one line)

from pathlib import Path

import pytest

from app.mail.classifying import classify
from app.mail.reading import read

LETTERS = Path(__file__).resolve().parents[1] / "letters"
OWN = {"help@marlow.example", "Sales@marlow.example"}


def mail(body: str = "Hello, the press leaks.", **headers: str):
    fields = {
        "From": "Carol <carol@client.example>",
        "Subject": "The press leaks",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return read(("".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n" + body).encode())


def verdict(body: str = "Hello, the press leaks.", **headers: str):
    return classify(mail(body, **headers), own_addresses=OWN, loop_token="our-token")


def test_a_person_is_acknowledged():
    found = verdict(Auto_Submitted="no", Return_Path="<carol@client.example>")
    assert (found.kind, found.may_acknowledge) == ("person", True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Auto_Submitted": "Auto-Notified; owner-email=x"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Away"},
        {"X_POST_MessageClass": "9; Autoresponder"},
        {"Precedence": "auto_reply"},
        {"Subject": "Automatic reply: The press leaks"},
        {"Subject": "Respuesta automática: Presupuesto"},
        {"Subject": "Resposta automática: Orçamento"},
        {"Subject": "Automatische Antwort: Anfrage"},
        {"Subject": "Réponse automatique : Devis"},
        {"Subject": "Out of Office Re: The press leaks"},
        {"Subject": "Fuera de la oficina: Presupuesto"},
        {"Subject": "[Client] Automatic reply: Seal"},
        {"Subject": "Re: The press leaks (out of office)", "X_Auto_Response_Suppress": "All"},
        {"Subject": "Abwesenheitsnotiz"},
        {"Subject": "自动回复: Seal"},
    ],
)
def test_machines_answer(headers):
    found = verdict(**headers)
    assert (found.kind, found.may_acknowledge) == ("auto_reply", False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "The printer at the out of office location leaks"},
        {"Subject": "Question about your automatic reply"},
        {"Subject": "I will be on vacation, please come before"},
        {"Subject": "Mi ausencia del lunes"},
        {"Subject": "Bounce rate of our campaign", "From": "Ann <ann@client.example>"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"Subject": "Automatic reply does not work in the portal"},
        {"Subject": "Ausencia de tinta"},
        {"Subject": "On vacation next week", "body": "I will be on vacation next week, please come before."},
    ],
)
def test_people_may_use_the_same_words(headers):
    assert verdict(**headers).kind == "person"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"List_Id": "<users.lists.example>"}, "list"),
        ({"List_Unsubscribe": "<mailto:u@lists.example>"}, "list"),
        ({"Precedence": "bulk"}, "list"),
        ({"X_Auto_Response_Suppress": "OOF"}, "person"),
        ({"X_Auto_Response_Suppress": "All"}, "person"),
        ({"From": "noreply@shop.example"}, "person"),
        ({"From": "owner-users@lists.example"}, "person"),
        ({"From": "users-request@lists.example"}, "person"),
        ({"From": "abuse@isp.example"}, "person"),
        ({"From": "Carol"}, "person"),
    ],
)
def test_a_ticket_without_acknowledgement(headers, kind):
    found = verdict(**headers)
    assert (found.kind, found.may_acknowledge) == (kind, False)
    assert found.cause


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ({"From": "help@marlow.example"}, "own-address"),
        ({"From": "x@y.example", "Sender": "sales@MARLOW.example"}, "own-address"),
        ({"Return_Path": "<help@marlow.example>"}, "own-address"),
        ({"X_Ventanilla_Loop": "our-token"}, "loop-token"),
    ],
)
def test_our_own_mail_come_back(headers, cause):
    found = verdict(**headers)
    assert (found.kind, found.cause, found.may_acknowledge) == ("loop", cause, False)


def test_a_foreign_token_is_no_loop():
    assert verdict(X_Ventanilla_Loop="theirs").kind == "person"


def test_a_mail_that_went_round_a_hundred_times():
    raw = b"Received: from a by b\r\n" * 101 + b"From: carol@client.example\r\nSubject: x\r\n\r\nhello"
    assert classify(read(raw), own_addresses=OWN).cause == "too-many-hops"


REPORT = "--b\r\nContent-Type: text/plain\r\n\r\nYour mail was seen.\r\n--b\r\nContent-Type: {}\r\n\r\n{}\r\n--b--\r\n"


def test_receipts_and_complaints_are_neither_bounce_nor_reply():
    seen = verdict(
        REPORT.format(
            "message/disposition-notification",
            "Final-Recipient: rfc822;a@b.example\r\nDisposition: manual-action; displayed",
        ),
        Content_Type="multipart/report; report-type=disposition-notification; boundary=b",
    )
    angry = verdict(
        REPORT.format("message/feedback-report", "Feedback-Type: abuse\r\nVersion: 1"),
        Content_Type="multipart/report; report-type=feedback-report; boundary=b",
    )
    assert (seen.kind, angry.kind) == ("receipt", "abuse_report")
    assert not seen.may_acknowledge
    assert not angry.may_acknowledge


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("failed", "bounce"),
        ("delayed", "delayed"),
        ("relayed", "receipt"),
        ("delivered", "receipt"),
        ("expanded", "receipt"),
    ],
)
def test_reports_of_delivery(action, kind):
    fields = f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: {action}\r\nStatus: 5.1.1"
    found = verdict(
        REPORT.format("message/delivery-status", fields),
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )
    assert (found.kind, found.may_acknowledge) == (kind, False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("auto_reply_es.eml", "auto_reply"),
        ("bounce_postfix.eml", "bounce"),
        ("bounce_exim_full.eml", "bounce"),
        ("gmail_es.eml", "person"),
        ("forward_pt.eml", "person"),
        ("invitation.eml", "person"),
    ],
)
def test_our_letters(name, kind):
    assert classify(read((LETTERS / name).read_bytes()), own_addresses=OWN).kind == kind
