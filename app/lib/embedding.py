"""A letter's page for a frame: the pictures that it brings along stand in it, as a mail program shows them."""

from base64 import b64encode

from app.lib.letters import Letter, inlined


def page_of(letter: Letter) -> str:
    """Its HTML as it is sent, with `cid:` addresses exchanged for the pictures themselves."""
    html = inlined(letter.html)
    for file in letter.attachments:
        if file.content_id:
            data = b64encode(file.content).decode()
            html = html.replace(f"cid:{file.content_id}", f"data:{file.content_type};base64,{data}")
    return html
