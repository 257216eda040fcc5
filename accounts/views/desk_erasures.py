"""The desk erases an account at its person's request: found, told before, confirmed twice, for good."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policies
from accounts.forms.erasing import ErasureForm
from accounts.models import Affiliation, Erasure, User
from accounts.services.people import erasure
from accounts.services.trust import register
from accounts.views.requests import posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

SHOWN = 50


@require_safe
def desk_erasures(request: HttpRequest) -> HttpResponse:
    """Find the account that a request is about; the register of those erased."""
    policies.check_is_desk(request.user)
    words = request.GET.get("q", "").strip()[:100]
    page = {
        "words": words,
        "found": erasure.sought(words),
        "done": Erasure.objects.select_related("by_user", "by_link", "user")[:SHOWN],
    }
    return render(request, "accounts/desk_erasures.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes and what stays; a first POST asks once more, a second one with the address erases."""
    policies.check_is_desk(request.user)
    return _erasure(request, get_object_or_404(User, pk=pk, erased_at=None))


@reauthentication_required
def _erasure(request: HttpRequest, person: User) -> HttpResponse:
    form = ErasureForm(posted(request), person=person)
    if form.is_valid() and form.is_confirmed:
        reason, name = form.cleaned_data["reason"], person.full_name
        by = Actor.of(request.user)
        if tried(request, form, lambda: erasure.erase(person, by=by, reason=reason)):
            messages.success(request, _("%(name)s is erased.") % {"name": name})
            return redirect("desk_erasures")
    page = {
        "person": person,
        "form": form,
        "asks_again": form.is_bound and form.has_reason,
        "outlook": erasure.outlook(person),
        "attached": Affiliation.objects.open().filter(user=person).select_related("organisation"),
        "evidence": register.length_of("evidence"),
        "trail": register.length_of("trail"),
    }
    return render(request, "accounts/desk_erasure.html", page, status=form_status(form))
