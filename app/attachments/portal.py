"""Files as a customer sees them: those of public messages and of requests, never those of a note."""

from typing import Any

from flask import Blueprint, Response, abort, g, send_file, url_for

from app.attachments.attachment import Attachment
from app.attachments.serving import NoPreview
from app.lib.files import store
from app.lib.pages import page
from app.tickets.ticket import Ticket

attachments = Blueprint("attachments", __name__)


@attachments.get("/tickets/<int:number>/attachments/<int:file>")
def show(number: int, file: int) -> Any:
    """A picture, large; of anything else its name, and a warning where it is unusual."""
    ticket = Ticket.for_contact(g.me, number)
    return page("attachments/portal/show.html", ticket=ticket, file=_find(ticket, file))


@attachments.get("/tickets/<int:number>/attachments/<int:file>/original")
def show_original(number: int, file: int) -> Any:
    found = _find(Ticket.for_contact(g.me, number), file)
    answer = send_file(store().path(found.sha256), mimetype=found.content_type, etag=False)
    answer.headers.update(found.download_headers)
    return answer


@attachments.get("/tickets/<int:number>/attachments/<int:file>/<any(thumbnail,large):size>")
def show_preview(number: int, file: int, size: str) -> Any:
    found = _find(Ticket.for_contact(g.me, number), file)
    try:
        data, headers = found.preview(size)
    except NoPreview:
        abort(404)
    return Response(data, headers=headers)


def _find(ticket: Ticket, file: int) -> Attachment:
    return Attachment.in_ticket(ticket, file, public_only=True) or abort(404)


@attachments.app_template_global()
def portal_file(number: int, file: Attachment) -> dict[str, Any]:
    """What `ui.attachment` draws of a file: pictures and unusual files open a page, others are saved at once."""
    there = {"number": number, "file": file.id}
    opens = "portal.attachments.show" if file.is_image or not file.is_usual else "portal.attachments.show_original"
    thumbnail = url_for("portal.attachments.show_preview", size="thumbnail", **there) if file.is_image else None
    return {
        "name": file.name,
        "size_label": file.size_label,
        "icon": file.icon,
        "is_image": file.is_image,
        "thumb_url": thumbnail,
        "url": url_for(opens, **there),
    }
