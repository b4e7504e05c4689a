"""Finds in clean HTML what the mail program says is a quote or a signature, and leaves the rest to the lines."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from app.lib import richtext
from app.mail import quotes

_WHOLE = re.compile(
    r'class="[^"]*\b(?:x_|ecx|ydp\w{1,40}?)?(?:yahoo_quoted|yahoo-quoted|protonmail_quote|tutanota_quote|gmail_attr|moz-cite-prefix|moz-email-headers-table'
    r"|zmail_extra|front-blockquote|iosymail|iosMailQuote|quoted-content|mail-quote|mail_quote|email-quoted|hey_quote|bloop_original_html|airmail_ext_on"
    r"|gmail_signature|moz-signature|moz-txt-sig|protonmail_signature_block|ms-outlook-mobile-signature|yahoo_signature|zmail_signature|OutlookMessageHeader-quoted"
    r'|cafe24_signature|aolmail_replaced_quote)\b'
    r'|id="(?:x_)?(?:yahoo_quoted\w*|Zm-_Id_-Sgn\w*|Signature|signature|x_Signature|AppleMailSignature|ms-outlook-mobile-signature|mail-app-auto-default-signature'
    r'|protonmail_mobile_signature_block|AOLMsgPart_\w+|isReplyContent|oriMsgHtmlSeperator\w*|reply-intro)"'
    r'|name="(?:x_)?quote"|data-marker="__(?:QUOTED_TEXT|HEADERS|SIG_POST|SIG_PRE)__"|data-signatureblock="true"'
)  # fmt: skip
_QUOTE = re.compile(
    r'<blockquote\b[^>]*(?:type="cite"|class="[^"]*\b(?:gmail_quote|quote|mori|cite|replyQuote)\b|style="[^"]*border-left|id="(?:replyBlockquote|isReplyContent)|cite=)'
)
_GMAIL = re.compile(r'<div\b[^>]*class="[^"]*\b(?:x_|ecx)?(?:gmail_quote|gmail_quote_container|gmail_extra)\b')
_REST = re.compile(
    r'id="(?:x_)?(?:divRplyFwdMsg|stopSpelling|EC_stopSpelling|appendonsend|zwchr|replySplit|ms-outlook-mobile-body-separator-line|mail-editor-reference-message-container'
    r'|divtagdefaultwrapper-quoted|LPlnkQuoted|spark-reply|reply_line)"|class="[^"]*\b(?:OutlookMessageHeader|ms-outlook-mobile-reference-message|mail-editor-reference-message-container|moz-forward-container)\b'
    r'|data-marker="__DIVIDER__"'
)  # fmt: skip
_BORDER = re.compile(r'<div\b[^>]*style="[^"]*\bborder-top(?:-style|-color)?:\s*(?:solid|1|rgb|#|[.\d]+(?:pt|px))')
# One of these words stands in every tag that the patterns above know.
_HINT = re.compile(
    r"quote|cite|Quote|border-|ignature|Rply|pelling|appendonsend|moz-|zwchr|reply|Reply|zmail|gmail_|-Sgn|hey_|airmail|Mail|AOLMsg|oriMsg|__|mori|outlook|reference|LPlnk"
)
_HEADING = re.compile(r"[^:]{1,40}[:：]\s*$")


@dataclass(slots=True)
class Reply:
    """What an HTML body shows: all of it, the visible part, the folded part; `certain` when a container said so."""

    full: str
    visible: str
    folded: str
    html: str | None
    certain: bool


def read(safe: str) -> Reply:
    """The reply in sanitized HTML."""
    parts = richtext.pieces(safe)
    lines = richtext.lines(parts)
    marked = marks(parts)
    folded = None
    if marked is not None:
        folded = [_is_folded(line, marked) for line in lines]
        _blank_between(lines, folded)
    keep = quotes.kept([line.text for line in lines], folded)
    full = richtext.shown(lines)
    if all(stays or not line.text for stays, line in zip(keep, lines, strict=True)):
        return Reply(full, full, "", None, False)
    visible = richtext.shown([line for line, stays in zip(lines, keep, strict=True) if stays])
    hidden = richtext.shown([line for line, stays in zip(lines, keep, strict=True) if not stays])
    return Reply(full, visible, hidden, _without(parts, lines, keep), marked is not None)


def marks(parts: list[str]) -> bytearray | None:
    """One byte a piece, 1 where a container of the mail program folds it; None if there is no such container."""
    hinted = {tag for tag in set(parts[1::2]) if " " in tag and _HINT.search(tag)}
    if not hinted:
        return None
    ends, blockquotes = _ends(parts)
    marked = bytearray(len(parts))
    found, n, total = False, 1, len(parts)
    while n < total:
        tag = parts[n]
        if tag not in hinted:
            n += 2
            continue
        if _REST.search(tag) or (_BORDER.match(tag) and _has_headings(parts, n)):
            marked[n:] = b"\x01" * (total - n)
            return marked
        end = ends.get(n)
        if end is None:
            n += 2
        elif _QUOTE.match(tag) or _WHOLE.search(tag):
            marked[n : end + 1] = b"\x01" * (end + 1 - n)
            found, n = True, end + 2
        elif "gmail_" in tag and _GMAIL.match(tag) and ("gmail_extra" not in tag):
            first = bisect_left(blockquotes, n)
            stop = blockquotes[first] if first < len(blockquotes) and blockquotes[first] < end else end + 1
            marked[n:stop] = b"\x01" * (stop - n)
            if stop <= end:
                _fold_blockquotes(parts, ends, blockquotes, first, end, marked)
            found, n = True, end + 2
        else:
            n += 2
    return marked if found else None


def _fold_blockquotes(
    parts: list[str], ends: dict[int, int], at: list[int], first: int, end: int, marked: bytearray
) -> None:
    done = -1
    for begin in at[first:]:
        if begin > end:
            break
        if begin > done and begin in ends:
            done = ends[begin]
            marked[begin : done + 1] = b"\x01" * (done + 1 - begin)


def _ends(parts: list[str]) -> tuple[dict[int, int], list[int]]:
    """Where each element with attributes ends, and where blockquotes begin: clean HTML is always well nested."""
    ends: dict[int, int] = {}
    blockquotes: list[int] = []
    stack: list[int] = []
    kinds = {tag: _kind(tag) for tag in set(parts[1::2])}
    for n in range(1, len(parts), 2):
        kind = kinds[parts[n]]
        if kind == "open":
            stack.append(n)
            if parts[n].startswith("<blockquote"):
                blockquotes.append(n)
        elif kind == "close" and stack:
            ends[stack.pop()] = n
    return ends, blockquotes


def _has_headings(parts: list[str], n: int) -> bool:
    """Outlook's ruled block: at least three "Word:" beginnings close by, whatever the language."""
    count = 0
    for piece in parts[n + 1 : n + 80 : 2]:
        if piece and _HEADING.match(piece):
            count += 1
            if count >= 3:
                return True
    return False


