"""The desk's projects: the queue, the people asked, the decisions; and the page of a reviewer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_desk
from accounts.services import links
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.project_reviews import (
    MoreForm,
    OfferForm,
    ReviewerForm,
    ReviewForm,
    YearForm,
)
from orders.models import Project
from orders.services.projects import project_decisions, project_reviews, project_years
from orders.services.projects.project_reading import turn_of
from orders.states.project import ProjectState
from orders.views.project_page import find, shown
from orders.views.shapes import of_project

VIEWS = {
    "decide": (
        gettext_lazy("To decide"),
        [ProjectState.SUBMITTED, ProjectState.REVIEWED, ProjectState.APPEALED],
    ),
    "review": (gettext_lazy("With the reviewers"), [ProjectState.IN_REVIEW]),
    "lead": (gettext_lazy("With the lead"), [ProjectState.TO_COMPLETE, ProjectState.OFFERED]),
    "approved": (gettext_lazy("Under way"), [ProjectState.APPROVED]),
    "over": (
        gettext_lazy("Over"),
        [
            ProjectState.REFUSED,
            ProjectState.DISMISSED,
            ProjectState.WITHDRAWN,
            ProjectState.CLOSED,
        ],
    ),
}
A_PAGE = 50


@require_safe
def desk_projects(request: HttpRequest) -> HttpResponse:
    """The desk's queue, who waited longest first."""
    check_is_desk(request.user)
    key = request.GET.get("view", "decide")
    if key not in VIEWS:
        raise Http404
    rows = Project.objects.visible_to(request.user)
    found = rows.filter(state__in=VIEWS[key][1]).select_related("organisation", "lead")
    found = found.prefetch_related("reports")
    page = Paginator(found.order_by("due_at", "pk"), A_PAGE).get_page(request.GET.get("page"))
    views = [
        (name, label, rows.filter(state__in=states).count())
        for name, (label, states) in VIEWS.items()
    ]
    shown_rows = [(one, turn_of(one, request.user)) for one in page]
    context = {"key": key, "views": views, "page": page, "rows": shown_rows}
    return render(request, "orders/desk/projects.html", context)


@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask one more reviewer."""
    check_is_desk(request.user)
    project = find(request, reference)
    form = ReviewerForm(request.POST)
    if form.is_valid():
        by = Actor.of(request.user)
        if tried(request, form, lambda: project_reviews.ask(project, form.named, by=by)):
            messages.success(request, _("Asked by mail."))
            return redirect(project)
    return _again(request, project, form, reviewer_form=form)


@require_POST
def withdraw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Wait for a reviewer no more."""
    check_is_desk(request.user)
    project = find(request, reference)
    review = get_object_or_404(project.reviews, pk=pk)
    project_reviews.withdraw(review, by=Actor.of(request.user))
    messages.success(request, _("Not asked any more."))
    return redirect(project)


@require_POST
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer a part, wish by wish."""
    check_is_desk(request.user)
    project = find(request, reference)
    form = OfferForm(request.POST, project=project)
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], Actor.of(request.user)
        if tried(
            request,
            form,
            lambda: project_decisions.offer(project, form.amounts, reason=reason, by=by),
        ):
            messages.success(request, _("Offered: the lead accepts it, or says why not."))
            return redirect(project)
    return _again(request, project, form, offer_form=form)


@require_POST
def more(request: HttpRequest, reference: str) -> HttpResponse:
    """Allot more to an approved project."""
    check_is_desk(request.user)
    project = find(request, reference)
    form = MoreForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if tried(
            request,
            form,
            lambda: project_decisions.allot_more(
                project,
                said["sensor"],
                said["amount"],
                reason=said["reason"],
                key=f"more:{said['submission']}",
                by=Actor.of(request.user),
            ),
        ):
            messages.success(request, _("Allotted."))
            return redirect(project)
    return _again(request, project, form, more_form=form)


@require_POST
def plan_year(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan what an approved project gets of a later year."""
    check_is_desk(request.user)
    project = find(request, reference)
    form = YearForm(request.POST, project=project)
    if form.is_valid():
        said, by = form.cleaned_data, Actor.of(request.user)
        if tried(
            request,
            form,
            lambda: project_years.plan(
                project, said["sensor"], said["year"], said["amount"], reason=said["reason"], by=by
            ),
        ):
            messages.success(request, _("Planned: allotted by itself once that year is open."))
            return redirect(project)
    return _again(request, project, form, year_form=form)


@require_POST
def drop_year(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Give up what was planned for a later year."""
    check_is_desk(request.user)
    project = find(request, reference)
    share = get_object_or_404(project.shares, pk=pk)
    reason = request.POST.get("reason", "")[:2000]
    project_years.drop(share, reason=reason, by=Actor.of(request.user))
    messages.success(request, _("Given up."))
    return redirect(project)


def _again(request: HttpRequest, project: Project, form: Any, **bound: Any) -> HttpResponse:
    context = shown(project, request.user) | bound
    return render(request, "orders/projects/project.html", context, status=form_status(form))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a reviewer, who needs no account. Only a POST acts."""
    link = links.find(token, project_reviews.PURPOSE)
    found = project_reviews.of_link(link)
    by = Actor.through(link)
    if "decline" in request.POST:
        reason = request.POST.get("reason", "")[:4000]
        project_reviews.decline(found, reason=reason, by=by)
        return render(request, "orders/projects/review_done.html", {"project": found.project})
    form = ReviewForm(request.POST or None, review=found)
    if form.is_valid() and tried(
        request, form, lambda: project_reviews.give(found, form.given, by=by)
    ):
        return render(request, "orders/projects/review_done.html", {"project": found.project})
    project = found.project
    context = {
        "review": found,
        "project": project,
        "link": link,
        "form": form,
        "themes": project.themes.all(),
        "wishes": project.wishes.select_related("sensor"),
        "shapes": of_project(project),
    }
    return render(request, "orders/projects/review.html", context, status=form_status(form))
