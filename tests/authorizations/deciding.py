"""What the tests of decisions have in common: a request with two items, and somebody who answers it."""

import json
from decimal import Decimal

from app.accounts.visitor import Access
from app.authorizations.authorization import Authorization
from app.authorizations.code import DecisionCode
from app.authorizations.item import WHOLE
from app.authorizations.signature import TypedSignature

TEXT = "Replace the seal of the press. Prices without VAT."
ITEMS = [("A new seal", Decimal("962.00")), ("Labour and gas", Decimal("286.50"))]
DRAWN = json.dumps({"width": 350, "height": 168, "strokes": [[[20, 100], [80, 40], [140, 120], [220, 50], [300, 110]]]})


def ask(world, text=TEXT, items=ITEMS, **how):
    return world.leak.request_authorization(text, by=world.ben, items=items, **how)


def decide(asked, by, choice=WHOLE, **how):
    asked = Authorization.get_by_id(asked.id)
    given = {"name": by.name, "signature": TypedSignature(by.name), "access": Access(ip="192.0.2.7"), "language": "en"}
    return asked.authorize(by=by, choice=choice, **{**given, **how})


def last_code(asked):
    return DecisionCode.select().where(DecisionCode.authorization == asked).order_by(DecisionCode.id.desc()).get()
