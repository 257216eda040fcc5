"""Several quotes ordered at once: what an area split into outlines, or a remainder, comes to."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.services.licences.licences import has_signed
from catalogue.views import shown
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.ordering import OrderForm
from orders.models import Quote
from orders.services.asking import quotes as asking
from orders.services.lines import orders
from orders.services.lines.orders import MOST_LINES

# What is typed beside a quote, and how much of it a new quote brings along.
TYPED, MOST_TYPED = ("title", "purpose", "alone"), 4000


@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: HttpRequest) -> HttpResponse:
    """The quotes named by `?key=`, one line each, and the form that makes one order of them."""
    found = _named(request)
    known = {"title": str(found[0].sensor), "purpose": request.GET.get("purpose", "")[:MOST_TYPED]}
    form = OrderForm(request.POST or None, initial=known | words_kept(request, found[0]))
    if "again" in request.POST:
        if made := ask_again(request, form, found):
            return redirect(read_quotes(made))
    elif form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        order = tried(
            request,
            form,
            lambda: orders.place(found, **said, wait=request.POST.get("wait") == "1"),
        )
        if order:
            return redirect(order)
    licence = found[0].licence
    rings = [ring for one in found for ring in shown.outline(one.area)["coordinates"]]
    context = {
        "quotes": found,
        "form": form,
        "shapes": {"area": {"type": "MultiPolygon", "coordinates": rings}},
        "units": sum(one.units for one in found),
        "unit": found[0].unit,
        "purse": _purse(found),
        "price_eur": sum(one.price_eur for one in found),
        "expired": any(one.has_expired(timezone.now()) for one in found),
        "licence_missing": bool(
            licence and licence.before_order and not has_signed(request.user, licence.code)
        ),
        "licence": licence,
    }
    return render(request, "orders/quotes.html", context, status=form_status(form))


def read_quotes(made: Sequence[Quote], *, purpose: str = "") -> str:
    """The address of one quote, or of several to be ordered together."""
    said = {"purpose": purpose[:1000]} if purpose else {}
    if len(made) == 1:
        address = reverse("quote", args=[made[0].key])
        return f"{address}?{urlencode(said)}" if said else address
    keys = [("key", str(one.key)) for one in made]
    return f"{reverse('quotes')}?{urlencode([*keys, *said.items()])}"


def ask_again(
    request: HttpRequest, form: OrderForm, found: Sequence[Quote]
) -> Sequence[Quote] | None:
    """New quotes in the place of those that have expired; what was typed beside them goes along."""
    made = tried(request, form, lambda: asking.again(found, by=Actor.of(request.user)))
    if made:
        typed = {name: request.POST.get(name, "")[:MOST_TYPED] for name in TYPED}
        request.session["typed"] = {"quote": str(made[0].key), "words": typed}
        messages.success(request, _("A new quote: nothing is held or owed before you send it."))
    return made


def words_kept(request: HttpRequest, quote: Quote) -> dict[str, str]:
    """What was typed beside the quote that this one took the place of; empty words are not kept."""
    kept = request.session.get("typed", {})
    if kept.get("quote") != str(quote.key):
        return {}
    return {name: word for name, word in kept["words"].items() if word}


def _purse(found: Sequence[Quote]) -> dict[str, Any] | None:
    """The one purse that all of them are to be held on, before and after; None where there is no one."""
    purses = {one.purse for one in found if one.quota_units}
    befores = [one.purse_before for one in found if one.purse_before is not None]
    if len(purses) != 1 or not befores:
        return None
    before, required = min(befores), sum(one.quota_units for one in found)
    rows = [row.label for row in found[0].rows if row.id.startswith("carried_by_")]
    label = rows[0] if rows else _("Quota")
    return {"label": label, "before": before, "required": required, "after": before - required}


def _named(request: HttpRequest) -> list[Quote]:
    """The reader's own quotes, unused, in the order of the address; none is a page not found."""
    try:
        keys = [uuid.UUID(one) for one in request.GET.getlist("key")[:MOST_LINES]]
    except ValueError as fault:
        raise Http404 from fault
    mine = Quote.objects.visible_to(request.user).filter(key__in=keys, line=None)
    known = {
        one.key: one for one in mine.select_related("sensor", "rule_version", "scene__platform")
    }
    if (
        not keys
        or len(known) < len(set(keys))
        or len({one.sensor_id for one in known.values()}) > 1
    ):
        raise Http404
    return [known[key] for key in dict.fromkeys(keys)]
