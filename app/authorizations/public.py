"""Checking a certificate, by anybody: what holds of it and what does not."""

from contextlib import closing
from typing import Any

from flask import Blueprint

from app.authorizations.checking import LARGEST, check
from app.authorizations.forms import VerifyForm
from app.lib.limits import limiter
from app.lib.pages import page
from app.lib.refusals import Refused

authorizations = Blueprint("authorizations", __name__)
PAGE = "authorizations/public/verify.html"


@authorizations.get("/verify")
def new() -> Any:
    return page(PAGE, form=VerifyForm(formdata=None), checked=None)


@authorizations.post("/verify")
@limiter.limit("10/minute;60/hour")
def create() -> Any:
    """Nothing is kept: the answer is the page itself."""
    form = VerifyForm()
    upload = form.file.data
    try:
        data = b""
        if getattr(upload, "filename", None):
            with closing(upload):
                data = upload.stream.read(LARGEST + 1)
        return page(PAGE, "verification", form=form, checked=check(data))
    except Refused as problem:
        return page(PAGE, "verification", form=form.refuse(problem), checked=None, status=problem.status)
