"""Tells what a person wrote from what their mail program added: quotes, forwards, signatures; folded, not deleted."""

import re

from app.mail import quote_words as words

LONGEST_LINE = 400  # of a line, for looking at
MOST_LINES = 40_000
KEPT, BLANK, QUOTED = 0, 1, 2

_PREFIX = re.compile(r"[ \t\xa0]{0,3}(?:>|&gt;)")
_RULE = re.compile(r"[\s*]*(?:[-–—_=*~#]{3,}|[-–—_=*~#] ?[-–—_=*~#] ?[-–—_=*~#])[-\s–—_=*~#]*$")
_MARKER_WORDS = (
    "above this line",
    "above-line",
    " línea",
    " linea",
    " linha",
    " ligne",
    " zeile",
    " linie",
    "below this line",
)
_ENDINGS = ("写道", "寫道", "wrote", "escribió", "escreveu", "schreef", "schrieb", "yazdı", "-", "...", "…")
_DECORATION = " \t\xa0>-–—_=*~#+<|"
_DELIMITER = re.compile(r"\s{0,2}(?:--|[—–]{1,2}|—-|-—|–-|__)[ \t\xa0]?$")
_DASH_NAME = re.compile(r"\s{0,2}(?:[-—–]{1,2} ?[A-ZÀ-ÞА-Я]|/[A-ZÀ-Þ])[\w.'’ -]{0,30}$")
_AFTERTHOUGHT = re.compile(r"\s*(?:p\.? ?[sd]\.?\b)[ :.]", re.IGNORECASE)
_LIST_FOOTER = re.compile(r"_{20,}\s*$|-{30,}\s*$")
_FOOTER_WORDS = re.compile(
    r"mailing list|unsubscribe|lists?\.|mailman|listinfo|to post to|subscription|darse de baja|list-", re.IGNORECASE
)
_SIMPLE_INTRO = re.compile(
    r"[^.!?]{0,60}(?:\bwrote|\bwrites|\bsaid|escribió|escreveu|a écrit|schrieb|ha scritto|skrev|написала?|пишет"
    r"|napisał(?:\(?a\)?)?|schreef)\s{0,2}[:：]\s*$"
)


