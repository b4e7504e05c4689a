"""Every report there is, in the order in which they are offered."""

from app.reports.flow import ByCategory, ByChannel, ByStatus, OpenNow, PerDay, Workload
from app.reports.promptness import FirstResponse, InTime, InTimeOverTime
from app.reports.report import Report
from app.reports.satisfaction import Satisfaction, Scores
from app.tickets.settings import TicketSettings

REPORTS: dict[str, type[Report]] = {
    report.key: report
    for report in (
        OpenNow, FirstResponse, InTime, Satisfaction, PerDay, ByStatus, InTimeOverTime, Scores, Workload, ByChannel,
        ByCategory,
    )
}  # fmt: skip
USUAL = [key for key in REPORTS if key not in ("by-channel", "by-category")]  # of a panel nobody has changed


def offered() -> dict[str, type[Report]]:
    """Those whose field is not switched off."""
    off = TicketSettings.fields_off
    return {key: report for key, report in REPORTS.items() if report.field not in off}
