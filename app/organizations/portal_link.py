"""Portal links: a form and its tickets for whoever holds the link, without an account (SPEC C15)."""

from typing import Any

from peewee import JOIN, BooleanField, CharField, DeferredForeignKey, ForeignKeyField, IntegerField

from app.lib import links, secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.organizations.settings import CustomerSettings
from app.organizations.site import Site
from app.timeline.event import record

MOST_SHOWN = 200


class NoGenericOrganization(Refused):
    says = _l("First choose the generic organization, in Settings, Customers and links.")


class EquipmentIsOff(Refused):
    says = _l("Equipment is switched off, and links of sites with it.")


class PortalLink(Record):
    """One link: of everybody (generic), of an organization, or of a site. It has no end but its revocation.

    The token is never stored, only its hash; it can be made again from the id and the nonce.
    """

    organization = ForeignKeyField(Organization, null=True, backref="portal_links", on_delete="CASCADE")
    site = ForeignKeyField(Site, null=True, backref="portal_links", on_delete="CASCADE")
    note = CharField(max_length=120, default="")
    names_people = BooleanField(default=True)  # its form offers the names of the organization's people
    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    created_at = UTCDateTimeField(default=now)
    created_by = DeferredForeignKey("Person", null=True, on_delete="SET NULL")
    revoked_at = UTCDateTimeField(null=True)
    revoked_by = DeferredForeignKey("Person", null=True, on_delete="SET NULL")

    @classmethod
    @transaction()
    def issue(
        cls,
        *,
        by: Any,
        organization: Organization | None = None,
        site: Site | None = None,
        note: str = "",
        names_people: bool = True,
    ) -> "PortalLink":
        """A new link of this organization or site, else a generic one. Raises NoGenericOrganization, EquipmentIsOff."""
        if site and not CustomerSettings.uses_equipment:
            raise EquipmentIsOff
        if not (site or organization or cls.generic_organization()):
            raise NoGenericOrganization
        owner = site.organization if site else organization
        told = {"note": note.strip()[:120], "names_people": names_people, "created_by": by}
        link = cls.create(organization=owner, site=site, **told)
        link.change(token_hash=tokens.fingerprint(link.token))
        record("portal_link.issued", by=by, about=link)
        return link

    @classmethod
    def by_token(cls, token: str) -> "PortalLink | None":
        """The live link of this token. A revoked one, and one whose site nobody uses any more, is none."""
        link = cls.get_or_none(cls.token_hash == tokens.fingerprint(token))
        return link if link and link.is_live else None

    @classmethod
    def by_number(cls, number: int) -> "PortalLink | None":
        """None for a site's while the installation keeps no equipment (T7)."""
        link = cls.get_or_none(cls.id == number)
        return None if link and link.site_id and not CustomerSettings.uses_equipment else link

    @classmethod
    def listed(cls, *, organization: Organization | None = None, site: Site | None = None) -> "list[PortalLink]":
        """The links of a site, of an organization and its sites, or the generic ones; live ones and newest first.

        Those of sites only while the installation keeps equipment (T7).
        """
        query = cls.select(cls, Site, PortalLinkUse).join(Site, JOIN.LEFT_OUTER)
        query = query.join_from(cls, PortalLinkUse, JOIN.LEFT_OUTER, on=(PortalLinkUse.link == cls.id), attr="trace")
        if site:
            query = query.where(cls.site == site)
        elif organization:
            query = query.where(cls.organization == organization)
        else:
            query = query.where(cls.organization.is_null())
        if not CustomerSettings.uses_equipment:
            query = query.where(cls.site.is_null())
        return list(query.order_by(cls.revoked_at.is_null(False), cls.id.desc()).limit(MOST_SHOWN))

    @staticmethod
    def generic_organization() -> Organization | None:
        """The organization that the setting names."""
        chosen = CustomerSettings.generic_organization
        return Organization.by_number(chosen) if chosen else None

    @property
    def token(self) -> str:
        """What the address carries. Only who holds the installation's key can make it."""
        return tokens.short(secrets.keys().derive("link"), "portal", self.id, self.nonce)

    @property
    def url(self) -> str:
        return links.absolute(f"/p/{self.token}")

    @property
    def short_url(self) -> str:
        """To be typed from a sticker: without the scheme."""
        return self.url.partition("://")[2]

    @property
    def is_generic(self) -> bool:
        return self.organization_id is None

    @property
    def owner(self) -> Organization | None:
        """Whose tickets it opens."""
        return self.generic_organization() if self.is_generic else self.organization

    @property
    def is_live(self) -> bool:
        """The page behind it is gone with its revocation, its organization, its site, or the setting behind it."""
        if self.revoked_at is not None or (self.site_id and not CustomerSettings.uses_equipment):
            return False
        owner = self.owner
        return owner is not None and owner.is_active and (self.site is None or self.site.is_active)

    @property
    def name(self) -> str:
        """Whose link it is, as its page says."""
        if self.site:
            return f"{self.organization.name} · {self.site.name}"
        return self.organization.name if self.organization else ""

    @property
    def equipment(self) -> list[Equipment]:
        """What a ticket by this link may be about."""
        if self.is_generic or not CustomerSettings.uses_equipment:
            return []
        place = (Equipment.site == self.site) if self.site_id else (Equipment.organization == self.organization)
        return list(
            Equipment.select().where(place, Equipment.is_active).order_by(Equipment.name, Equipment.serial).limit(500)
        )

    @transaction()
    def revoke(self, *, by: Any) -> None:
        """Whoever holds it finds nothing behind it any more."""
        self.lock()
        if self.revoked_at is None:
            self.change(revoked_at=now(), revoked_by=by)
            record("portal_link.revoked", by=by, about=self)

    @classmethod
    @transaction()
    def revoke_all(cls, organization: Organization, *, by: Any) -> int:
        """Every link of the organization and of its sites. Returns how many there were."""
        there = list(cls.select().where(cls.organization == organization, cls.revoked_at.is_null()))
        for link in there:
            link.revoke(by=by)
        return len(there)

    def used(self) -> None:
        """A trace, not a change: when it was last opened."""
        PortalLinkUse.insert(link=self, uses=1, last_used_at=now()).on_conflict(
            conflict_target=[PortalLinkUse.link],
            update={PortalLinkUse.uses: PortalLinkUse.uses + 1, PortalLinkUse.last_used_at: now()},
        ).execute()


