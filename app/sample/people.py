"""Who works at Frigal, and who writes to them."""

from typing import NamedTuple

from app.accounts.agent import Agent
from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.person import Person
from app.lib import passwords
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.organizations.portal_link import PortalLink
from app.organizations.settings import CustomerSettings
from app.organizations.site import Site
from app.sandbox.sample import SAMPLE_PASSWORD

AGENTS = {  # key: name, role, title, groups
    "marta": ("Marta Vidal", "administrator", "Jefa de servicio", ["Servicio técnico", "Facturación", "Comercial"]),
    "iker": ("Iker Otxoa", "agent", "Técnico de frío", ["Servicio técnico"]),
    "nuria": ("Nuria Salas", "operator", "Técnica de frío", ["Servicio técnico", "Comercial"]),
    "daniel": ("Daniel Ruiz", "agent", "Administración", ["Facturación"]),
    "joao": ("João Pires", "agent", "Almacén de recambios", ["Recambios"]),
    "raquel": ("Raquel Mena", "agent", "Dirección", []),
}
GROUPS = ["Servicio técnico", "Recambios", "Facturación", "Comercial"]


class Customer(NamedTuple):
    name: str
    organization: str
    email: str
    position: str = ""
    mobile: str = ""
    may_authorize: bool = True
    account: bool = False
    language: str = "es"


CUSTOMERS = {
    "lucia": Customer(
        "Lucía Herrero", "Hotel Bahía Azul", "lucia@bahiaazul.example", "Jefa de economato", "34600555014", account=True
    ),
    "mateo": Customer(
        "Mateo Lago", "Hotel Bahía Azul", "mantenimiento@bahiaazul.example", "Mantenimiento", may_authorize=False
    ),
    "andres": Customer("Andrés Pina", "Residencia Los Tilos", "andres.pina@lostilos.example", "Dirección"),
    "teresa": Customer("Teresa Lobo", "Panadería Molino Viejo", "teresa@molinoviejo.example", "", "34600555021"),
    "joan": Customer("Joan Arnal", "Bodegas Arnal", "joan@bodegasarnal.example", "Enólogo"),
    "ramon": Customer("Ramón Feria", "Mercado Sur", "ramon.feria@mercadosur.example", "Gerente", account=True),
    "nelida": Customer("Nélida Souto", "Lonja de Ribeira", "nelida@lonjaribeira.example", "Jefa de planta"),
    "pilar": Customer("Pilar Gómez", "Colegio Santa Clara", "pilar.gomez@santaclara.example", "Secretaría"),
    "ines": Customer("Inés Rey", "Supermercados Lía", "ines.rey@lia.example", "Compras"),
    "aurora": Customer("Aurora Rubio", "Farmacia Rubio", "aurora@farmaciarubio.example"),
    "soler": Customer("Dr. Soler", "Clínica Dental Soler", "clinica@dentalsoler.example"),
    "gonzalo": Customer("Gonzalo Ares", "Gimnasio Ola", "gonzalo@gimnasioola.example", "Gerente"),
    "lucas": Customer("Lucas Prado", "", "lucas.prado@correo.example", "", "34600555077"),
    "carmen": Customer("Carmen Nieves", "Heladería La Nevada", "carmen@lanevada.example"),
    "sergio": Customer(
        "Sérgio Tavares", "Pescados do Cais", "sergio@docais.example", "Armazém", account=True, language="pt"
    ),
    "olga": Customer("Olga Bermejo", "Catering Olmo", "olga@cateringolmo.example"),
    "oscar": Customer("Óscar Medina", "Taller Medina", "oscar@tallermedina.example"),
    "marisa": Customer("Marisa Cobo", "Hotel Puerta del Mar", "marisa@puertadelmar.example", "Recepción"),
    "helen": Customer("Helen Brook", "Harbour View Apartments", "helen@harbourview.example", language="en"),
}
SHARING = {"Hotel Bahía Azul"}  # their people see each other's tickets

EQUIPMENT = [  # owner, name, brand, model, serial
    ("Hotel Bahía Azul", "Cámara modular CM-40", "Frigal", "CM-40", "CM40-2021-00871"),
    ("Hotel Bahía Azul", "Fancoil FC-200 (salón Levante)", "Frigal", "FC-200", "FC200-2019-03114"),
    ("Mercado Sur", "Evaporador EV-3", "Frigal", "EV-3", "EV3-2018-00412"),
    ("Bodegas Arnal", "Enfriadora EF-120", "Frigal", "EF-120", "EF120-2020-00095"),
    ("Lonja de Ribeira", "Central de frío CR-8", "Frigal", "CR-8", "CR8-2024-00017"),
    ("Panadería Molino Viejo", "Cámara de obrador CO-12", "Frigal", "CO-12", "CO12-2022-00230"),
    ("Heladería La Nevada", "Vitrina VX-90", "Frigal", "VX-90", "VX90-2023-00588"),
    ("Residencia Los Tilos", "Split CL-35 (sala 4)", "Frigal", "CL-35", "CL35-2023-01427"),
]

SITES = {  # owner: name, address
    "Hotel Bahía Azul": ("Cocina y salones", "Paseo de la Ribera 2, Vigo"),
    "Lonja de Ribeira": ("Nave de subasta", "Muelle Norte, Ribeira"),
}
PASSERS_BY = "Particulares"


def settle() -> dict[str, Person]:
    """Agents, groups, organizations, contacts and equipment; everybody by a short name."""
    password = passwords.digest(SAMPLE_PASSWORD)  # once: it is slow on purpose
    groups = {name: Group.create(name=name, position=place) for place, name in enumerate(GROUPS)}
    groups["Facturación"].change(is_restricted=True)
    people = {}
    for key, (name, role, title, teams) in AGENTS.items():
        person = Agent.enlist(name, f"{key}@frigal.example", role=role, title=title, is_internal=key == "raquel")
        person.change(is_sample=True, password_hash=password, language="es")
        for team in teams:
            groups[team].take_in(person)
        people[key] = person
    organizations = _organizations()
    for key, each in CUSTOMERS.items():
        person = Contact.register(
            each.name, each.email, organization=organizations.get(each.organization), language=each.language,
            position=each.position, mobile=each.mobile, may_authorize=each.may_authorize,
        )  # fmt: skip
        person.change(is_sample=True, password_hash=password if each.account else None)
        people[key] = person
    sites = {
        owner: Site.create(organization=organizations[owner], name=name, address=address)
        for owner, (name, address) in SITES.items()
    }
    for owner, name, brand, model, serial in EQUIPMENT:
        Equipment.create(
            organization=organizations[owner], site=sites.get(owner), name=name, brand=brand, model=model, serial=serial
        )
    _links(organizations, sites, by=people["marta"])
    return people


def _links(organizations: dict[str, Organization], sites: dict[str, Site], *, by: Person) -> None:
    """One portal link of each kind."""
    everybody = Organization.register(PASSERS_BY)
    CustomerSettings.set(generic_organization=everybody.id)
    PortalLink.issue(by=by, note="Web de Frigal")
    PortalLink.issue(by=by, organization=organizations["Hotel Bahía Azul"], note="Intranet del hotel")
    for site in sites.values():
        PortalLink.issue(by=by, site=site, note="Pegatinas de las máquinas", names_people=False)


def _organizations() -> dict[str, Organization]:
    names = dict.fromkeys(each.organization for each in CUSTOMERS.values() if each.organization)
    return {name: Organization.register(name, shares_tickets=name in SHARING) for name in names}
