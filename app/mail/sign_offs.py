"""What was folded below the words: a short sign-off is shown again, and the rest is called what it is."""

import re

from app.mail import quote_words as words
from app.mail.quotes import LONGEST_LINE

SIGNATURE, HISTORY, BOTH = "signature", "history", "both"
MOST_NAMES = 3  # lines below the closing
QUOTED = re.compile(r"[ \t\xa0]{0,3}(?:>|&gt;)")
NAME = re.compile(r"[^\W\d_][^\d@:/<>|=\[\]]{0,38}$")
LOOKED_AT = 400  # lines


def sign_off(folded: str) -> tuple[str, str]:
    """ "Un saludo,\\nNuria" at the beginning of what was folded, and the rest of it; empty where there is none.

    A signature with its addresses stays folded; above it the name is shown, as in a letter.
    """
    lines = folded.split("\n")
    start = next((n for n, line in enumerate(lines[:LOOKED_AT]) if line.strip()), len(lines))
    if start == len(lines) or not words.CLOSING.match(lines[start][:LONGEST_LINE]):
        return "", folded
    end, names = start + 1, 0
    while end < len(lines) and names < MOST_NAMES:
        line = lines[end].strip()
        if line and not _is_name(line):
            break
        if not line and names:
            break
        names += bool(line)
        end += 1
    shown = "\n".join(lines[start:end]).strip("\n")
    return shown, "\n".join(lines[end:]).strip("\n")


def _is_name(line: str) -> bool:
    return bool(NAME.match(line)) and len(line.split()) <= 5


def kind(folded: str) -> str:
    """What a fold holds: a signature, history, or both; empty for nothing."""
    lines = [line for line in folded.split("\n")[:LOOKED_AT] if line.strip()]
    if not lines:
        return ""
    first = next((n for n, line in enumerate(lines) if _begins_history(line[:LONGEST_LINE])), None)
    if first is None:
        return SIGNATURE if _is_signature(lines) else HISTORY
    return BOTH if first and _is_signature(lines[:first]) else HISTORY


def _begins_history(line: str) -> bool:
    found = words.LABEL.match(line) if ":" in line[:60] or "：" in line[:60] else None
    return bool(
        QUOTED.match(line)
        or words.RULE_PHRASE.match(line)
        or (found and (found["from"] or found["sent"]))
        or (words.VERB.search(line) and (words.DATE.search(line) or words.ADDRESS.search(line)))
    )


def _is_signature(lines: list[str]) -> bool:
    """Whether it begins as signatures do, or is as short as one."""
    head = lines[0][:LONGEST_LINE]
    begins = words.DEVICE.match(head) or words.CLOSING.match(head) or head.strip() in ("--", "—", "–", "__")
    return bool(begins) or len(lines) <= 8
