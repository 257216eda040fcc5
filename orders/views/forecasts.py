"""How a quota burns down and where its period will end: of one account, and of a whole period."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.policies import check_may_read_budget
from orders.ledger.models import Period
from orders.services.purse import burn_chart, forecasts, quota, statements
from orders.services.purse.forecasts import Forecast


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """The forecast of one quota, for whoever reads its statement."""
    seen = statements.visible_to(request.user).select_related("period__sensor")
    found = get_object_or_404(seen, pk=pk)
    if not found.is_quota:
        raise Http404
    name = quota.owner_name(found) or found.get_kind_display().capitalize()
    back = reverse("quota_account", args=[pk])
    return _page(request, forecasts.of_account(found), name, back)


@require_safe
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """The forecast of all quotas of a period."""
    check_may_read_budget(request.user)
    found = get_object_or_404(Period.objects.select_related("sensor"), pk=pk)
    back = reverse("quota_period", args=[pk])
    return _page(request, forecasts.of_period(found), _("All quotas"), back)


def _page(request: HttpRequest, found: Forecast, name: str, back: str) -> HttpResponse:
    context = {
        "forecast": found,
        "chart": burn_chart.drawn(found),
        "period": found.period,
        "name": name,
        "back": back,
    }
    return render(request, "orders/forecast.html", context)
