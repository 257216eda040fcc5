"""The accounts of paid lines at the desk: what is awaited of whom, and the list for the accountants."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.policies import check_is_desk
from dinamis import sheets
from orders.services.purse import payments
from orders.states import Money

PER_PAGE = 50


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every paid line, the oldest first; `?money=` keeps one state."""
    check_is_desk(request.user)
    wanted = request.GET.get("money", "")
    found = payments.billed()
    if wanted in Money.values:
        found = found.filter(money=wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    words = [(one, Money(one).label) for one in payments.STATES]
    context = {"page": page, "wanted": wanted, "words": words}
    return render(request, "orders/desk/accounts.html", context)


@require_safe
def accounts_csv(request: HttpRequest) -> HttpResponseBase:
    """The same for the accountants, as CSV."""
    check_is_desk(request.user)
    rows = payments.table(payments.billed().iterator(500))
    return sheets.answer("dinamis-accounts.csv", rows)
