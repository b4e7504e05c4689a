"""What certificates are sealed with: the installation's own key, or a company's PKCS#12."""

from typing import Any

from flask import g, url_for

from app.authorizations.forms import SealForm
from app.authorizations.seal import Seal
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.settings.desk import settings

PAGE = "settings/desk/seal.html"


@settings.get("/seal")
def edit_seal() -> Any:
    return page(PAGE, form=SealForm(formdata=None), seal=Seal.in_use(), seals=Seal.known())


@settings.post("/seal")
def update_seal() -> Any:
    """A company's own key from now on."""
    form = SealForm()
    try:
        seal = Seal.bring(form.data_of_file(), password=form.password.data or "", by=g.me)
    except Refused as problem:
        shown = {"seal": Seal.in_use(), "seals": Seal.known()}
        return page(PAGE, form=form.refuse(problem), status=problem.status, **shown)
    return done(url_for(".edit_seal"), said=_("Certificates are sealed as “%(name)s” from now on.", name=seal.subject))


@settings.post("/seal/own")
def create_own_seal() -> Any:
    Seal.go_back(by=g.me)
    return done(url_for(".edit_seal"), said=_("Certificates are sealed with the installation's own key again."))
