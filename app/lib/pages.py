"""A page and its fragment: one template, whole for a browser, a block for htmx. Alone knows htmx-flask."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

from flask import Flask, Response, flash, make_response, redirect, render_template, request
from htmx_flask import Htmx
from jinja2_fragments.flask import render_block
from markupsafe import Markup

from app.lib import bytecode

SAFE = "/!$&'()*+,;=:@~"  # what may stand in a path as it is
ENCODED = f"{SAFE}?%"  # what a query that is encoded already may hold


def init_app(app: Flask, compiled: Path) -> None:
    """`compiled`: the folder of compiled templates."""
    Htmx(app)
    bytecode.use(app, compiled)


def wants_block() -> bool:
    """Whether htmx asked for a part of the page: never on a restore of history, which needs the whole."""
    asked = request.headers
    return bool(request.htmx) and "HX-History-Restore-Request" not in asked and asked.get("HX-Request-Type") != "full"


def here() -> str:
    """The address that was asked for, as a browser writes it: `request.path` has every %00 and %3F undone."""
    query = request.query_string.decode("latin-1")
    return quote(request.path, safe=SAFE) + (f"?{quote(query, safe=ENCODED)}" if query else "")


def came_from(within: str) -> str:
    """The page of ours below this path that led here, with its query; empty where it was this one, or another site."""
    there = urlsplit(request.referrer or "")
    is_ours = there.netloc == request.host and there.path.startswith(within) and there.path != request.path
    return there._replace(scheme="", netloc="", fragment="").geturl() if is_ours else ""


def page(
    template: str, block: str | None = None, *, status: int = 200, is_place: bool = False, **values: Any
) -> Response:
    """The whole page, or only `block` of it for htmx. The two differ by header, which `Vary` says to caches.

    `is_place`: the block comes with an address of its own, so it brings the page's title along.
    """
    if block and wants_block():
        text = render_block(template, block, **values)
        if is_place:
            text = f"<title>{render_block(template, 'title', **values)}</title>{text}"
    else:
        text = render_template(template, **values)
    response = make_response(text, status)
    response.vary.add("HX-Request")
    return response


def done(
    url: str,
    template: str | None = None,
    block: str | None = None,
    *,
    said: str | None = None,
    is_bad: bool = False,
    also: Iterable[str] = (),
    morphs: bool = False,
    **values: Any,
) -> Response:
    """After a change: the changed block for htmx (with blocks `also`, out of band), else 303 to `url`.

    `said` is what happened, for the live region; `is_bad` where it is no success. Without a template htmx is sent to
    `url` too. `morphs`: the block goes where it is on the page, whatever asked, around what is being typed.
    """
    if not wants_block() or template is None or block is None:
        if said:
            flash(said, "error" if is_bad else "message")
        if wants_block():
            # Without its fragment: on the page itself a browser would only scroll, and show nothing new.
            return Response(status=200, headers={"HX-Redirect": urldefrag(url).url, "Vary": "HX-Request"})
        return redirect(url, 303)
    parts = [render_block(template, block, **values)]
    parts += [render_block(template, name, oob=True, **values) for name in also]
    if said:
        parts.append(_announced(said, "error" if is_bad else "ok"))
    response = make_response("".join(parts))
    response.vary.add("HX-Request")
    if morphs:
        response.headers.update({"HX-Retarget": f"#{block}", "HX-Reswap": "outerMorph"})
    return response


def _announced(said: str, kind: str) -> str:
    toast = render_template("components/_toast.html", words=said, kind=kind)
    return Markup('<div id="announcements" hx-swap-oob="innerHTML">{}</div>').format(Markup(toast))  # noqa: S704
