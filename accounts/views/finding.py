"""Finding an organisation by typing: the answers that the joining form and the desk fill themselves with."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import places
from accounts.policies import is_desk
from accounts.services import directory
from accounts.services.directory import Found
from dinamis.callers import client_ip
from dinamis.limits import check_rate

A_MINUTE = 120  # questions from one address: a person typing asks about one a second


@login_not_required
@require_safe
def find_organisations(request: HttpRequest) -> JsonResponse:
    """At most ten answers to what is typed, members first."""
    check_rate("find", client_ip(request), most=A_MINUTE, seconds=60)
    found = directory.find(request.GET.get("q", ""))
    at_desk = request.GET.get("for") == "desk" and is_desk(request.user)
    answers = [_answer(one, _url(request, one, at_desk=at_desk)) for one in found]
    return JsonResponse({"found": answers}, headers={"Cache-Control": "private, max-age=60"})


def _url(request: HttpRequest, found: Found, *, at_desk: bool) -> str:
    if at_desk and found.member is not None:
        return reverse("desk_organisation", args=[found.member.pk])
    return member_url(found, signed_in=request.user.is_authenticated)


def _answer(found: Found, url: str) -> dict[str, Any]:
    """What the list shows (`label`, `note`), where a member leads (`url`), and what fills the form."""
    return {
        "label": found.name,
        "note": note_of(found),
        "url": url,
        "fill": found.initial,
    }


def member_url(found: Found, *, signed_in: bool) -> str:
    """Where a person of a member goes straight to: asking to be attached, or an account first."""
    if found.member is None:
        return ""
    return reverse("attach_to", args=[found.member.pk]) if signed_in else reverse("account_signup")


def note_of(found: Found) -> str:
    """The second line of an answer: what tells it from others of the same name."""
    facts = [found.short_name, found.city.title(), found.rnsr or found.siret or found.ror]
    if found.country != "FR":
        facts.append(places.country_name(found.country))
    note = " · ".join(fact for fact in facts if fact)
    return f"{_('Already a member')} · {note}" if found.member and note else note
