"""Certificates, made in the background."""

from app.authorizations.authorization import Authorization
from app.authorizations.certificate import Certificate
from app.timeline.event import Event


def seal_certificate(event: Event) -> None:
    """Makes and seals the certificate of a decision, once."""
    about = event.about
    certificate = about if isinstance(about, Certificate) else None
    if isinstance(about, Authorization) and about.decision:
        certificate = Certificate.of(about.decision)
    if certificate:
        certificate.make()
