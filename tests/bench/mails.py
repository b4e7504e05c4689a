"""A thousand mixed mails: plain, HTML, with 50 KB attachments; a third of them replies. About 16 MB."""

import base64
import random
from email.utils import format_datetime

from app.lib.clock import now

COUNT = 1_000
WORDS = "cámara compresor válvula factura pedido ventilador alarma presión puerta motor filtro revisión".split()
SENDERS = 120


def make() -> list[bytes]:
    """The raw mails, the same in each run."""
    dice = random.Random(11)
    said: dict[int, str] = {}
    return [_mail(number, dice, said) for number in range(COUNT)]


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def _mail(number: int, dice: random.Random, said: dict[int, str]) -> bytes:
    sender = dice.randrange(SENDERS)
    mail_id = f"<bench.{number}@sender{sender}.example>"
    head = [
        f"From: Persona {sender} <persona{sender}@sender{sender}.example>",
        "To: help@bench.example",
        f"Date: {format_datetime(now())}",
        f"Message-ID: {mail_id}",
        "MIME-Version: 1.0",
    ]
    text = "\r\n\r\n".join(_text(dice, 40) for _ in range(5))
    if number % 3 == 2 and sender in said:
        head += [
            f"Subject: Re: Aviso de la persona {sender}",
            f"In-Reply-To: {said[sender]}",
            f"References: {said[sender]}",
        ]
        text += "\r\n\r\nEl lun, 16 nov 2026 a las 10:12, Ayuda <help@bench.example> escribió:\r\n"
        text += "\r\n".join("> " + _text(dice, 10) for _ in range(12))
    else:
        head.append(f"Subject: Aviso de la persona {sender} sobre {_text(dice, 3)}")
        said[sender] = mail_id
    body = _plain(text) if number % 4 < 2 else _both(text, dice) if number % 4 == 2 else _with_file(text, dice)
    return ("\r\n".join(_ascii(line) for line in head) + "\r\n").encode() + body


def _ascii(line: str) -> str:
    if line.isascii():
        return line
    name, _, value = line.partition(": ")
    return f"{name}: =?utf-8?b?{base64.b64encode(value.encode()).decode()}?="


def _plain(text: str) -> bytes:
    return (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text.encode() + b"\r\n"
    )


def _part(kind: str, content: bytes) -> bytes:
    return f"--b\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n"


def _html(text: str, dice: random.Random) -> str:
    rows = "".join(
        f'<tr><td style="padding:4px;color:#333">{_text(dice, 6)}</td><td><b>{_text(dice, 4)}</b></td></tr>'
        for _ in range(30)
    )
    paragraphs = "".join(f'<p style="margin:0 0 8px">{each}</p>' for each in text.split("\r\n\r\n"))
    return f"<html><body><div>{paragraphs}<table>{rows}</table></div></body></html>"


def _both(text: str, dice: random.Random) -> bytes:
    parts = _part("text/plain; charset=utf-8", text.encode())
    parts += _part("text/html; charset=utf-8", _html(text, dice).encode())
    return b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"


def _with_file(text: str, dice: random.Random) -> bytes:
    data = base64.encodebytes(b"\x89PNG\r\n\x1a\n" + dice.randbytes(44_000)).replace(b"\n", b"\r\n")
    parts = _part("text/plain; charset=utf-8", text.encode())
    parts += (
        b'--b\r\nContent-Type: image/png; name="foto.png"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="foto.png"\r\n\r\n' + data + b"\r\n"
    )
    return b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"
