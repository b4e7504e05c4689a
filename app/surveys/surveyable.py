"""What a ticket can do with surveys."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.surveys.settings import SurveySettings
from app.surveys.survey import Survey, SurveyInvitation

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NoSurvey(Refused):
    says = _l("There is no survey yet. An administrator can make one in the settings.")


class NobodyToSurvey(Refused):
    says = _l("There is nobody to ask: the ticket has no customer with an e-mail address.")


class Surveyable:
    """Asking the customer what they thought."""

    @transaction()
    def send_survey(self: "Ticket", *, by: Person, held_until: datetime | None = None) -> SurveyInvitation:
        """Mails the category's survey, else the generic one (S2). Raises TicketAway, NoSurvey, NobodyToSurvey.

        Pressed twice, it goes once. `held_until`: it leaves with a closing that can be taken back until then.
        """
        demand(by, "survey")
        self.lock()
        if (asked := self.just("survey.sent", by=by)) and isinstance(asked.about, SurveyInvitation):
            return asked.about
        survey = Survey.for_category(self.category)
        if survey is None:
            raise NoSurvey
        if self.is_internal or self.requester is None or not self.email:
            raise NobodyToSurvey
        invitation = SurveyInvitation.issue(survey, self, self.requester)
        event = self.record("survey.sent", by=by, about=invitation, held_until=held_until)
        self.mail_customer("surveys.sent", event=event, about=invitation, only=self.requester)
        return invitation

    def survey_after_close(self: "Ticket", *, by: Person, held_until: datetime | None) -> None:
        """The automatic one (S1), where the setting is on and there is somebody to ask."""
        askable = self.requester is not None and self.email and not self.is_internal
        if SurveySettings.send_on_close and askable and Survey.for_category(self.category):
            self.send_survey(by=by, held_until=held_until)
