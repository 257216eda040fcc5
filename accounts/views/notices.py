"""What a person was told: the list, the way to the thing, the choices, leaving a digest by its mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import families
from accounts.families import Channel
from accounts.forms.notices import NoticeChoicesForm
from accounts.models import Notice
from accounts.services.notices import choices, reading
from accounts.views.requests import next_page, posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

A_PAGE = 30


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user)
    family, unread = request.GET.get("family", ""), request.GET.get("show") == "unread"
    known = set(rows.order_by().values_list("family", flat=True).distinct())
    shown = rows.unread() if unread else rows
    if family:
        shown = shown.filter(family=family)
    page = {
        "page": Paginator(shown, A_PAGE).get_page(request.GET.get("page")),
        "families": [one for one in families.every() if one.code in known],
        "family": family,
        "unread_only": unread,
        "unread": rows.unread().count(),
    }
    return render(request, "accounts/notices.html", page)


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, and go on to what it tells of."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    reading.read(notice, by=Actor.of(request.user))
    return redirect(next_page(request, notice.path, reverse("notices")))


@require_POST
def notice_mark(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    act = reading.unmark if how == "unread" else reading.read
    act(notice, by=Actor.of(request.user))
    return redirect(_back(request))


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """All of them, or those of the family that the list shows."""
    family = request.POST.get("family", "")[:20]
    count = reading.mark(by=Actor.of(request.user), family=family)
    said = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", count)
    messages.success(request, said % {"count": count})
    return redirect(_back(request))


@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: HttpRequest) -> HttpResponse:
    chosen = choices.chosen(request.user)
    form = NoticeChoicesForm(posted(request), chosen=chosen)
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request.user)
        kept = tried(request, form, lambda: choices.choose(request.user, form.ways, by=by))
        if kept is not None:
            messages.success(request, _("Your choices are kept."))
            return redirect("notice_choices")
    page = {"form": form, "fixed": [one for one, _way in chosen if one.why_fixed]}
    return render(request, "accounts/notice_choices.html", page, status=form_status(form))


@login_not_required
@csrf_exempt  # a mail program sends it, without a session (RFC 8058); the token says whose it is
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a digest. Opening the page does nothing: scanners of mail open links."""
    _person, kind = choices.of_token(token)
    if request.method == "POST":
        choices.stop(token)
    page = {"kind": Channel(kind).label, "done": request.method == "POST"}
    return render(request, "accounts/notices_stop.html", page)


def _back(request: HttpRequest) -> str:
    return next_page(request, request.POST.get("next", ""), reverse("notices"))
