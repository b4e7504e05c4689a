"""Our link tokens in quoted history: masked before a mail's text is kept, else an agent could act as the customer."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from app.lib import links

KINDS = "t|s|sign-in/link|sign-in|invitations|set-up|accounts".replace("/", "(?:/|%2f|%252f|_)")
SLASH = "(?:/|%2f|%252f)"  # as it stands, or inside the address of a filter that follows links first
BREAK = r"[ \t]{0,8}\r?\n[ \t>|]{0,20}"  # where a mail program broke the line, and began the next one as a quote
# Anywhere: a token is 43 characters. After our own address also a piece of one, as when a line was broken inside it.
ANYWHERE = re.compile(rf"(?i)({SLASH}(?:{KINDS}){SLASH})[A-Za-z0-9_-]{{43}}(?![A-Za-z0-9_-])")
PIECES = rf"(?:{BREAK})?(?:[A-Za-z0-9_-]{{43,}}|[A-Za-z0-9_-](?:(?:{BREAK})?[A-Za-z0-9_-]){{0,42}})"


def masked(text: str) -> str:
    """The text without any token of ours."""
    if "/" not in text and "%2" not in text and "_" not in text:
        return text
    return ANYWHERE.sub(r"\1…", _ours(links.absolute("")).sub(r"\1…", text))


@lru_cache(maxsize=4)
def _ours(base: str) -> re.Pattern[str]:
    host = re.escape(urlsplit(base).hostname or "localhost")
    slash = "(?:/|%2f|%252f|_)"  # some filters write a slash as a low line
    return re.compile(rf"(?i)({host}(?:(?::|%3a|%253a|-3a)\d+)?{slash}(?:{KINDS}){slash}){PIECES}")
