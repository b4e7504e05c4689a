"""When surveys leave by themselves."""

from app.lib.words import lazy_gettext as _l
from app.settings.section import Flag, Section


class SurveySettings(Section):
    """Sending surveys."""

    title = _l("Surveys")

    send_on_close = Flag(
        False, _l("Send the survey automatically"), _l("On each close by the team, not on one by the customer.")
    )
