"""Statements: of one account on a page that is turned, and of an account, an organisation or a period as files."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.policies import check_is_member, check_may_read_budget
from dinamis import sheets
from orders.forms.quota import as_of
from orders.ledger import reads
from orders.ledger.export import table
from orders.ledger.models import Account, Period
from orders.ledger.reads import Cursor
from orders.ledger.summaries import quota_of
from orders.services.purse import quota, statements
from orders.services.purse.statements import About

LAST = 100  # movements on a page


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account as of an instant, a page of movements at a time, the newest first."""
    found = _account(request, pk)
    form, at = as_of(request.GET)
    before = Cursor.read(request.GET.get("before", ""))
    statement = reads.statement(found, at=at, last=LAST, before=before)
    frozen = {"at": statement.at.isoformat()}
    context = {
        "account": found,
        "name": quota.owner_name(found),
        "form": form,
        "statement": statement,
        "names": statements.names_in(statement.lines),
        "row": quota_of(found) if found.is_quota and at is None else None,
        "files": [
            (kind.upper(), f"{reverse('quota_account_file', args=[pk, kind])}?{urlencode(frozen)}")
            for kind in FILES
        ],
        "is_first": before is None,
        "earlier": statement.earlier
        and f"?{urlencode(frozen | {'before': str(statement.earlier)})}",
    }
    return render(request, "orders/account.html", context)


@require_safe
def account_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The statement of one account as CSV, XLSX or PDF."""
    found = _account(request, pk)
    name = quota.owner_name(found)
    title = f"{found.period} · {found.get_kind_display()}{f' · {name}' if name else ''}"
    return _file(request, About(found, title), kind, f"account-{pk}")


@require_safe
def mine_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """My organisation's statement of a period as CSV, XLSX or PDF."""
    organisation = check_is_member(request.user).organisation
    period = get_object_or_404(Period.objects.select_related("sensor"), pk=pk)
    about = About(quota.accounts_of(period, organisation), f"{organisation} · {period}")
    return _file(request, about, kind, f"{organisation.pk}-{period.pk}")


@require_safe
def period_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """A whole period's statement as CSV, XLSX or PDF."""
    check_may_read_budget(request.user)
    period = get_object_or_404(Period.objects.select_related("sensor"), pk=pk)
    return _file(request, About(period, str(period)), kind, f"period-{pk}")


def _csv(about: About, at: datetime | None, language: str, name: str) -> HttpResponseBase:
    _cut, lines = reads.lines(about.subject, at=at)
    return sheets.answer(name, table(lines, name=statements.end_of), language=language)


def _xlsx(about: About, at: datetime | None, language: str, name: str) -> HttpResponseBase:
    content = statements.workbook(about, at=at, language=language)
    return _attached(content, statements.XLSX, name)


def _pdf(about: About, at: datetime | None, language: str, name: str) -> HttpResponseBase:
    return _attached(statements.pdf(about, at=at, language=language), "application/pdf", name)


FILES: dict[str, Callable[[About, datetime | None, str, str], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}


def _file(request: HttpRequest, about: About, kind: str, name: str) -> HttpResponseBase:
    if kind not in FILES:
        raise Http404
    _form, at = as_of(request.GET)
    return FILES[kind](about, at, get_language() or "fr", f"dinamis-{name}.{kind}")


def _attached(content: bytes, media: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media, headers=headers)


def _account(request: HttpRequest, pk: int) -> Account:
    seen = statements.visible_to(request.user).select_related("period__sensor")
    return get_object_or_404(seen, pk=pk)
