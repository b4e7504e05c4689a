"""Files as an agent sees them: those of notes too."""

from typing import Any

from flask import Blueprint, Response, abort, g, send_file, url_for

from app.attachments.attachment import Attachment
from app.attachments.serving import NoPreview
from app.lib.files import store
from app.lib.pages import page
from app.tickets.ticket import Ticket

attachments = Blueprint("attachments", __name__)
ADDRESS = "/tickets/<int:number>/attachments/<int:file>"


@attachments.get(ADDRESS)
def show(number: int, file: int) -> Any:
    """A picture, large; of anything else its name, and a warning where it is unusual."""
    ticket = Ticket.for_agent(g.me, number)
    return page("attachments/desk/show.html", ticket=ticket, file=_find(ticket, file))


@attachments.get(f"{ADDRESS}/original")
def show_original(number: int, file: int) -> Any:
    found = _find(Ticket.for_agent(g.me, number), file)
    answer = send_file(store().path(found.sha256), mimetype=found.content_type, etag=False)
    answer.headers.update(found.download_headers)
    return answer


@attachments.get(f"{ADDRESS}/<any(thumbnail,large):size>")
def show_preview(number: int, file: int, size: str) -> Any:
    found = _find(Ticket.for_agent(g.me, number), file)
    try:
        data, headers = found.preview(size)
    except NoPreview:
        abort(404)
    return Response(data, headers=headers)


def _find(ticket: Ticket, file: int) -> Attachment:
    return Attachment.in_ticket(ticket, file, public_only=False) or abort(404)


@attachments.app_template_global()
def desk_file(number: int, file: Attachment) -> dict[str, Any]:
    """What `ui.attachment` draws of a file: pictures and unusual files open a page, others are saved at once."""
    there = {"number": number, "file": file.id}
    opens = "desk.attachments.show" if file.is_image or not file.is_usual else "desk.attachments.show_original"
    thumbnail = url_for("desk.attachments.show_preview", size="thumbnail", **there) if file.is_image else None
    return {
        "name": file.name,
        "size_label": file.size_label,
        "icon": file.icon,
        "is_image": file.is_image,
        "thumb_url": thumbnail,
        "url": url_for(opens, **there),
    }
