"""Absences: who decides meanwhile, seen by everybody with a duty, named by the holder or an administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.delegations import DelegationForm
from accounts.models import Delegation
from accounts.policies import check_has_some_duty, is_administrator
from accounts.services.people import delegations
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

PAST = 20  # absences that are over, shown below


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, who decides meanwhile; and the form to name somebody."""
    check_has_some_duty(request.user)
    form = DelegationForm(request.POST or None, user=request.user)
    if form.is_valid():
        said = dict(form.cleaned_data)
        duty, receiver, by = said.pop("duty"), said.pop("email"), Actor.of(request.user)

        def act() -> Delegation:
            return delegations.name_deputy(duty.user, receiver, kind=duty.kind, by=by, **said)

        if made := tried(request, form, act):
            words = {"person": made.receiver, "giver": made.giver}
            messages.success(request, _("%(person)s decides in the place of %(giver)s.") % words)
            return redirect("desk_absences")
    seen = Delegation.objects.visible_to(request.user).select_related("giver", "receiver")
    standing = list(seen.standing())
    context = {
        "standing": standing,
        "past": seen.exclude(pk__in=[one.pk for one in standing]).order_by("-ends_on", "-pk")[
            :PAST
        ],
        "form": form,
        "administers": is_administrator(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/desk_absences.html", context, status=form_status(form))


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an absence before its last day."""
    check_has_some_duty(request.user)
    found = get_object_or_404(Delegation.objects.visible_to(request.user), pk=pk)
    delegations.end(found, by=Actor.of(request.user))
    messages.success(request, _("Ended: from now on the holder decides."))
    return redirect("desk_absences")
