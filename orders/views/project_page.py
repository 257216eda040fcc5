"""What the page of a project tells a reader: its people, or the desk."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Adviser
from accounts.policies import is_desk
from orders.forms.project_reports import PublicationForm, ReportForm
from orders.forms.project_reviews import (
    MoreForm,
    OfferForm,
    ReviewerForm,
    YearForm,
    later_years,
)
from orders.ledger.sums import allotted
from orders.models import Order, Project, Track, mean_of
from orders.policies.projects import may_write, steps_open_to
from orders.services.projects import project_decisions, project_reports, project_years
from orders.services.projects.project_reading import timeline, turn_of, words_of
from orders.services.projects.project_use import usable_by
from orders.services.projects.project_verbs import BUTTONS
from orders.services.projects.projects import may_hand_over
from orders.states.partner import OPEN
from orders.states.project import DESK, PROJECT, ProjectState
from orders.states.review import ReviewState
from orders.views.shapes import of_project

MOST_ORDERS = 50


def find(request: HttpRequest, reference: str) -> Project:
    rows = Project.objects.visible_to(request.user).select_related("organisation", "lead")
    return get_object_or_404(rows, reference=reference)


def shown(found: Project, user: Any) -> dict[str, Any]:
    """What the page of a project tells a reader."""
    steps = steps_open_to(user, found)
    if found.state == ProjectState.APPEALED and not project_decisions.may_decide_appeal(
        found, user
    ):
        steps = {}  # another officer's
    context = {
        "project": found,
        "turn": turn_of(found, user),
        "words": words_of(found),
        "steps": {name: row for name, row in steps.items() if name in BUTTONS},
        "advices": _advices(found) if user.pk == found.lead_id else [],
        "may_write": may_write(user, found),
        "may_hand_over": may_hand_over(found, user),
        "lead_left": Project.objects.leaderless().filter(pk=found.pk).exists(),
        "themes": found.themes.all(),
        "wishes": found.wishes.select_related("sensor"),
        "areas": found.areas.all(),
        "partners": found.partners.filter(state__in=OPEN).select_related("organisation", "user"),
        "shapes": of_project(found),
        "history": timeline(found),
        "is_lead": user.pk == found.lead_id,
        "allotments": [
            (account, allotted(account)) for account in project_decisions.allotments_of(found)
        ],
        "shares": found.shares.planned().select_related("sensor"),
        "basket_size": found.basket.count(),
        "orders": Order.objects.visible_to(user).filter(project=found)[:MOST_ORDERS],
        "reports": found.reports.all(),
        "report_form": ReportForm(),
        "publications": found.publications.filter(removed_at=None),
        "may_publish": _may_publish(found, user),
        "publication_form": PublicationForm(),
        "thanks": [
            (code, project_reports.acknowledgement(found, code))
            for code, _name in settings.LANGUAGES
        ]
        if found.approved_at
        else [],
        "may_order": usable_by(user).filter(pk=found.pk).exists(),
    }
    if is_desk(user) and found.lead_id != user.pk:
        context |= _for_desk(found, user)
    return context


def _may_publish(found: Project, user: Any) -> bool:
    decided = found.state in (ProjectState.APPROVED, ProjectState.CLOSED)
    return decided and Project.objects.of_person(user).filter(pk=found.pk).exists()


def _advices(found: Project) -> list[str]:
    """What reviewers wrote for the lead, without a name, once the desk has decided."""
    if found.state in UNDECIDED:
        return []
    given = found.reviews.filter(state=ReviewState.GIVEN).exclude(for_lead="")
    return list(given.values_list("for_lead", flat=True))


# While nothing is decided, the reviews are the desk's alone.
UNDECIDED = frozenset(
    {
        ProjectState.DRAFT,
        ProjectState.SUBMITTED,
        ProjectState.IN_REVIEW,
        ProjectState.REVIEWED,
        ProjectState.WITHDRAWN,
    }
)


def _for_desk(found: Project, user: Any) -> dict[str, Any]:
    """What the desk reads beside: the reviews, and its forms."""
    reviews = list(found.reviews.prefetch_related("scores__criterion"))
    open_ = {name for name, row in PROJECT.open_from(found.state).items() if DESK in row.actors}
    forms: dict[str, Any] = {}
    if found.state == ProjectState.APPEALED:
        forms["is_other_officer"] = project_decisions.may_decide_appeal(found, user)
    if "ask_reviews" in open_ or found.state == ProjectState.IN_REVIEW:
        forms["reviewer_form"] = ReviewerForm(initial=_first_reviewer(found, reviews))
    if open_ & {"approve", "offer"}:
        forms["free"] = project_decisions.free_for(found)
    if "offer" in open_:
        forms["offer_form"] = OfferForm(project=found)
    if found.state == ProjectState.APPROVED:
        forms["more_form"] = MoreForm(initial={"submission": uuid.uuid4().hex})
        forms["lacking"] = project_years.lacking(found)
        if later_years(found):
            forms["year_form"] = YearForm(project=found)
    return forms | {"reviews": reviews, "mean": mean_of(reviews), "at_desk": True}


def _first_reviewer(project: Project, reviews: list[Any]) -> dict[str, str]:
    """CNES is asked first of a project that it would co-fund."""
    adviser = Adviser.objects.filter(code="cnes").exclude(email="").first()
    if project.track != Track.COFUNDED or reviews or adviser is None:
        return {}
    return {
        "name": adviser.name,
        "email": adviser.email,
        "body": adviser.name,
        "language": adviser.language,
    }
