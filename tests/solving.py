"""What a visitor's browser computes for the public form."""

import altcha

from app.lib import proof


def solved() -> str:
    """The solution of a fresh challenge, as the widget puts it into the form."""
    challenge = altcha.Challenge.from_dict(proof.challenge())
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()
