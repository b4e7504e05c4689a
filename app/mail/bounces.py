"""Delivery reports, standard (RFC 3464) or plain text: which addresses failed, why, and which of our mails it was."""

import re
from dataclasses import dataclass, field

from app.mail import bounce_words as words
from app.mail import charsets, headers, mime
from app.mail.parsed import ParsedMail

FAILED, DELAYED, DELIVERED = "failed", "delayed", "delivered"
READ, COMPLAINT = "read", "complaint"  # of receipts and abuse reports: neither is a bounce
LONGEST_REPORT = 60_000
MOST_VICTIMS = 50


@dataclass(frozen=True, slots=True)
class Victim:
    """One address that a report speaks of: kind is dead, full, blocked or later."""

    address: str
    status: str
    kind: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says; `action` is failed, delayed or delivered."""

    action: str
    recipients: list[Victim] = field(default_factory=list)
    original_message_id: str = ""
    returned_headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_dead(self) -> bool:
        """Whether every address that failed is gone for good."""
        return bool(self.recipients) and all(one.kind == "dead" for one in self.recipients)


def parse(mail: ParsedMail) -> Bounce | None:
    """The report in this mail, None if it is none."""
    if mail.root is None:
        return None
    parts = list(mail.root.walk())
    returned = _returned(parts, mail.text)
    groups = [
        group for part in parts if part.type in _STATUS_TYPES for group in _groups(part.content()[:LONGEST_REPORT])
    ]
    said = _said(mail)
    per_recipient = [
        group for group in groups if _RECIPIENT_FIELDS & group.keys() or "action" in group or "status" in group
    ]
    if per_recipient:
        return _standard(per_recipient, said, returned)
    if _reports(mail, parts, said):
        return _plain(mail, said, returned)
    return None


def notice(mail: ParsedMail, action: str) -> Bounce:
    """What a receipt (RFC 8098) or a complaint (RFC 5965) is about: which of our mails."""
    parts = list(mail.root.walk()) if mail.root else []
    returned = _returned(parts, mail.text)
    told = [
        group["original-message-id"]
        for part in parts
        if part.type in _NOTICE_TYPES
        for group in _groups(part.content()[:LONGEST_REPORT])
        if "original-message-id" in group
    ]
    return Bounce(action, [], headers.message_id(told[0].encode()) if told else _original_id(returned), returned)


_NOTICE_TYPES = {"message/disposition-notification", "message/feedback-report"}
_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RECIPIENT_FIELDS = {"final-recipient", "original-recipient"}


# ------------------------------------------------------------------ RFC 3464


def _groups(content: bytes) -> list[dict[str, str]]:
    """The groups of fields of a delivery-status body; blank lines and repeated fields part them."""
    groups: list[dict[str, str]] = [{}]
    last = ""
    for line in charsets.decode(content).replace("\r\n", "\n").split("\n"):
        found = _FIELD.match(line)
        if not line.strip():
            if groups[-1]:
                groups.append({})
        elif line[0] in " \t" and last:
            groups[-1][last] = (groups[-1].get(last, "") + " " + line.strip())[:4000]
        elif found:
            last = found[1].lower()
            if last in groups[-1] and last in ("final-recipient", "action"):
                groups.append({})
            groups[-1][last] = found[2].strip()
    return [group for group in groups if group]


_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:(.*)$")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")


def _standard(groups: list[dict[str, str]], said: str, returned: list[tuple[str, str]]) -> Bounce:
    victims: dict[str, Victim] = {}
    actions = set()
    for group in groups[:MOST_VICTIMS]:
        action = _ACTION.get(group.get("action", "").lower().split("(")[0].strip(), "")
        actions.add(action)
        if action == DELIVERED:
            continue
        address = _recipient(group)
        victim = _victim(address, group.get("status", ""), group.get("diagnostic-code", ""), said, action)
        victims.setdefault(address.lower(), victim)
    action = FAILED if FAILED in actions or "" in actions else DELAYED if DELAYED in actions else DELIVERED
    if any(one.address for one in victims.values()):
        victims.pop("", None)
    elif victims and action != DELIVERED:
        victims = {
            one.lower(): _victim(one, v.status, v.diagnostic, said, action)
            for v in list(victims.values())[:1]
            for one in _addresses_in(said, returned)
        } or victims
    return Bounce(
        action, [v for v in victims.values() if v.address] or list(victims.values()), _original_id(returned), returned
    )


_ACTION = {
    "failed": FAILED,
    "failure": FAILED,
    "fail": FAILED,
    "expired": FAILED,
    "delayed": DELAYED,
    "delivered": DELIVERED,
    "relayed": DELIVERED,
    "expanded": DELIVERED,
    "deliverable": DELIVERED,
}


def _recipient(group: dict[str, str]) -> str:
    """The address of a group: the one we wrote to, if the report names it."""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = group.get(name, "")
        kind, semicolon, address = value.partition(";")
        address = address if semicolon else kind
        found = _address(address)
        if found:
            return found
    return ""


def _address(value: str) -> str:
    value = value.strip()
    if "=?" in value:
        value = headers.words(value)
    found = _ANY_ADDRESS.search(value)
    return found.group().strip("<>.,;:'\"()[]") if found else ""


_ANY_ADDRESS = re.compile(
    r"""(?:"[^"\s]{1,100}"|[^\s<>@"',;:()\[\]\\]{1,120})@(?:[\w-]+(?:\.[\w-]+)+|\[[\d.]+\]|localhost\b)\.?"""
)


