"""How a PDF leaves the house: saved under the ticket's number, or shown in the browser's own reader."""

from flask import Response, send_file

from app.documents.document import TicketDocument
from app.lib.files import store
from app.lib.words import gettext as _


def send(document: TicketDocument, *, shown: bool) -> Response:
    """The bytes; `shown` opens them in the browser, to be printed, else they are saved."""
    name = _("ticket-%(name)s", name=document.file_name)
    path = store().path(document.sha256 or "")
    answer = send_file(path, mimetype="application/pdf", as_attachment=not shown, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    # The reader of a browser is its own page, which the strict policy would leave blank in some of them.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer
