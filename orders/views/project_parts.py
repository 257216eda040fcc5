"""The places and the partners of a project; the page of a partner, who may have no account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.services import links
from catalogue.services import given_areas
from catalogue.services.given_areas import Choice, Rules
from dinamis.actors import Actor
from dinamis.errors import Refused
from dinamis.forms import tried
from orders.forms.projects import AreaForm, PartnerForm
from orders.models import Project, ProjectPartner
from orders.policies.projects import check_may_write
from orders.services.projects import project_parts
from orders.views.project_page import find
from orders.views.projects import editing
from orders.views.shapes import of_project

VERBS = {"remove": project_parts.remove, "invite-again": project_parts.invite_again}
ANSWERS = {"accept", "decline"}


@require_POST
def add_area(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the place drawn or pasted, or every outline of a file."""
    project = find(request, reference)
    by = Actor.of(request.user)
    check_may_write(by, project)
    form = AreaForm(request.POST, request.FILES, prefix="area")
    if form.is_valid():
        taken = _taken(form)
        for choice in taken:
            if choice.checked is None:
                form.add_error(None, f"{choice.name}: {choice.refusal}")
                continue
            name = form.cleaned_data["name"] or choice.name
            checked = choice.checked
            tried(
                request,
                form,
                lambda: project_parts.add_area(project, checked, name=name, by=by),  # noqa: B023
            )
        if not form.errors:
            messages.success(request, _("The place is added."))
            return redirect("project_edit", reference=reference)
    return editing(request, project, area_form=form)


def _taken(form: AreaForm) -> list[Choice]:
    """What was sent; a refusal goes back to the form, and nothing is taken."""
    said, rules = form.cleaned_data, Rules(trusted=True)
    try:
        if said["file"]:
            return given_areas.uploaded(said["file"].name, said["file"], rules)[:20]
        return [Choice(said["name"], given_areas.pasted(said["text"], rules))]
    except Refused as refused:
        form.add_error("file" if said["file"] else "text", str(refused.sentence))
        return []


@require_POST
def remove_area(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    project = find(request, reference)
    project_parts.remove_area(project, pk, by=Actor.of(request.user))
    messages.success(request, _("The place is removed."))
    return redirect("project_edit", reference=reference)


@require_POST
def invite(request: HttpRequest, reference: str) -> HttpResponse:
    """Name a partner, who is asked by mail."""
    project = find(request, reference)
    form = PartnerForm(request.POST, prefix="partner")
    if form.is_valid():
        asked, by = form.asked, Actor.of(request.user)
        if tried(request, form, lambda: project_parts.invite(project, asked, by=by)):
            messages.success(request, _("Invited by mail."))
            return redirect(_back(request, project))
    check_may_write(Actor.of(request.user), project)
    return editing(request, project, partner_form=form)


@require_POST
def partner_step(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    """Take a partner out, or send the link again."""
    project = find(request, reference)
    if name not in VERBS:
        raise Http404
    partner = get_object_or_404(project.partners, pk=pk)
    VERBS[name](partner, by=Actor.of(request.user))
    said = {"remove": _("Removed from the project."), "invite-again": _("A new link goes out.")}
    messages.success(request, said[name])
    return redirect(_back(request, project))


@require_POST
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The answer of somebody who is signed in with the address that was invited."""
    if name not in ANSWERS:
        raise Http404
    partner = get_object_or_404(ProjectPartner.objects.to_answer(request.user), pk=pk)
    partner = project_parts.answer(partner, name, by=Actor.of(request.user))
    messages.success(request, _said(name))
    return redirect(partner.project if name == "accept" else "projects")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a mailed link: what the project is, and the two answers. Only a POST acts."""
    link = links.find(token, project_parts.PURPOSE)
    found = project_parts.of_link(link)
    name = request.POST.get("answer", "")
    if request.method == "POST" and name in ANSWERS:
        found = project_parts.answer(found, name, by=Actor.through(link))
        context = {"partner": found, "project": found.project}
        return render(request, "orders/projects/partner_done.html", context)
    context = {
        "partner": found,
        "project": found.project,
        "link": link,
        "shapes": of_project(found.project),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "orders/projects/partner.html", context, status=status)


def _said(name: str) -> str:
    if name == "accept":
        return _("You take part. The project stands among yours.")
    return _("The lead is told that you do not take part.")


def _back(request: HttpRequest, project: Project) -> str:
    """The page that the form stood on."""
    tail = "edit" if request.POST.get("back") == "edit" else ""
    return project.get_absolute_url() + tail