class PortalLinkUse(Record):
    """The traces of a link: apart, so that a GET never writes to the link itself."""

    link = ForeignKeyField(PortalLink, unique=True, backref="use", on_delete="CASCADE")
    uses = IntegerField(default=0)
    last_used_at = UTCDateTimeField(null=True)


class PortalGuest(Record):
    """Somebody who has said by a link who they are: an address of their own, because a frame keeps no cookie.

    Nobody has proved anything by it: it opens what was written by it, and what the link opens anyhow.
    """

    link = ForeignKeyField(PortalLink, backref="guests", on_delete="CASCADE")
    person = DeferredForeignKey("Person", on_delete="CASCADE")
    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def admit(cls, link: PortalLink, person: Any) -> "PortalGuest":
        """In the caller's transaction."""
        guest = cls.create(link=link, person=person)
        guest.change(token_hash=tokens.fingerprint(guest.token))
        return guest

    @classmethod
    def by_token(cls, token: str) -> "PortalGuest | None":
        """The guest of this token, while the link that let them in is live and the person active."""
        guest = cls.get_or_none(cls.token_hash == tokens.fingerprint(token))
        return guest if guest and guest.link.is_live and guest.person.is_active else None

    @property
    def token(self) -> str:
        return tokens.make(secrets.keys().derive("link"), "portal-guest", self.id, self.nonce)
