"""The desk's organisations: found by typing, with their facts and history; and the changes to decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.facts import LegalForm
from accounts.models import Change, Organisation
from accounts.services import directory
from accounts.services.membership import changes, diffs, turns
from accounts.states.change import DESK, LIFE
from accounts.views.facts import told
from accounts.views.requests import posted
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

A_PAGE = 50


@require_safe
def desk_organisations(request: HttpRequest) -> HttpResponse:
    policies.check_is_desk(request.user)
    words = request.GET.get("q", "").strip()[:100]
    rows = Organisation.objects.select_related("merger__successor").order_by("name", "pk")
    if words:
        rows = rows.filter(
            Q(name__unaccent__icontains=words)
            | Q(short_name__unaccent__icontains=words)
            | Q(domains__domain__icontains=words)
            | Q(siret=words)
            | Q(rnsr__iexact=words)
        ).distinct()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    known = [one for one in directory.find(words) if one.member is None] if words else []
    context = {"page": page, "words": words, "known": known}
    return render(request, "accounts/desk_organisations.html", context)


@require_safe
def desk_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    policies.check_is_desk(request.user)
    organisation = get_object_or_404(Organisation, pk=pk)
    page = told(organisation, by_role=DESK) | {"organisation": organisation, "at_desk": True}
    return render(request, "accounts/desk_organisation.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def desk_legal(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk asks for another legal representative, and may say how the address was verified."""
    policies.check_is_desk(request.user)
    organisation = get_object_or_404(Organisation, pk=pk)
    form = LegalForm(posted(request), at_desk=True)
    if request.method == "POST" and form.is_valid():
        by, asked, person = Actor.of(request.user), form.cleaned_data, form.person
        if tried(
            request,
            form,
            lambda: changes.ask_legal(
                organisation, person, how=asked["how"], reason=asked["reason"], by=by
            ),
        ):
            messages.success(request, _("The change is asked; the one until now is told by mail."))
            return redirect("desk_organisation", pk=pk)
    membership = organisation.memberships.exclude(activated_at=None).first()
    page = {"organisation": organisation, "form": form, "membership": membership, "at_desk": True}
    return render(request, "accounts/desk_legal.html", page, status=form_status(form))


@require_safe
def desk_changes(request: HttpRequest) -> HttpResponse:
    policies.check_is_desk(request.user)
    return render(request, "accounts/desk_changes.html", _queue(None))


@require_safe
def desk_change(request: HttpRequest, pk: int) -> HttpResponse:
    policies.check_is_desk(request.user)
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    change.differences = diffs.of(change)
    change.whose = turns.of_change(change, reader=DESK)
    unverified = change.kind == Change.Kind.LEGAL and not change.organisation.covers(
        change.after["legal_email"]
    )
    page = _queue(change) | {"steps": _steps(change), "unverified": unverified}
    return render(request, "accounts/desk_changes.html", page)


@require_POST
def desk_change_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    policies.check_is_desk(request.user)
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    by, words = Actor.of(request.user), request.POST.get("reason", "")[:2000]
    acts = {
        "approve": lambda: changes.approve(change, by=by),
        "send_on": lambda: changes.send_on(change, how=words, by=by),
        "refuse": lambda: changes.refuse(change, reason=words, by=by),
        "withdraw": lambda: changes.withdraw(change, by=by),
    }
    if step not in acts:
        raise Http404
    acts[step]()
    messages.success(request, _("Done; the people concerned are told by mail."))
    return redirect("desk_change", pk=pk)


def _queue(opened: Change | None) -> dict[str, object]:
    waiting = Change.objects.for_desk().select_related("organisation")
    others = Change.objects.open().exclude(pk__in=waiting).select_related("organisation")
    return {"waiting": waiting, "others": others, "opened": opened, "now": timezone.now()}


def _steps(change: Change) -> dict[str, object]:
    """The desk's buttons now: a legal representative is written to, everything else is approved."""
    legal = change.kind == Change.Kind.LEGAL
    hidden = "approve" if legal else "send_on"
    rows = LIFE.open_from(change.state).items()
    return {name: row for name, row in rows if DESK in row.actors and name != hidden}
