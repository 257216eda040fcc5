"""The door of the referent's area: every page below /organisation/ passes it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import policies
from accounts.models import Organisation
from accounts.services.membership import organisations


def for_referents(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call `view(request, organisation, …)` with the organisation that this person leads.

    Of several, `?of=` names the one; one that is not theirs is absent (404). Whoever leads none is
    told so (403). `request.led` lists them for templates/accounts/organisation_page.html.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.led = list(policies.organisations_led_by(request.user))
        if not request.led:
            return render(request, "accounts/organisation_none.html", status=403)
        return view(request, _chosen(request), *args, **kwargs)

    return shown


def page_of(name: str, organisation: Organisation, *args: Any) -> str:
    """The address of a page of the area, for this organisation."""
    return f"{reverse(name, args=args)}?of={organisation.pk}"


def _chosen(request: HttpRequest) -> Organisation:
    asked = request.GET.get("of", "")
    if not asked:
        return request.led[0]
    for organisation in request.led:
        if str(organisation.pk) == asked:
            return organisation
    # An organisation that was absorbed: its old addresses lead to the successor.
    heir = organisations.moved_to(int(asked)) if asked.isdecimal() and len(asked) < 18 else None
    if heir in request.led:
        return heir
    raise Http404
