"""The few pages of the ground itself: the theme switch and the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from dinamis.context import THEME_COOKIE, THEMES

YEAR = 365 * 86400  # seconds


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie; anything but light or dark goes back to the system's."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        address = "/"
    answer = redirect(address)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax")
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component once, for those who write pages: in a demonstration, or to staff."""
    if not (settings.DEMO or getattr(request.user, "is_staff", False)):
        raise Http404
    return render(request, "components.html")
