"""An existing image used instead, or subtracted from what is asked; what the scheme saved by it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_may_read_budget
from catalogue.models import Product
from dinamis import sheets
from dinamis.actors import Actor
from orders.models import Quote
from orders.services.asking import quotes, reuse


@require_POST
def instead(request: HttpRequest, key: uuid.UUID, pk: int) -> HttpResponse:
    """Take an image that a member has instead of ordering."""
    quote = get_object_or_404(Quote.objects.visible_to(request.user), key=key)
    product = get_object_or_404(Product.objects.published(), pk=pk)
    reuse.instead(quote, product=product, by=Actor.of(request.user))
    messages.success(request, _("Nothing is counted: the image can be downloaded now."))
    return redirect("product", product.pk)


@require_POST
def subtract(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the same, without the part that the chosen images cover."""
    quote = get_object_or_404(Quote.objects.visible_to(request.user), key=key)
    chosen = [int(one) for one in request.POST.getlist("product")[:20] if one.isdecimal()]
    made = quotes.without(quote, chosen, by=Actor.of(request.user))
    messages.success(request, _("A new quote, without what members have already."))
    return redirect("quote", made.key)


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """What was saved in a year, because it existed already."""
    check_may_read_budget(request.user)
    year = _year(request)
    context = {"saved": reuse.figures(year), "year": year, "years": reuse.years()}
    return render(request, "orders/desk/reuse.html", context)


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    """The same for a spreadsheet."""
    check_may_read_budget(request.user)
    year = _year(request)
    return sheets.answer(f"dinamis-used-again-{year}.csv", reuse.table(reuse.figures(year)))


def _year(request: HttpRequest) -> int:
    wanted = request.GET.get("year", "")
    sane = wanted.isascii() and wanted.isdecimal() and len(wanted) == 4 and wanted > "0000"
    return int(wanted) if sane else timezone.localdate().year