def split(text: str) -> tuple[str, str]:
    """The visible reply and the folded rest of a plain body."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    keep = kept(lines)
    visible = "\n".join(line for line, stays in zip(lines, keep, strict=True) if stays)
    folded = "\n".join(line for line, stays in zip(lines, keep, strict=True) if not stays)
    return re.sub(r"\n{4,}", "\n\n\n", visible).strip("\n"), folded.strip("\n")


def kept(lines: list[str], folded: list[bool] | None = None) -> list[bool]:
    """For each line whether it stays visible; `folded` names those that the markup already said are quoted."""
    kinds = _kinds(lines, folded)
    cut = _cut(lines, kinds)
    for n in range(cut, len(lines)):
        kinds[n] = QUOTED
    signed = list(kinds)
    _drop_signature(lines, signed)
    _drop_quotes(signed)
    _drop_quotes(kinds)
    for answer in (signed, kinds):
        if any(kind == KEPT and not _RULE.match(lines[n][:LONGEST_LINE]) for n, kind in enumerate(answer)):
            return _without_edges(lines, answer)
    return [True] * len(lines)


def _kinds(lines: list[str], folded: list[bool] | None) -> list[int]:
    kinds = []
    for n, line in enumerate(lines):
        if folded is not None and folded[n]:
            kinds.append(QUOTED)
        elif not line or line.isspace():
            kinds.append(BLANK)
        elif line[0] in "> \t\xa0&" and _PREFIX.match(line):
            kinds.append(QUOTED)
        else:
            kinds.append(KEPT)
    return kinds


def _cut(lines: list[str], kinds: list[int]) -> int:
    """The line from which everything is history; introductions of marked quotes are marked with them on the way."""
    ends = bytearray(_may_end(line) for line in lines[:MOST_LINES])
    whole = "\n".join(lines).lower()
    marked = any(word in whole for word in _MARKER_WORDS)
    n, total, seen = 0, len(ends), False
    while n < total:
        if kinds[n] != KEPT:
            if marked and kinds[n] == QUOTED and _is_marker(lines[n]):
                return n
            n += 1
        elif (marked and _is_marker(lines[n])) or _marks_history(lines, kinds, n):
            if seen:
                return n
            n += _heading(lines, kinds, n)
        elif count := _introduction_of_quote(lines, kinds, n, ends):
            if _history_follows(kinds, n + count, seen):
                return n
            kinds[n : n + count] = [QUOTED] * count
            n += count
        else:
            seen = True
            n += 1
    return len(lines)


def _introduction_of_quote(lines: list[str], kinds: list[int], n: int, ends: bytearray) -> int:
    """As `introduction`; one without date and address ("Ann wrote:") counts only above a marked quote."""
    count = introduction(lines, kinds, n, ends)
    if count and _is_loose(lines[n : n + count]) and _next_kind(kinds, n + count) == KEPT:
        return 0
    return count


def _history_follows(kinds: list[int], n: int, seen: bool) -> bool:
    """Whether an unmarked quote follows an introduction: then it goes on to the end."""
    return _next_kind(kinds, n) == KEPT and (seen or QUOTED not in kinds[n : n + 200])


def _heading(lines: list[str], kinds: list[int], n: int) -> int:
    """How many lines the heading of a mail takes that begins with it: a forward without a comment stays visible."""
    if _is_marker(lines[n]):
        kinds[n] = QUOTED
        return 1
    for count in range(1, 14):
        at = n + count
        if at >= len(lines) or not ((kinds[at] == BLANK and count < 3) or words.LABEL.match(lines[at][:LONGEST_LINE])):
            return count
    return 14


def _marks_history(lines: list[str], kinds: list[int], n: int) -> bool:
    line = lines[n][:LONGEST_LINE]
    first = line.lstrip()[:1]
    if _is_rule(line, first) or _is_header_block(lines, n):
        return True
    if first in "_-*=" and _RULE.match(line):
        following = _next(kinds, n + 1)
        return following is not None and _is_header_block(lines, following)
    return False


def _is_marker(line: str) -> bool:
    """Our own line, "reply above this line"."""
    return len(line) < 200 and bool(words.MARKER.match(line))


def _is_rule(line: str, first: str) -> bool:
    """A line such as "----- Original Message -----", or the same words alone on it."""
    dashed = first in "-–—_=*~#+<|"
    if len(line) > (200 if dashed else 60) or not (dashed or first.isupper() or first > "\u2e80"):
        return False
    if not line.lstrip(_DECORATION).lower().startswith(words.RULE_STARTS):
        return False
    found = words.RULE_PHRASE.match(line)
    if not found:
        return False
    rest = found["rest"].strip()
    bare = not rest.strip("-–—_=*~#+>|:. ")
    if not dashed:
        return bare
    return bare or rest[:1] in "-–—_=*:" or rest[-1] in "-_=" or bool(found["forwarded"])


def _is_header_block(lines: list[str], n: int) -> bool:
    """Whether "From: Sent: To: Subject:" begins here, one to a line or all in one, in any of the languages."""
    line = lines[n][:LONGEST_LINE]
    found = words.LABEL.match(line) if ":" in line[:60] or "：" in line[:60] else None
    if not found:
        return False
    kind = (
        found.lastgroup
        if found.lastgroup != "value"
        else next(k for k in ("from", "sent", "to", "subject", "copy") if found[k])
    )
    if kind in ("to", "copy"):
        return False
    if kind == "from" and words.SENT_INSIDE.search(line) and words.SUBJECT_INSIDE.search(line):
        return True
    seen, misses = {kind}, 0
    for other in lines[n + 1 : n + 12]:
        other = other[:LONGEST_LINE]
        match = words.LABEL.match(other) if ":" in other[:60] or "：" in other[:60] else None
        if match:
            seen.update(k for k in ("from", "sent", "to", "subject", "copy") if match[k])
            misses = 0
        elif other.strip():
            misses += 1
            if misses > 2:
                break
    strong = len(seen & {"from", "sent", "to", "subject"})
    return ("from" in seen and strong >= 3) or (
        kind == "from" and strong >= 2 and bool(words.ADDRESS.search(line) or "sent" in seen)
    )


def introduction(lines: list[str], kinds: list[int], n: int, ends: bytearray) -> int:
    """How many lines from here say "On <date>, <person> wrote:"; 0 if none. `ends` says which lines may end one."""
    if not any(ends[n : n + 4]):
        return 0
    line = lines[n][:LONGEST_LINE]
    if ends[n] and _complete(line):
        return 1
    if not words.START.match(line) and "<" not in line and not words.ADDRESS.search(line):
        return 0
    joined = line.rstrip()
    for count in range(2, 5):
        at = n + count - 1
        if at >= len(lines) or kinds[at] != KEPT or len(joined) > 350:
            return 0
        joined += " " + lines[at][:LONGEST_LINE].strip()
        if at < len(ends) and ends[at] and _complete(joined):
            return count
    return 0


def _may_end(line: str) -> bool:
    """Whether an introduction could end with this line: a colon, a verb, a dash."""
    tail = line[-12:].rstrip()
    return ":" in tail or "：" in tail or tail.endswith(_ENDINGS)


def _complete(text: str) -> bool:
    """Whether this one line introduces a quote."""
    tail = text[-12:]
    if (
        ":" not in tail
        and "：" not in tail
        and not tail.rstrip().endswith(
            ("写道", "寫道", "wrote", "escribió", "escreveu", "schreef", "schrieb", "-", "...", "…", "yazdı")
        )
    ):
        return False
    if len(text) > LONGEST_LINE:
        return False
    ended = bool(words.END.search(text))
    if words.VERB.search(text) and (ended or _ends_with_verb(text)):
        if words.DATE.search(text) and (
            words.START.match(text) or words.ADDRESS.search(text) or (ended and len(text) < 160)
        ):
            return True
        if words.ADDRESS.search(text) and ended:
            return True
        return ended and bool(_SIMPLE_INTRO.match(text)) and len(text.split()) <= 8 and text.lstrip()[:1].isupper()
    return ended and _is_verbless(text)


def _ends_with_verb(text: str) -> bool:
    tail = text.rstrip(" *_-:：\xa0")
    return any(found.end() >= len(tail) - 1 for found in words.VERB.finditer(text, max(0, len(tail) - 30)))


def _is_verbless(text: str) -> bool:
    """ "26.06.2014, 14:41, "Ann" <ann@example.com>:" """
    return (
        text.rstrip().endswith((":", "：", ":*"))
        and bool(re.match(r"\W{0,3}(?:\d|\w{2,12}[,.] )", text))
        and bool(words.DATE.search(text))
        and bool(words.ADDRESS.search(text))
        and len(text) < 250
    )


def _is_loose(intro: list[str]) -> bool:
    return not words.DATE.search(" ".join(intro)) and not words.ADDRESS.search(" ".join(intro))


def _next(kinds: list[int], n: int) -> int | None:
    for k in range(n, min(len(kinds), n + 4)):
        if kinds[k] != BLANK:
            return k
    return None


def _next_kind(kinds: list[int], n: int) -> int:
    for k in range(n, len(kinds)):
        if kinds[k] != BLANK:
            return kinds[k]
    return QUOTED


def _drop_quotes(kinds: list[int]) -> None:
    """Quotes go; but answers written between quoted lines keep the lines they answer."""
    runs: list[tuple[int, int, int]] = []
    for n, kind in enumerate(kinds):
        if kind == BLANK:
            continue
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1], n)
        else:
            runs.append((kind, n, n))
    answers = [run for n, run in enumerate(runs) if run[0] == KEPT and n and runs[n - 1][0] == QUOTED]
    if len(answers) < 2:
        return
    last = answers[-1][2]
    first = next(begin for kind, begin, _ in runs if kind in (KEPT, QUOTED))
    for n in range(first, last):
        if kinds[n] == QUOTED:
            kinds[n] = KEPT


def _drop_signature(lines: list[str], kinds: list[int]) -> None:
    last = _last_kept(kinds)
    if last < 0:
        return
    looked = 0
    for n in range(last, -1, -1):
        if kinds[n] != KEPT:
            continue
        looked += 1
        if looked > 40:
            break
        if _starts_signature(lines, kinds, n, last, looked):
            for k in range(n, last + 1):
                kinds[k] = QUOTED if kinds[k] == KEPT else kinds[k]
            last = _last_kept(kinds)
            if last < 0:
                return


def _starts_signature(lines: list[str], kinds: list[int], n: int, last: int, looked: int) -> bool:
    line = lines[n][:LONGEST_LINE]
    if _DELIMITER.match(line):
        return looked <= 40 and (line.strip() != "__" or looked <= 12)
    if looked <= 4 and (device := words.DEVICE.match(line)):
        return _is_device(line, device["rest"])
    if looked <= 30 and len(line) < 60 and words.CLOSING.match(line):
        return n > 0 and _is_signature_below(lines, kinds, n, last)
    if looked <= 12 and len(lines[n]) > 60 and words.LEGAL_START.match(line) and words.LEGAL.search(lines[n][:3000]):
        return True
    if n == last and words.LEGAL_HEADING.match(line):
        return True
    if n == last and _DASH_NAME.match(line) and (n == 0 or kinds[n - 1] == BLANK):
        return True
    if looked <= 12 and _LIST_FOOTER.match(line):
        return any(_FOOTER_WORDS.search(lines[k][:LONGEST_LINE]) for k in range(n + 1, last + 1))
    return False


def _is_signature_below(lines: list[str], kinds: list[int], n: int, last: int) -> bool:
    """Whether what follows a closing is a name and its lines, perhaps with a disclaimer, and no afterthought."""
    plain = 0
    for k in range(n + 1, last + 1):
        if kinds[k] != KEPT or words.LEGAL.search(lines[k][:3000]):
            continue
        plain += 1
        if plain > 14 or len(lines[k]) > 110 or _AFTERTHOUGHT.match(lines[k][:20]):
            return False
    return True


def _is_device(line: str, rest: str) -> bool:
    rest = rest.strip(" .*_)>~-")
    if len(line) > 100 and "http" not in line:
        return False
    head = re.sub(r"[<(\[]?https?://\S*|\S+@\S+", "", rest)
    return len(head.split()) <= 8 and not re.search(r"[a-zà-ÿ], [a-zà-ÿ]|[.!?] [A-ZÀ-Þ]", head)


def _last_kept(kinds: list[int]) -> int:
    for n in range(len(kinds) - 1, -1, -1):
        if kinds[n] == KEPT:
            return n
    return -1


def _without_edges(lines: list[str], kinds: list[int]) -> list[bool]:
    """Rules and blank lines at the ends of what stays are no words of anyone."""
    keep = [kind != QUOTED for kind in kinds]
    for order in (range(len(lines) - 1, -1, -1), range(len(lines))):
        for n in order:
            if not keep[n]:
                continue
            if kinds[n] == BLANK or _RULE.match(lines[n][:LONGEST_LINE]):
                keep[n] = False
            else:
                break
    return keep
