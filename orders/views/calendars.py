"""The calendar feed: the page that shows its secret address, and the feed itself for calendar programs."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dinamis.actors import Actor
from orders.services.calendar import calendars, feed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The address, shown to its person alone; a POST gives another, and the former leads nowhere."""
    if request.method == "POST":
        had_one = bool(calendars.token_of(request.user))
        token = calendars.renew(request.user, by=Actor.of(request.user))
        if had_one:
            messages.success(request, _("Here is another address; the former one no longer works."))
    else:
        token = calendars.token_of(request.user)
    address = settings.SITE_URL + reverse("calendar_feed", args=[token]) if token else ""
    page = {"address": address, "webcal": "webcal" + address[address.find(":") :] if token else ""}
    return render(request, "orders/calendar.html", page)


@require_POST
def calendar_stop(request: HttpRequest) -> HttpResponse:
    calendars.stop(request.user, by=Actor.of(request.user))
    messages.success(request, _("The address no longer works."))
    return redirect("calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads every few hours; unchanged, it costs no body (304)."""
    user = calendars.owner_of(token)
    if user is None:
        raise Http404
    content = feed.written(user)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=900"
    answer["Content-Disposition"] = 'inline; filename="dinamis.ics"'
    answer["Content-Language"] = user.language
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
