"""A person's own data: the copy, the erasure, and the page that tells everybody what is kept."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import DataExport
from accounts.services.people import erasure, exports
from accounts.services.trust import register
from dinamis.actors import Actor
from dinamis.sending import send

shown_or_posted = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The copies that live, and the two acts."""
    page = {
        "copies": DataExport.objects.visible_to(request.user).living(),
        "kept": register.length_of("exports"),
    }
    return render(request, "accounts/data.html", page)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    exports.ask(request.user, by=Actor.of(request.user))
    messages.success(request, _("The copy is being made. You will be told by mail."))
    return redirect("data")


@require_safe
@reauthentication_required
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    export = get_object_or_404(DataExport.objects.visible_to(request.user), pk=pk)
    file = exports.take(export, by=Actor.of(request.user), is_read=request.method == "GET")
    return send(request, file)


@shown_or_posted
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """What to do first and what is kept, told before; then for good."""
    if request.method != "POST":
        page = {
            "outlook": erasure.outlook(request.user),
            "evidence": register.length_of("evidence"),
            "trail": register.length_of("trail"),
        }
        return render(request, "accounts/data_erase.html", page)
    erasure.erase(request.user, by=Actor.of(request.user))
    logout(request)
    messages.success(request, _("Your account is erased."))
    return redirect("home")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "accounts/privacy.html",
        {"rows": register.of_people(), "email": settings.PRIVACY_EMAIL},
    )
