"""What time does to projects by itself: reviews fall silent, offers lapse, what closed projects get back moves on."""

import structlog
from django.utils import timezone

from dinamis.errors import Refused
from orders.models import Project
from orders.services.projects import (
    project_decisions,
    project_leads,
    project_reports,
    project_reviews,
    project_years,
)

log = structlog.get_logger(__name__)


def tick(most: int) -> dict[str, int]:
    """Do everything whose time has come; return how many of each were done."""
    return {
        "reviews_silent": project_reviews.fall_silent_overdue(most),
        "reviews_reminded": project_reviews.remind(most),
        "projects_lapsed": _lapse(most),
        "projects_ended": project_reports.close_ended(most),
        "reports_asked": project_reports.ask_due(most),
        "reports_reminded": project_reports.remind(most),
        "reports_escalated": project_reports.escalate(most),
        "project_leads_escalated": project_leads.escalate(most),
        "project_years_given": project_years.give_due(most),
        "projects_given_back": project_decisions.give_back_returns(most),
    }


def _lapse(most: int) -> int:
    done = 0
    for project in Project.objects.unanswered(timezone.now())[:most]:
        try:
            project_decisions.lapse(project)
        except Refused as refused:
            log.info("clock_too_late", row=str(project), code=refused.code)
        else:
            done += 1
    return done
