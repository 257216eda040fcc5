"""Who is signed in may go on: a second factor where a duty demands it, and for so long only."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages  # noqa: TID251  a middleware answers requests
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: TID251
from django.shortcuts import redirect  # noqa: TID251
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import policies
from dinamis.middleware import record

# What stays open to a person who has yet to set up a factor: doing so, leaving, the mailed links.
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_", "join")
MAILED = {"accept_again", "invitation", "legal_change", "receive"}
OPEN_NAMES = MAILED | {
    "second_factor", "set_language", "set_theme", "healthz", "readyz", "metrics",
}  # fmt: skip
PROGRAMS = ("/api/", "/stac/", "/stapi/", "/signing/")
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
SEEN_NOTED_EVERY = 60  # seconds: writing the session at every request would be dear


class SecondFactorMiddleware:
    """Lead a person whose duty demands a second factor to set one up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or _is_open(request):
            return None
        user = request.user
        if not policies.decides_for_others(user) or policies.has_second_factor(user):
            return None
        missing = policies.second_factor_missing()
        if request.method not in ("GET", "HEAD"):
            record(request, missing)
        if request.path.startswith(PROGRAMS):
            body = {"type": f"/problems/{missing.code}", "title": str(missing.sentence),
                    "status": missing.status, "code": missing.code}  # fmt: skip
            return JsonResponse(
                body, status=missing.status, content_type="application/problem+json"
            )
        page = reverse("second_factor")
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": page})
        return redirect(page)


class SessionLimitMiddleware:
    """End a session after its longest life and, for people with a duty, when nobody uses it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            get_adapter().logout(request)
            if request.path.startswith(PROGRAMS):
                return self.get_response(request)
            messages.info(request, _("Your session was over. Sign in to go on."))
            back = request.get_full_path() if request.method == "GET" else "/"
            return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        now, session = time.time(), request.session
        began = session.get(SIGNED_IN_AT)
        if began is None:
            session[SIGNED_IN_AT] = began = now
        if now - began > settings.SESSION_LONGEST_SECONDS:
            return True
        if not request.user.duties_held:
            return False
        seen = session.get(SEEN_AT, now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if SEEN_AT not in session or now - seen > SEEN_NOTED_EVERY:
            session[SEEN_AT] = now
        return False


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.url_name or ""
    return name in OPEN_NAMES or name.startswith(OPEN_PREFIXES)
