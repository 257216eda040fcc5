"""A project is handed over to another lead of the same organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.requests import next_page, posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.project_lead import LeadForm
from orders.services.projects import projects
from orders.views.project_page import find


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the new lead; afterwards the old one reads the project as anybody of the organisation does."""
    project, by = find(request, reference), Actor.of(request.user)
    projects.check_may_hand_over(project, by=by)
    back = request.POST.get("next") or request.GET.get("next", "")
    form = LeadForm(posted(request), project=project)
    if form.is_valid():
        to = form.cleaned_data["lead"]
        if tried(request, form, lambda: projects.hand_over(project, to=to, by=by)):
            messages.success(request, _("Handed over to %(name)s.") % {"name": to})
            return redirect(next_page(request, back, reverse("projects")))
    context = {"project": project, "form": form, "back": back}
    return render(request, "orders/projects/hand_over.html", context, status=form_status(form))
