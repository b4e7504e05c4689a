"""A filled `document` for the ticket's PDF, and the way to turn one into HTML without an application."""

import base64
import io
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image, ImageDraw

from app.lib.pdf import is_long, paragraphs

TEMPLATES = Path(__file__).parents[2] / "templates"


def sample_document(**changes):
    return {
        "company": {
            "name": "Frigal Frío Industrial, S. L.",
            "details": "Calle del Hielo 14, 36202 Vigo · CIF B00000000",
            "logo": {
                "address": picture(120, 120, [(20, 60, 100, 60), (60, 20, 60, 100)], "#ffffff", "#076f6f"),
                "width": 30,
                "height": 30,
                "is_wide": False,
                "tone": "",
            },
            "brand": "#076f6f",
        },
        "number": 2417,
        "subject": "La cámara frigorífica 2 no baja de 9 °C",
        "fields": [
            ("Cliente", "Hotel Bahía Azul"),
            ("Contacto", "Lucía Herrero Pons"),
            ("Estado", "Autorización aceptada"),
            ("Abierto", "18/11/2026, 8:12"),
            ("Equipo", "Cámara modular CM-40"),
            ("N.º de serie", "CM40-2021-00871"),
            ("Pedido", "PV-10382"),
            ("Atendido por", "Marta Vidal"),
        ],
        "authorizations": [sample_authorization()],
        "messages": [
            sample_message(
                "Lucía Herrero",
                "Buenos días. La cámara 2, la del pescado, se ha quedado en 9 °C desde anoche y no baja. "
                "El compresor arranca, da un golpe y se para. El viernes tenemos boda.",
                attachments=["panel-camara-2.jpg (412 kB)", "compresor.jpg (655 kB)"],
            ),
            sample_message(
                "Marta Vidal",
                "Buenos días, Lucía. Por lo que describes, el compresor corta por térmico. Iker puede pasar hoy a las "
                "12:30 a medirlo; no hace falta que paréis la cámara 1.",
                side="Frigal",
            ),
            sample_message("Lucía Herrero", "Perfecto, le espero en recepción."),
        ],
        "generated": "Generado el 19/11/2026 a las 11:10 (UTC+01:00). Las notas internas no se incluyen.",
    } | changes


def sample_authorization(**changes):
    asked = {
        "title": "Autorización",
        "text": paragraphs(
            "Autorizo a Frigal a sustituir el compresor de la cámara frigorífica 2 (CM-40, n.º de serie "
            "CM40-2021-00871) por 1.248,50 € más IVA, con intervención el viernes 20 de noviembre de 8:00 a 11:00."
        ),
        "decision": "Autorizada",
        "reason": [],
        "signature": picture(
            640, 220, [(60, 160, 180, 40), (180, 40, 300, 180), (300, 180, 560, 60)], "#16243f", "#ffffff"
        ),
        "signature_name": "Lucía Herrero Pons",
        "signature_caption": "Firma en pantalla, 19/11/2026 11:06:42",
        "identified_by": "Sesión iniciada, lucia@bahiaazul.example",
        "code": None,
        "decided_at": "19/11/2026 11:06:42 (UTC+01:00)",
        "ip": "203.0.113.42",
        "browser": "Safari 19, iOS 20",
        "asked_by": "Marta Vidal, 19/11/2026 10:24",
        "hashes": [
            ("SHA-256 del texto y la firma", "70ec8f163cd820ce0870b4a58ddb17fd7f64e91c9ecac1221b6e45052c4e9e58"),
            ("SHA-256 de Presupuesto P-884.pdf", "4d2c57701ef7c98c907731fcad691dc795ddebf315bd6a50fa056ee42f43b68e"),
        ],
    } | changes
    return asked | {"is_long": is_long(asked["text"] + asked["reason"], besides=2 * len(asked["hashes"]))}


def sample_message(author, text, *, side="", attachments=()):
    return {
        "author": author,
        "side": side,
        "when": "18/11/2026, 8:12, por correo",
        "paragraphs": paragraphs(text),
        "attachments": list(attachments),
    }


def picture(width, height, lines, ink, paper):
    """A data: address of a PNG with a few strokes."""
    image, out = Image.new("RGB", (width, height), paper), io.BytesIO()
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=ink, width=8)
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def html_of(document):
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.globals["_"] = lambda text, **values: text % values if values else text
    return environment.get_template("tickets/documents/ticket.html").render(document=document)
