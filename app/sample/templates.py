"""Frigal's lists, reply templates and surveys."""

from app.accounts.group import Group
from app.catalog import lists
from app.messages.reply_template import ReplyTemplate
from app.surveys.survey import Question, Survey

CATEGORIES = {
    "Frío industrial": "violet", "Climatización": "blue", "Facturación": "amber", "Recambios": "teal", "Contratos": "",
}  # fmt: skip
SERVICES = {
    "Mantenimiento correctivo": "Servicio técnico", "Mantenimiento preventivo": "Servicio técnico",
    "Suministro de recambios": "Recambios",
}  # fmt: skip
PRODUCTS = [
    "Cámara modular CM-40", "Cámara de obrador CO-12", "Fancoil FC-200", "Vitrina VX-90", "Enfriadora EF-120",
    "Evaporador EV-3", "Central de frío CR-8", "Split CL-35",
]  # fmt: skip
TAGS = {"frío industrial": "violet", "compresor": "", "Garantía": "green", "contrato": "blue"}

TEMPLATES = [  # name, use, group, text
    ("Acuse con visita", "reply", "Servicio técnico",
     "Hola, {name}:\n\nHemos recibido tu aviso «{subject}». Un técnico pasará en las próximas 24 horas y te llamará "
     "media hora antes.\n\n{agent}"),
    ("Pedir número de serie", "reply", None,
     "Hola, {name}:\n\n¿Nos dices el número de serie? Está en la pegatina del lateral del equipo.\n\n{agent}"),
    ("Factura rectificada", "reply", "Facturación",
     "Hola, {name}:\n\nTienes razón. Te adjuntamos la factura rectificada; la anterior queda anulada.\n\n{agent}"),
    ("Cierre por trabajo hecho", "closing", None,
     "Trabajo terminado y equipo probado. Si vuelve a fallar, contesta a este correo y lo reabrimos."),
    ("Cierre sin respuesta", "closing", None,
     "Cerramos el ticket {number} porque no hemos tenido noticias. Si hace falta, contesta y seguimos."),
    ("Sustitución de pieza", "authorization", "Servicio técnico",
     "Autorizo a Frigal a sustituir … por … € más IVA, mano de obra incluida."),
]  # fmt: skip

Asked = tuple[str, str, list[str], bool]  # kind, question, answers to choose from, whether one is required
GENERIC: list[Asked] = [
    ("score", "¿Cómo ha ido?", [], True),
    ("choice", "¿Quedó resuelto?", ["Sí", "En parte", "No"], True),
    ("text", "¿Qué mejorarías?", [], False),
]
CONTRACTS: list[Asked] = [
    ("nps", "¿Nos recomendarías a otra empresa?", [], True),
    ("yes_no", "¿Entendiste la propuesta a la primera?", [], True),
    ("text", "¿Qué te faltó?", [], False),
]


def stock() -> None:
    """Fills the lists, the templates and the surveys."""
    groups = {group.name: group for group in Group.select()}
    lists.TicketType.by_key("incident").rename("Avería")
    lists.TicketType.add("Mantenimiento")
    for name, color in CATEGORIES.items():
        lists.Category.add(name, color=color)
    for name, group in SERVICES.items():
        lists.Service.add(name, group=groups[group])
    for name in PRODUCTS:
        lists.Product.add(name)
    for name, color in TAGS.items():
        lists.Tag.add(name, color=color)
    for place, (name, use, team, text) in enumerate(TEMPLATES, 1):
        ReplyTemplate.create(name=name, use=use, group=groups.get(team or ""), text=text, position=place)
    _survey("¿Cómo ha ido?", "Un minuto, tres preguntas.", GENERIC, is_generic=True)
    contracts = _survey("Sobre tu contrato", "", CONTRACTS)
    lists.Category.get(lists.Category.name == "Contratos").change(survey=contracts)


def _survey(title: str, introduction: str, questions: list[Asked], *, is_generic: bool = False) -> Survey:
    survey = Survey.create(title=title, introduction=introduction, is_generic=is_generic)
    for place, (kind, text, choices, is_required) in enumerate(questions):
        Question.create(survey=survey, kind=kind, text=text, choices=choices, is_required=is_required, position=place)
    return survey
