"""The trail, read by whom it concerns: the organisation's referents, the person, the desk."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation, User
from accounts.policies import is_administrator, may_read_trails
from accounts.views.referents import for_referents
from dinamis import sheets, trail
from dinamis.errors import NotAllowed
from dinamis.trail import Scope, Told
from orders.forms.trail import TrailForm

MOST = 100_000  # lines of a file
FILES = ("csv", "json")


@require_safe
@for_referents
def of_organisation(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """The referent's: what happened in the organisation, without addresses or browsers."""
    page = {"organisation": organisation, "kept": {"of": organisation.pk}}
    return _page(request, Scope(organisation=organisation), "orders/trail_organisation.html", page)


@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """One's own: what one did, and what was done to one's account."""
    return _page(request, Scope(person=request.user), "orders/trail_mine.html", {})


@require_safe
def for_desk_organisation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Any organisation's, for the desk; an administrator sees the addresses too."""
    _check(request)
    organisation = get_object_or_404(Organisation, pk=pk)
    page = {"about": organisation}
    return _page(request, Scope(organisation=organisation), "orders/desk/trail.html", page)


@require_safe
def for_desk_person(request: HttpRequest, pk: int) -> HttpResponseBase:
    _check(request)
    person = get_object_or_404(User, pk=pk)
    page = {"about": person}
    return _page(request, Scope(person=person), "orders/desk/trail.html", page)


def _check(request: HttpRequest) -> None:
    if not may_read_trails(request.user):
        raise NotAllowed("desk_only", _("This is for the DINAMIS desk."))


def _page(
    request: HttpRequest, scope: Scope, template: str, page: dict[str, Any]
) -> HttpResponseBase:
    form = TrailForm(request.GET)
    asked = form.asked
    with_address = is_administrator(request.user)
    kind = request.GET.get("format")
    if kind in FILES:
        found = trail.every(scope, asked, most=MOST, with_address=with_address)
        return _file(kind, found, with_address=with_address)
    lines = trail.lines(scope, asked, after=request.GET.get("after", ""), with_address=with_address)
    kept = request.GET.copy()
    for name in ("after", "format"):
        kept.pop(name, None)
    page |= {
        "form": form,
        "lines": lines,
        "with_address": with_address,
        "query": kept.urlencode(),
        "after": lines[-1].cursor if len(lines) == trail.PAGE else "",
    }
    return render(request, template, page)


def _file(kind: str, lines: Iterable[Told], *, with_address: bool) -> HttpResponseBase:
    name = f"trail-{timezone.localdate()}.{kind}"
    if kind == "csv":
        return sheets.answer(name, _table(lines, with_address))
    # Told while it streams, after the request's own language is put away.
    body = _in_language(_json(lines, with_address), translation.get_language())
    answer = StreamingHttpResponse(body, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _in_language(rows: Iterator[str], language: str) -> Iterator[str]:
    while True:
        with translation.override(language):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _table(lines: Iterable[Told], with_address: bool) -> Iterator[list[object]]:
    header: list[object] = [_("When"), _("What"), _("Who"), _("Said")]
    yield [*header, _("address")] if with_address else header
    for line in lines:
        row = [line.at, line.label, line.who, line.text]
        yield [*row, line.ip] if with_address else row


def _json(lines: Iterable[Told], with_address: bool) -> Iterator[str]:
    yield '{"lines": ['
    before = ""
    for line in lines:
        row = {
            "at": line.at.isoformat(),
            "history": line.history,
            "key": line.key,
            "who": line.who,
            "text": line.text,
        }
        if with_address:
            row["ip"] = line.ip
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "]}"
