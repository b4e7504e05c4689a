"""QR codes; the one module that knows segno."""

import io

import segno


def png(text: str, *, scale: int = 8) -> bytes:
    """Black on white, with the quiet edge that readers want."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=scale, border=2)
    return out.getvalue()


def svg(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", scale=8, border=2, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return out.getvalue()