# ------------------------------------------------------------------ plain text


def _said(mail: ParsedMail) -> str:
    """What the reporting server says, without the mail it returns."""
    text = mail.text[:LONGEST_REPORT]
    if mail.root is not None and mail.root.type == "multipart/mixed" and len(text) < 200 and mail.attachments:
        text += "\n" + "\n".join(
            charsets.decode(a.content[:2000]) for a in mail.attachments[:2] if a.content_type == "text/plain"
        )
    found = words.RETURNED.search(text)
    return text[: found.start()] if found else text


def _reports(mail: ParsedMail, parts: list[mime.Entity], said: str) -> bool:
    """Whether a mail without machine-readable part is a delivery report all the same."""
    if mail.header("x-failed-recipients"):
        return True
    kind = mail.root.params.get("report-type", "").lower() if mail.root else ""
    if kind in ("disposition-notification", "feedback-report") or any(p.type in words.OTHER_REPORTS for p in parts):
        return False
    if kind == "delivery-status":
        return True
    if words.AMAZON.search(said):
        return True
    by_machine = (
        mail.return_path == "" or words.SENDER.search(f"{mail.from_address} {mail.from_name}") or not mail.from_address
    )
    if not by_machine and not words.SUBJECT.search(mail.subject):
        return False  # all other signs together would not be enough, and looking for them costs a millisecond
    head = said[:4000]
    if words.NOT_A_BOUNCE.search(mail.subject) and not words.SIGNS.search(head):
        return False
    if (
        mail.auto_submitted == "auto-replied"
        and not words.SENDER.search(mail.from_address + " " + mail.from_name)
        and mail.return_path != ""
    ):
        return False
    weight = 0
    weight += 2 * bool(words.SENDER.search(mail.from_address) or words.SENDER.search(mail.from_name))
    weight += 1 * (mail.return_path == "" or bool(words.SENDER.match(mail.return_path or "")))
    weight += 2 * bool(words.SUBJECT.search(mail.subject))
    weight += 2 * bool(words.SIGNS.search(head))
    weight += 1 * bool(words.REASON.search(head) or _STATUS.search(head))
    weight += 1 * bool(
        words.RETURNED.search(mail.text) or any(p.type in ("message/rfc822", "text/rfc822-headers") for p in parts)
    )
    if not (words.SUBJECT.search(mail.subject) or words.SIGNS.search(head)):
        return False
    if not by_machine:
        return weight >= 6
    if mail.header("list-id") or mail.header("list-unsubscribe"):
        return weight >= 6
    return weight >= 5 or (weight == 4 and mail.return_path == "" and not mail.in_reply_to)


def _plain(mail: ParsedMail, said: str, returned: list[tuple[str, str]]) -> Bounce:
    action = DELAYED if words.DELAYED.search(mail.subject) or words.DELAYED_BODY.search(said[:3000]) else FAILED
    failed = [
        one.address for one in headers.addresses(mail.header("x-failed-recipients").encode()) if "@" in one.address
    ]
    if words.AMAZON.search(mail.text[:LONGEST_REPORT]):
        said = mail.text[:LONGEST_REPORT].replace("\\", "")
        failed = words.AMAZON_VICTIM.findall(said)
    own = {mail.from_address.lower(), *(one.address.lower() for one in mail.recipients)}
    named = _addresses_in(said, returned)
    found = failed or [one for one in named if one.lower() not in own] or _to_of(returned) or named
    status = (_STATUS.search(said) or [""])[0]
    return Bounce(
        action,
        [_victim(one, status, "", said, action) for one in found[:MOST_VICTIMS]],
        _original_id(returned),
        returned,
    )


def _to_of(returned: list[tuple[str, str]]) -> list[str]:
    for name, value in returned:
        if name == "to":
            return [one.address for one in headers.addresses(value.encode()) if "@" in one.address]
    return []


