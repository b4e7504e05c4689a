"""Tells what kind of mail this is: a person's, a machine's, a report, a receipt, a complaint, our own come back."""

from dataclasses import dataclass

from app.mail import auto_reply_words as words
from app.mail import bounces, loop
from app.mail.bounces import Bounce
from app.mail.parsed import ParsedMail

PERSON, AUTO_REPLY, BOUNCE, DELAYED = "person", "auto_reply", "bounce", "delayed"
RECEIPT, ABUSE_REPORT, LIST, LOOP = "receipt", "abuse_report", "list", "loop"
MOST_HOPS = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is, why we think so, and whether an acknowledgement may go out."""

    kind: str
    cause: str
    may_acknowledge: bool = False
    bounce: Bounce | None = None


def classify(mail: ParsedMail, *, own_addresses: set[str], loop_token: str | None = None) -> Verdict:
    """The rules of received mail in their order: loops, reports, automatic answers, lists, people."""
    return came_back(mail, own_addresses, loop_token) or kind_of(mail)


def kind_of(mail: ParsedMail) -> Verdict:
    """What it is by itself, whoever we are."""
    report = _report(mail)
    if report:
        return report
    automatic = _automatic(mail)
    if automatic:
        return Verdict(AUTO_REPLY, automatic)
    silent = _stays_silent(mail)
    if silent in ("list-id", "list-unsubscribe", "precedence"):
        return Verdict(LIST, silent)
    return Verdict(PERSON, silent, may_acknowledge=not silent)


def came_back(mail: ParsedMail, own: set[str], token: str | None) -> Verdict | None:
    """Rule 14: our own mail come back, or one that has gone round too often (RFC 5321, section 6.3)."""
    cause = _loop(mail, own, token)
    return Verdict(LOOP, cause) if cause else None


def _loop(mail: ParsedMail, own: set[str], token: str | None) -> str:
    if token and token in mail.header_all(loop.HEADER):
        return "loop-token"
    ours = {address.lower() for address in own}
    writers = [mail.from_address, mail.sender.address if mail.sender else "", mail.return_path or ""]
    if any(address and address.lower() in ours for address in writers):
        return "own-address"
    if sum(1 for name, _ in mail.headers if name == "received") > MOST_HOPS:
        return "too-many-hops"
    return ""


def _report(mail: ParsedMail) -> Verdict | None:
    """Rules 9, 10 and 13."""
    types = {part.type for part in mail.root.walk()} if mail.root else set()
    kind = mail.root.params.get("report-type", "").lower() if mail.root else ""
    if "message/feedback-report" in types or kind == "feedback-report" or _is_complaint(mail):
        return Verdict(ABUSE_REPORT, "feedback-report", bounce=bounces.notice(mail, bounces.COMPLAINT))
    if "message/disposition-notification" in types or kind == "disposition-notification":
        return Verdict(RECEIPT, "disposition-notification", bounce=bounces.notice(mail, bounces.READ))
    found = bounces.parse(mail)
    if found is None:
        return None
    if found.action == bounces.DELIVERED:
        return Verdict(RECEIPT, "delivered", bounce=found)
    return Verdict(DELAYED if found.action == bounces.DELAYED else BOUNCE, found.action, bounce=found)


def _is_complaint(mail: ParsedMail) -> bool:
    """Hotmail's complaints name no report type: a mail that is nothing but the one complained of, from their robot."""
    return bool(words.COMPLAINT.search(mail.subject)) and "message/rfc822" in {a.content_type for a in mail.attachments}


def _automatic(mail: ParsedMail) -> str:
    """Rules 1, 6 and 7: says itself that no person wrote it, or its subject says so and something else agrees."""
    submitted = mail.auto_submitted
    if submitted and submitted != "no":
        return "auto-submitted"
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-autoreply-from",
        "x-mail-autoreply",
        "x-vacation",
    ):
        value = mail.header(name).strip().lower()
        if value and value not in ("no", "false", "0"):
            return name
    if "autoresponder" in mail.header("x-post-messageclass").lower() or mail.header("precedence").strip().lower() in (
        "auto_reply",
        "auto-reply",
        "autoreply",
    ):
        return "precedence"
    if mail.header("x-ms-exchange-generated-message-source").lower().startswith("mailbox rules agent") or mail.header(
        "x-ms-exchange-inbox-rules-loop"
    ):
        return "inbox-rules"
    if "vacation" in mail.header("delivered-to").lower() or mail.header("x-mailer").lower().startswith(words.MAILERS):
        return "x-mailer"
    return _by_subject(mail)


def _by_subject(mail: ParsedMail) -> str:
    subject = mail.subject.strip()
    if words.SUBJECT_START.match(subject):
        return "subject"
    if not words.SUBJECT.search(subject):
        return "null-sender" if mail.return_path == "" and not _from_system(mail) and not mail.header("list-id") else ""
    return "subject" if _agrees(mail) else ""


def _agrees(mail: ParsedMail) -> bool:
    """One more sign beside the subject."""
    return (
        mail.return_path == ""
        or bool(mail.header("x-auto-response-suppress"))
        or mail.header("precedence").strip().lower() in ("bulk", "junk")
        or bool(words.BODY.search(mail.visible[:1500]))
    )


def _from_system(mail: ParsedMail) -> bool:
    return bool(words.SYSTEM.match(mail.from_address))


def _stays_silent(mail: ParsedMail) -> str:
    """Why a ticket is made but not acknowledged (rules 3, 4, 5 and 15); "" if an acknowledgement may go out."""
    if mail.return_path == "":
        return "null-sender"
    for name in ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list", "x-mailing-list"):
        if mail.header(name):
            return "list-id" if name != "list-unsubscribe" else name
    if mail.header("precedence").strip().lower() in ("bulk", "list", "junk"):
        return "precedence"
    suppressed = {word.strip().lower() for word in mail.header("x-auto-response-suppress").split(",")}
    if suppressed & {"all", "oof", "autoreply"}:
        return "suppressed"
    for address in (mail.from_address, mail.return_path or ""):
        if address and words.NEVER.match(address):
            return "robot-address"
    if not mail.from_address or "@" not in mail.from_address:
        return "no-address"
    return ""
