"""Projects: one's own list, a new one, its page, its form, its steps."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_member, is_member
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.projects import (
    AreaForm,
    PartnerForm,
    ProjectForm,
    WishForms,
    WordsForm,
    wishes_of,
)
from orders.models import Project, ProjectPartner
from orders.policies.projects import check_may_write
from orders.services.projects import project_verbs, projects
from orders.services.projects.project_reading import turn_of, words_of
from orders.views.project_page import find, shown
from orders.views.shapes import of_project

PER_PAGE = 25


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The reader's projects, then those of the organisations they lead; invitations that wait."""
    user = request.user
    found = (
        Project.objects.around(user)
        .select_related("organisation", "lead")
        .prefetch_related("reports")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(project, turn_of(project, user)) for project in page.object_list]
    leaderless = set(found.leaderless().values_list("pk", flat=True))
    shown.sort(key=lambda one: not (one[1].is_yours or one[0].pk in leaderless))
    context = {
        "page": page,
        "projects": shown,
        "leaderless": leaderless,
        "invitations": ProjectPartner.objects.to_answer(user),
        "may_begin": is_member(user),
    }
    return render(request, "orders/projects/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a project: kept as a draft, then completed."""
    check_is_member(request.user)
    form = ProjectForm(request.POST or None)
    rows = WishForms(request.POST or None, prefix="wish")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        facts = form.facts(rows)
        made = tried(request, form, lambda: projects.begin(facts, by=Actor.of(request.user)))
        if made:
            messages.success(request, _("Kept as a draft. Now its places and its partners."))
            return redirect("project_edit", reference=made.reference)
    context = {"form": form, "rows": rows}
    return render(request, "orders/projects/edit.html", context, status=_status(form, rows))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a project that is not sent; with `submit`, send it too."""
    project = find(request, reference)
    by = Actor.of(request.user)
    check_may_write(by, project)
    form = ProjectForm(request.POST or None, project=project)
    # Bound without the rows kept before: what is sent is the whole of it.
    kept = None if request.method == "POST" else wishes_of(project)
    rows = WishForms(request.POST or None, prefix="wish", initial=kept)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        facts = form.facts(rows)
        project = tried(request, form, lambda: projects.write(project, facts, by=by)) or project
        if not hasattr(form, "refused") and "submit" in request.POST:
            tried(request, form, lambda: projects.submit(project, by=by))
            if not hasattr(form, "refused"):
                messages.success(request, _("Submitted: the DINAMIS desk reads it."))
                return redirect(project)
        if not hasattr(form, "refused"):
            messages.success(request, _("Kept."))
            return redirect("project_edit", reference=reference)
    return editing(request, project, form=form, rows=rows)


def editing(
    request: HttpRequest, project: Project, *, form: Any = None, rows: Any = None, **forms: Any
) -> HttpResponse:
    """The page of the form, with whichever of its forms was refused."""
    form = form or ProjectForm(project=project)
    rows = rows or WishForms(prefix="wish", initial=wishes_of(project))
    bound = [one for one in (form, *forms.values()) if one.is_bound]
    context = {
        "project": project,
        "turn": turn_of(project, request.user),
        "form": form,
        "rows": rows,
        "lacking": projects.missing(project),
        "areas": project.areas.all(),
        "shapes": of_project(project),
        "partners": project.partners.select_related("organisation", "user"),
        "area_form": AreaForm(prefix="area"),
        "words": words_of(project),
        "partner_form": PartnerForm(prefix="partner", initial={"language": request.LANGUAGE_CODE}),
    } | forms
    status = max([form_status(one) for one in bound] + [_status(form, rows)])
    return render(request, "orders/projects/edit.html", context, status=status)


@require_safe
def project(request: HttpRequest, reference: str) -> HttpResponse:
    """One project: whose turn, what is open to the reader, what it says, what happened."""
    found = find(request, reference)
    return render(request, "orders/projects/project.html", shown(found, request.user))


@require_POST
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Take a step of a project: what the buttons send."""
    found = find(request, reference)
    form = WordsForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    found = project_verbs.take(found, name, by=Actor.of(request.user), reason=reason)
    messages.success(request, turn_of(found, request.user).text)
    return redirect(found)


def _status(form: Any, rows: Any) -> int:
    return 422 if rows.is_bound and not rows.is_valid() else form_status(form)