def _addresses_in(said: str, returned: list[tuple[str, str]]) -> list[str]:
    """The addresses that failed, by where they stand: on a line of their own, or behind words that name them."""
    named: list[str] = []
    alone: list[str] = []
    for line in said.split("\n")[:400]:
        if "@" not in line or len(line) > 1000 or words.NOT_VICTIM.search(line):
            continue
        bare = line.strip(" \t>*-•")
        found = [m.group().rstrip(".") for m in _ANY_ADDRESS.finditer(bare)]
        if words.NAMES_VICTIM.search(line):
            named += found[:1]
        elif found and (
            bare.startswith(("<" + found[0], found[0], "To: ", '"' + found[0]))
            or bare.endswith((found[0] + ">", found[0]))
        ):
            alone += found[:1]
    chosen = named or alone
    wrote_to = {one.lower() for one in _to_of(returned)}
    both = [one for one in named + alone if one.lower() in wrote_to]
    return list({one.lower(): one for one in (both or chosen)}.values())


# ------------------------------------------------------------------ the returned mail


def _returned(parts: list[mime.Entity], text: str) -> list[tuple[str, str]]:
    """The headers of our mail that the report brings back."""
    for part in parts:
        if part.type in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
            "message/rfc822-headers",
        ):
            found = mime.Splitter(part.content()[: mime.LONGEST_HEADERS].lstrip()).headers_only().headers
            if found:
                return [(name, headers.text(value)) for name, value in found[:200]]
    found_at = words.RETURNED.search(text[:LONGEST_REPORT])
    if found_at:
        block = text[found_at.end() - len(found_at["first"] or "") : found_at.end() + 20_000].lstrip("\n -\t")
        fields = mime.Splitter(block.encode()).headers_only().headers
        return [(name, headers.text(value)) for name, value in fields[:200]]
    return []


def _original_id(returned: list[tuple[str, str]]) -> str:
    return next((headers.message_id(value.encode()) for name, value in returned if name == "message-id"), "")


# ------------------------------------------------------------------ dead, full, blocked or later


def _victim(address: str, status: str, diagnostic: str, said: str, action: str) -> Victim:
    code = (_STATUS.search(status) or [""])[0]
    line = _about(address, said)
    return Victim(
        address,
        code or (_STATUS.search(diagnostic) or [""])[0],
        kind(code, diagnostic, line or said, action, said),
        (diagnostic or line)[:1000],
    )


def _about(address: str, said: str) -> str:
    """The stretch of the text that speaks of this address."""
    at = said.lower().rfind(address.lower()) if address else -1
    if at < 0:
        return ""
    begin = said.rfind("\n", 0, max(0, said.rfind("\n", 0, at)))
    return said[max(0, begin) : at + 1500]


def kind(status: str, diagnostic: str, line: str, action: str = FAILED, whole: str = "") -> str:
    """dead, full, blocked or later: by what the server said, then by the enhanced status code (RFC 3463).

    `line` is what is said of this address, `whole` all that the report says.
    """
    if action == DELAYED:
        return "later"
    inner = (_STATUS.findall(diagnostic) or [""])[-1]
    texts = (
        [diagnostic] if diagnostic.strip() and not re.fullmatch(r"[\w-]*; ?[\d .-]*", diagnostic.strip()) else [line]
    )
    for text in texts:
        found = _kind_by_words(text, inner or status)
        if found:
            return found
    for code in (inner, status):
        found = _kind_by_code(code)
        if found:
            return found
    found = _kind_by_words(line, status) if texts != [line] else ""
    found = found or _kind_by_words(whole, status)
    return found or ("later" if status.startswith("4") else "blocked")


def _kind_by_words(text: str, code: str) -> str:
    text = " ".join(text[:3000].split())
    if words.FULL.search(text):
        return "full"
    if words.PIPE.search(text):
        return "blocked"
    if words.BLOCKED_FIRST.search(text):
        return "blocked"
    if words.DEAD.search(text):
        filtered = code.startswith("5.2.") or words.AFTER_DATA.search(text)  # refused with the text in hand: a filter
        return "blocked" if filtered else "dead"
    if words.LATER.search(text):
        return "later"
    if words.BLOCKED.search(text):
        return "blocked"
    return ""


def _kind_by_code(code: str) -> str:
    if not code:
        return ""
    if code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4", "5.4.310", "5.1.351"):
        return "dead"
    if code in ("5.2.2", "4.2.2"):
        return "full"
    if code.startswith("4.") and code not in ("4.0.0",):
        return "later"
    if code.startswith(("5.7.", "5.6.", "5.3.", "5.5.")) or code in (
        "5.1.8",
        "5.2.1",
        "5.1.7",
        "5.2.0",
        "5.2.3",
        "5.4.1",
        "5.4.6",
        "5.4.7",
        "5.4.14",
    ):
        return "blocked"
    return ""
