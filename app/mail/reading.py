"""Reads the bytes of a mail into a ParsedMail: pure, tolerant, never raising; all of it fit to be stored and shown."""

from app.lib import richtext
from app.mail import bodies, classifying, headers, html_quotes, mime, quotes, sign_offs
from app.mail.forwarded import is_passed_on
from app.mail.parsed import Address, ParsedMail, Part

__all__ = ["Address", "ParsedMail", "Part", "read"]

LARGEST = 64 * 1024 * 1024
LARGEST_CARRIED = 16 * 1024 * 1024  # its words are looked for; a larger one is only a file


def read(raw: bytes) -> ParsedMail:
    """The mail in these bytes; what cannot be understood is named in `defects` and leaves the field empty."""
    try:
        return _read(raw)
    except Exception as problem:
        return ParsedMail(defects=["unreadable", type(problem).__name__])


def _read(raw: bytes) -> ParsedMail:
    too_large = len(raw) > LARGEST
    splitter = mime.Splitter(raw[:LARGEST] if too_large else raw)
    root = splitter.split()
    body = bodies.gather(root)
    defects = splitter.defects | body.defects
    if too_large:
        defects.add("too_large")
    said, envelope = _words(body), _envelope(root)
    return ParsedMail(
        **envelope,
        carried=_carried(root, body, envelope["subject"]),
        **said,
        **_fold(said.get("quoted", "")),
        attachments=body.attachments,
        headers=[(name, headers.text(value)) for name, value in root.headers],
        content_type=root.type,
        defects=sorted(defects),
        root=root,
    )


def _carried(root: mime.Entity, body: bodies.Body, subject: str) -> dict[str, str] | None:
    """The mail that this one was sent to carry: its only attached one, whose subject it has or names in its own."""
    mails = [part for part in body.attachments if part.content_type == "message/rfc822"]
    if len(mails) != 1 or root.type == "multipart/report" or len(mails[0].content) > LARGEST_CARRIED:
        return None
    inner = mime.Splitter(mails[0].content).split()
    envelope = _envelope(inner)
    if not is_passed_on(subject, envelope["subject"]):
        return None
    said = _words(bodies.gather(inner))
    return {
        "name": envelope["from_name"], "address": envelope["from_address"], "subject": envelope["subject"],
        "text": said.get("text", ""),
    }  # fmt: skip


def _envelope(root: mime.Entity) -> dict:
    """Who, to whom, when, and what it answers."""
    people = [one for value in root.get_all("from")[:5] for one in headers.addresses(value)]
    author = next((one for one in people if one.address), people[0] if people else Address("", ""))
    senders = headers.addresses(root.get("sender"))
    paths = root.get_all("return-path")
    return {
        "message_id": headers.message_id(root.get("message-id")),
        "in_reply_to": headers.ids(root.get("in-reply-to")),
        "references": headers.ids(root.get("references")),
        "subject": headers.text(root.get("subject")),
        "from_name": author.name,
        "from_address": author.address,
        "from_all": people,
        "reply_to": headers.addresses(root.get("reply-to")),
        "sender": senders[0] if senders else None,
        "to": _people(root, "to"),
        "cc": _people(root, "cc"),
        "return_path": _path(paths[0]) if paths else None,
        "date": headers.date(root.get("date")),
    }


def _people(root: mime.Entity, name: str) -> list[Address]:
    values = root.get_all(name)
    if len(values) < 2:
        return headers.addresses(values[0]) if values else []
    return [one for value in values[:20] for one in headers.addresses(value)][: headers.MOST_ADDRESSES]


def _path(value: bytes) -> str:
    found = headers.addresses(value)
    return found[0].address if found else ""


def _words(body: bodies.Body) -> dict:
    """The texts: the whole, the visible reply, the folded rest, and the HTML of both."""
    sections = [s for s in body.sections if (s.plain or "").strip() or (s.html or "").strip()]
    if not any(s.html for s in sections):
        text = "\n\n".join((s.plain or "").strip("\n") for s in sections)
        visible, folded = quotes.split(text)
        return {"text": text, "visible": visible, "quoted": folded}
    return _html_words(sections)


def _fold(quoted: str) -> dict:
    """What is shown again of the folded rest, and what the fold is called."""
    if not quoted:
        return {}
    shown, folded = sign_offs.sign_off(quoted)
    return {"sign_off": shown, "folded": folded, "fold": sign_offs.kind(folded)}


def _html_words(sections: list[bodies.Section]) -> dict:
    clean = [
        richtext.clean(s.html) if s.html else richtext.CleanHtml(richtext.from_text(s.plain or "")) for s in sections
    ]
    html = "\n".join(part.html for part in clean)
    reply = html_quotes.read(html)
    text = reply.full
    if any(s.plain and s.plain.strip() for s in sections):
        shown = [
            (s.plain or "").strip("\n") if _is_real(s, reply.full) else richtext.to_text(s.html or "") for s in sections
        ]
        text = "\n\n".join(shown)
    visible, folded = reply.visible, reply.folded
    visible_html = reply.html
    if not reply.certain and not folded.strip() and text != reply.full:
        plain_visible, plain_folded = quotes.split(text)
        if plain_folded.strip() and plain_visible.strip():
            visible, folded, visible_html = plain_visible, plain_folded, None
    return {
        "text": text, "html": html, "visible": visible, "quoted": folded, "visible_html": visible_html,
        "blocked_images": sum(part.blocked for part in clean),
    }  # fmt: skip


def _is_real(section: bodies.Section, shown: str) -> bool:
    """Whether the plain form says the same as the HTML, and not "your program cannot show HTML"."""
    plain = (section.plain or "").strip()
    if not plain:
        return False
    return not (section.html and len(plain) < 200 and len(shown) > 3 * len(plain) and "html" in plain.lower())


def for_score(raw: bytes) -> dict:
    """One mail in the words of an outside scorer, which measures readers on mails that are not ours."""
    mail = read(raw)
    verdict = classifying.classify(mail, own_addresses=set())
    bounce = verdict.bounce
    return {
        "subject": mail.subject,
        "from_email": mail.from_address,
        "message_id": mail.message_id,
        "text": mail.visible,
        "full_text": mail.text,
        "html": mail.html,
        "attachments": [{"filename": a.name, "size": a.size, "content_type": a.content_type} for a in mail.attachments],
        "is_auto_reply": verdict.kind == classifying.AUTO_REPLY,
        "is_bounce": verdict.kind in (classifying.BOUNCE, classifying.DELAYED),
        "bounced_recipients": [one.address for one in bounce.recipients] if bounce else [],
        "bounce_hard": bounce.is_dead if bounce else False,
    }
