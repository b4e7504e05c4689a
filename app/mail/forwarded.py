"""A mail that somebody forwards: who wrote it, what it was about, and what they said (MAIL.md, threading rule 10)."""

import re
from dataclasses import dataclass

from app.mail import quote_words as words
from app.mail.parsed import ParsedMail

PREFIX = re.compile(r"\s*(?:fwd?|rv|reenv|tr|wg|enc|i|fw|vs|doorst)\s*[:：]\s*", re.IGNORECASE)
ADDRESS = re.compile(r"([^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,190}\.[^\s<>()\[\]\"',;:.]{2,})")
MOST_LINES, MOST_LABELS, LONGEST_LINE = 400, 14, 400


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside, and what was written above it."""

    name: str
    address: str
    subject: str
    text: str
    comment: str


def is_passed_on(subject: str, inner: str) -> bool:
    """Whether a mail with this subject was sent for the sake of one with that: it says so, or is called the same."""
    return bool(PREFIX.match(subject)) or subject.strip().lower() == inner.strip().lower()


def forwarded(mail: ParsedMail) -> Forwarded | None:
    """The mail that this one forwards, as a file or in its text; None unless it shows whose it was."""
    if carried := mail.carried:
        return Forwarded(**carried, comment=mail.visible.strip())
    prefix = PREFIX.match(mail.subject)
    if not prefix:
        return None
    lines = mail.text.split("\n")
    for at in range(min(len(lines), MOST_LINES)):
        found = _heading(lines, at)
        if found:
            said, end = found
            comment = "\n".join(lines[: _above(lines, at)]).strip()
            subject = said["subject"] or mail.subject[prefix.end() :].strip()
            return Forwarded(said["name"], said["address"], subject, "\n".join(lines[end:]).strip(), comment)
    return None


def _heading(lines: list[str], at: int) -> tuple[dict[str, str], int] | None:
    """What the heading that begins here says, and the line behind it."""
    first = words.LABEL.match(lines[at][:LONGEST_LINE])
    if not (first and first["from"]):
        return None
    author = ADDRESS.search(first["value"])
    if not author:
        return None
    said = {"name": _name(first["value"], author.start()), "address": author[1], "subject": ""}
    end, labels = at + 1, 1
    while end < len(lines) and end - at < MOST_LABELS:
        label = words.LABEL.match(lines[end][:LONGEST_LINE])
        if label and label["subject"]:
            said["subject"] = label["value"].strip(" \t*_")[:300]
        elif not label and not lines[end].strip():
            break
        labels += bool(label)
        end += 1
    return (said, end) if labels > 1 else None


def _name(value: str, end: int) -> str:
    return " ".join(value[:end].replace("mailto:", "").strip(" \t<>[](\"'*_").split())[:200]


def _above(lines: list[str], at: int) -> int:
    """Where the comment ends: before the line that announces the forwarded mail."""
    for above in range(at - 1, max(-1, at - 4), -1):
        if words.RULE_PHRASE.match(lines[above][:LONGEST_LINE]):
            return above
    return at