def _is_folded(line: richtext.Line, marked: bytearray) -> bool:
    return bool(line.pieces) and all(marked[n] for n in line.pieces)


def _blank_between(lines: list[richtext.Line], folded: list[bool]) -> None:
    """Blank lines between two folded ones go with them."""
    last = None
    for n, line in enumerate(lines):
        if not line.text and not line.pieces:
            continue
        if last is not None and folded[n] and folded[last]:
            for k in range(last + 1, n):
                folded[k] = True
        last = n


def _without(parts: list[str], lines: list[richtext.Line], keep: list[bool]) -> str:
    """The markup without the pieces of dropped lines, and without elements that held nothing else."""
    drop = bytearray(len(parts))
    for line, stays in zip(lines, keep, strict=True):
        if not stays:
            for n in line.pieces:
                drop[n] = 1
    for line, stays in zip(lines, keep, strict=True):
        if stays:
            for n in line.pieces:
                drop[n] = 0
    out: list[str] = []
    stack: list[list[int]] = []  # where it begins in `out`, whether it keeps something, whether it lost something
    kinds = {tag: _kind(tag) for tag in set(parts[1::2])}
    for n, piece in enumerate(parts):
        if drop[n]:
            if stack:
                stack[-1][2] = 1
            continue
        if not n & 1:
            out.append(piece)
            if stack and piece and not piece.isspace():
                stack[-1][1] = 1
            continue
        kind = kinds[piece]
        if kind == "open":
            stack.append([len(out), 0, 0])
            out.append(piece)
            continue
        out.append(piece)
        if kind == "close":
            begin, has, lost = stack.pop()
            if lost and not has:
                del out[begin:]
            if stack:
                stack[-1][1] |= has
                stack[-1][2] |= lost
        elif stack and kind == "picture":
            stack[-1][1] = 1
    return "".join(out)


def _kind(tag: str) -> str:
    if tag[1] == "/":
        return "close"
    if tag.startswith("<img"):
        return "picture"
    return "void" if tag.startswith(("<br", "<hr", "<col>", "<col ", "<wbr")) else "open"
