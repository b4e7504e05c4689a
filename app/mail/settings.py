"""What is taken for spam, and how long mail is kept."""

from app.lib.words import lazy_gettext as _l
from app.settings.section import Days, Flag, Section, Text

HOSTS = r"\s*(?:(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z]{2,63}(?:[\s,]+|$)){0,4}"
WEB = r"\s*(?:https?://[A-Za-z0-9_.:\[\]-]{1,255}/?)?\s*"


class SpamSettings(Section):
    """What sends a mail into quarantine instead of opening a ticket."""

    title = _l("Spam")

    heeds_marks = Flag(
        True,
        _l("Trust the spam marks of the receiving server"),
        _l(
            "Mail that your own server marks as spam waits in quarantine. Marks that others wrote into it do not count."
        ),
    )
    block_lists = Text(
        "",
        _l("DNS block lists"),
        _l("Names such as zen.spamhaus.org, up to four, separated by spaces. Empty: no list is asked."),
        matches=(HOSTS, _l("Names of lists, separated by spaces, four at most.")),
    )
    rspamd = Text(
        "",
        _l("rspamd"),
        _l("Address of its worker, such as http://127.0.0.1:11333. Empty: it is not asked."),
        matches=(WEB, _l("An address that begins with http:// or https://, without a path.")),
    )


class LedgerSettings(Section):
    """How long a mail of which no ticket was made is kept as it came. Its line in the ledger stays."""

    title = _l("Keeping mail")

    keep_discarded = Days(
        30, _l("Keep discarded mail"), _l("Days. 0: for good. Mail that belongs to a ticket is always kept.")
    )
    keep_quarantined = Days(90, _l("Keep mail in quarantine"), _l("Days. 0: for good."))
    keep_ignored = Days(90, _l("Keep ignored mail"), _l("Days. 0: for good."))
    keep_passed = Days(180, _l("Keep mail that was passed over"), _l("Days. 0: for good."))
