"""The rules of the scheme on pages of their own: read, copied, changed, compared, proposed, approved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_administrator, check_may_read_budget, is_administrator
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.rules import CopyForm, FactsForm, rows_formset
from orders.models import RuleVersion
from orders.services.rules import rule_reading, rulebook
from orders.states import RULES, RuleState

VERBS = {
    "propose": lambda version, by, reason: rulebook.propose(version, by=by, reason=reason),
    "approve": lambda version, by, reason: rulebook.approve(version, by=by),
    "send_back": lambda version, by, reason: rulebook.send_back(version, by=by, reason=reason),
    "drop": lambda version, by, reason: rulebook.drop(version, by=by, reason=reason),
}


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first, and which one holds today."""
    check_may_read_budget(request.user)
    found = RuleVersion.objects.visible_to(request.user).select_related("copied_from", "by_user")
    now = RuleVersion.objects.today()
    waiting = [one for one in found if one.state == RuleState.PROPOSED]
    context = {
        "versions": found,
        "in_force": now,
        "waiting": [one for one in waiting if _is_second(request, one)],
        "may_change": is_administrator(request.user),
    }
    return render(request, "orders/rules/versions.html", context)


@require_safe
def version(request: HttpRequest, code: str) -> HttpResponse:
    """One version: whose turn, what differs, what it would change, its tables, its history."""
    return _page(request, _version(request, code))


@require_POST
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Make a draft of a version."""
    check_is_administrator(request.user)
    source = _version(request, code)
    form = CopyForm(request.POST)
    if form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        draft = tried(request, form, lambda: rulebook.copy(source, **said))
        if draft is not None:
            return redirect(draft)
    return _page(request, source, copy=form, status=form_status(form))


@require_POST
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """Change the day, the validity of quotes and the note of a draft."""
    check_is_administrator(request.user)
    found = _version(request, code)
    form = FactsForm(request.POST, instance=found)
    if form.is_valid():
        by, what = Actor.of(request.user), _("Facts of the version")
        # Its own columns only: the state is what the database says by now, not what was read.
        act = lambda: found.save(update_fields=form.Meta.fields)  # noqa: E731
        done = tried(request, form, lambda: rulebook.change(found, by=by, what=what, act=act))
        if done is not None:
            return redirect(found)
    return _page(request, found, facts=form, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Change the rows of one table of a draft."""
    check_is_administrator(request.user)
    found = _version(request, code)
    if name not in rulebook.TABLES:
        raise Http404
    model = rulebook.TABLES[name]
    shape = rows_formset(model)
    forms = shape(request.POST or None, queryset=model.objects.filter(version=found), prefix="row")
    title = rule_reading.TITLES[name]
    status = 200
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            holder = forms.forms[-1]
            by, what = Actor.of(request.user), str(title)
            act = lambda: _save(forms, found)  # noqa: E731
            done = tried(request, holder, lambda: rulebook.change(found, by=by, what=what, act=act))
            if done is not None:
                messages.success(request, _("Kept in the draft."))
                return redirect(found)
            status = form_status(holder)
    context = {"version": found, "formset": forms, "title": title, "name": name}
    return render(request, "orders/rules/rows.html", context, status=status)


@require_POST
def step(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Propose, approve, send back or give up a version."""
    check_is_administrator(request.user)
    found = _version(request, code)
    if name not in VERBS:
        raise Http404
    reason = request.POST.get("reason", "")[:2000]
    found = VERBS[name](found, Actor.of(request.user), reason)
    messages.success(
        request,
        _("%(version)s: %(state)s.")
        % {"version": found, "state": found.get_state_display().lower()},
    )
    return redirect(found)


def _save(forms: Any, found: RuleVersion) -> None:
    for row in forms.save(commit=False):
        row.version = found
        row.save()
    for row in forms.deleted_objects:
        row.delete()


def _page(request: HttpRequest, found: RuleVersion, *, status: int = 200, **forms: Any) -> Any:
    compared = found.copied_from
    is_draft = found.state == RuleState.DRAFT
    may_change = is_administrator(request.user)
    open_steps = RULES.open_from(found.state).items() if may_change else ()
    second = _is_second(request, found)
    context = {
        "version": found,
        "in_force": RuleVersion.objects.today(),
        "tables": rule_reading.tables(found),
        "missing": rulebook.missing(found) if is_draft else [],
        "compared": compared,
        "changes": rule_reading.changes(found, compared),
        "impact": rule_reading.impact(found) if _is_open(found) else [],
        "events": found.events.select_related("by_user"),
        "steps": [(name, row) for name, row in open_steps if name != "approve" or second],
        "is_second": second,
        "may_change": may_change,
        "copy": forms.get("copy") or CopyForm(),
        "facts": forms.get("facts") or (FactsForm(instance=found) if is_draft else None),
    }
    return render(request, "orders/rules/version.html", context, status=status)


def _is_open(found: RuleVersion) -> bool:
    return found.state in {RuleState.DRAFT, RuleState.PROPOSED}


def _is_second(request: HttpRequest, found: RuleVersion) -> bool:
    return is_administrator(request.user) and rulebook.is_second_for(found, request.user)


def _version(request: HttpRequest, code: str) -> RuleVersion:
    check_may_read_budget(request.user)
    seen = RuleVersion.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("copied_from"), code=code)
