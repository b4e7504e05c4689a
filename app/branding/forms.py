"""The form of a company's look: a theme, and a picture for each place."""

from typing import Any, ClassVar

from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import BooleanField, FileField, HiddenField, RadioField
from wtforms.validators import DataRequired

from app.branding.company import THEMES, Company
from app.branding.picture import PLACES, Picture
from app.lib import secrets
from app.lib.forms import Form, offer
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

DRAFTS_LAST = 12 * 3600  # seconds; the store's sweep leaves what is younger than a day
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


class LookForm(Form):
    """What is chosen travels in the form, signed, until somebody presses Confirm."""

    sizes: ClassVar[dict[str, Any]] = {
        "portal_logo": _l("Above each page of the portal, in mails and documents. About 640 × 160 pixels."),
        "home_logo": _l("On the support and sign-in pages. About 1200 × 400 pixels."),
        "desk_logo": _l("Above the team's menu. About 480 × 120 pixels."),
        "favicon": _l("On the browser's tab. A square of 180 pixels or more."),
    }

    theme = RadioField(_l("Theme"), [DataRequired(_l("Fill this in."))], choices=offer(THEMES.items()))

    def chosen(self, company: Company) -> dict[str, Picture | None]:
        """The pictures that would change, those of earlier previews too. Raises NoPicture, Drawing, TooHeavy."""
        chosen: dict[str, Picture | None] = {}
        problem = None
        for place in PLACES:
            try:
                if picture := self._picture(place, company):
                    chosen[place] = picture
                    self[f"{place}_draft"].data = drafts(company, place).dumps(list(picture))
                    self[f"{place}_removed"].data = False
                elif self[f"{place}_removed"].data:
                    chosen[place] = None
            except Refused as refused:
                problem = problem or refused
        if problem:
            raise problem
        return chosen

    def _picture(self, place: str, company: Company) -> Picture | None:
        upload = self[place].data
        if getattr(upload, "filename", None):
            return Picture.keep(upload, place)
        if self[f"{place}_removed"].data:
            self[f"{place}_draft"].data = ""
            return None
        return draft_of(company, place, self[f"{place}_draft"].data or "")


for _place, _label in PLACES.items():  # three fields each
    setattr(LookForm, _place, FileField(_label, description=LookForm.sizes[_place], render_kw={"accept": ACCEPTED}))
    setattr(LookForm, f"{_place}_draft", HiddenField())
    setattr(LookForm, f"{_place}_removed", BooleanField(_l("Take it down")))


def drafts(company: Company, place: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secrets.keys().derive_all("look")[::-1], salt=f"{company.id}:{place}")


def draft_of(company: Company, place: str, token: str) -> Picture | None:
    """The picture of an earlier preview; a name that we did not sign names nothing in the store."""
    try:
        return Picture(*drafts(company, place).loads(token, max_age=DRAFTS_LAST)) if token else None
    except BadSignature:
        return None
