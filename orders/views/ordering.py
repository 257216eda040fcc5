"""From a wish to an order: the wish typed, its quote read, the order sent."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policies import check_is_member
from accounts.services.licences.licences import has_signed
from catalogue.models import Scene
from catalogue.services import areas, scenes
from dinamis.actors import Actor
from dinamis.errors import Refused
from dinamis.forms import form_status, tried
from orders.forms.ordering import OrderForm
from orders.forms.wishes import ProductionForm, TaskingForm
from orders.models import Pool, Quote
from orders.options import OPTIONS, told
from orders.pricing.explain import read
from orders.services.asking import outlines, quotes
from orders.services.lines import orders
from orders.services.pools import draws
from orders.services.purse import waiting
from orders.services.rules.rules import version_in_force
from orders.services.tasking import odds
from orders.views.several import MOST_TYPED, ask_again, read_quotes, words_kept
from orders.views.shapes import of_quote, of_wish

# What a tasking that is asked again brings along in the address.
AGAIN = (
    "max_cloud",
    "accept_cloud",
    "max_incidence",
    "min_bh",
    "max_bh",
    "tries",
    *OPTIONS,
)


@require_http_methods(["GET", "HEAD", "POST"])
def produce(request: HttpRequest) -> HttpResponse:
    """Ask for a scene: `?scene=` or `?identifier=`, and `?area=` (a saved area; without, all of it)."""
    check_is_member(request.user)
    scene = _scene(request)
    area = _area(request)
    known = {"mode": request.GET.get("mode", scene.stereo), "project": _project(request)}
    form = ProductionForm(request.POST or None, initial=known, user=request.user)
    if form.is_valid():
        by = Actor.of(request.user)

        def ask() -> Quote:
            known = scene if scene.pk else scenes.from_identifier(scene.item_id, by=by)
            wish = form.wish(known, area.geometry if area else None)
            return quotes.make(wish, by=by, project=form.chosen_project)

        quote = tried(request, form, ask)
        if quote:
            return redirect(_read(quote, request))
    shapes = of_wish(scene=scene, area=area.geometry if area else None)
    context = {"form": form, "scene": scene, "area": area, "shapes": shapes}
    return render(request, "orders/produce.html", context, status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest) -> HttpResponse:
    """Ask for a new acquisition over `?area=` (a saved area)."""
    check_is_member(request.user)
    area = _area(request)
    known = tasking_defaults(request) | {"project": _project(request)}
    form = TaskingForm(request.POST or None, initial=known, user=request.user)
    chosen = _outlines(request, area) if area else None
    told = _odds_of(form, chosen.shapes[0], request.user) if chosen else None
    if chosen and form.is_valid() and "look" not in request.POST:
        by = Actor.of(request.user)
        wishes = [form.wish(shape) for shape in chosen.shapes]
        made = tried(
            request, form, lambda: quotes.make_all(wishes, by=by, project=form.chosen_project)
        )
        if made:
            return redirect(read_quotes(made, purpose=request.GET.get("purpose", "")))
    context = {
        "form": form,
        "area": area,
        "chosen": chosen,
        "shapes": of_wish(area=area.geometry if area else None),
        "odds": told,
        "trouble": outlines.trouble(area.geometry) if area and not chosen else None,
        "repairs": outlines.repairs(area.geometry) if area and not chosen else [],
    }
    return render(request, "orders/task.html", context, status=form_status(form))


@require_safe
def tasking_odds(request: HttpRequest) -> HttpResponse:
    """The odds of what the tasking form says now: a part of its page, asked for at each change."""
    check_is_member(request.user)
    chosen = _outlines(request, areas.get(request.GET.get("area", "")))
    form = TaskingForm(request.GET, user=request.user)
    told = _odds_of(form, chosen.shapes[0], request.user) if chosen else None
    return render(request, "orders/_odds.html", {"odds": told})


def _outlines(request: HttpRequest, area: Any) -> outlines.Repair | None:
    """The outlines that are tasked, one a line: the area itself, or its repair chosen by `?repair=`."""
    if how := request.GET.get("repair"):
        return outlines.repaired(area.geometry, how)
    return outlines.untouched(area.geometry)


def _odds_of(form: TaskingForm, area: Any, reader: Any) -> odds.Odds | None:
    """The odds of what a form says, or of its first values; None while it says nothing possible."""
    if not form.is_bound:
        form = TaskingForm(form.first_values(), user=reader)
    try:
        return odds.of(form.wish(area), requester=reader) if form.is_valid() else None
    except Refused:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A quote, read line by line; sent, it becomes an order."""
    found = get_object_or_404(Quote.objects.visible_to(request.user), key=key)
    line = quotes.line_of(found)
    if line is not None and request.method != "POST":
        return redirect(line.order)
    known = {"title": _title(found), "purpose": request.GET.get("purpose", "")[:MOST_TYPED]}
    form = OrderForm(request.POST or None, initial=known | words_kept(request, found))
    if "again" in request.POST:
        if made := ask_again(request, form, [found]):
            return redirect(read_quotes(made))
    elif form.is_valid():
        said = {**form.cleaned_data, "by": Actor.of(request.user)}
        pool, wait = _pool(request, found), request.POST.get("wait") == "1"
        if pool is not None:
            order = tried(request, form, lambda: draws.order([found], pool, **said))
        else:
            order = tried(request, form, lambda: orders.place([found], **said, wait=wait))
        if order:
            return redirect(order)
    return render(
        request, "orders/quote.html", _quote_context(request, found, form), status=form_status(form)
    )


def _quote_context(request: HttpRequest, found: Quote, form: OrderForm) -> dict[str, Any]:
    licence = found.rule_version.rules.licences.get(found.sensor_id)
    rows = read(found.explained)
    return {
        "quote": found,
        "form": form,
        "rows": rows,
        "options": told(found.options),
        "shapes": of_quote(found) if found.without else of_wish(scene=found.scene, area=found.area),
        "expired": found.has_expired(timezone.now()),
        "too_small": found.is_short,
        "may_wait": _may_wait(found, form),
        "pools": [(one, draws.left_for(one, found.organisation)) for one in _pools(found)],
        "beyond": quotes.beyond_the_quota(found),
        "over_ceiling": any(row.id.startswith("over_ceiling") for row in rows),
        "licence": licence,
        "licence_missing": bool(
            licence and licence.before_order and not has_signed(request.user, licence.code)
        ),
    }


def _pools(found: Quote) -> Any:
    """The pools that the quote's organisation may draw on for its sensor."""
    if found.quota_units <= 0:
        return Pool.objects.none()
    running = Pool.objects.drawn_by(found.organisation).filter(period__sensor=found.sensor_id)
    return running.filter(period__ends_on__gte=timezone.localdate())


def _pool(request: HttpRequest, found: Quote) -> Pool | None:
    sent = request.POST.get("pool", "")
    return get_object_or_404(_pools(found), pk=sent) if sent.isdecimal() else None


def _may_wait(found: Quote, form: OrderForm) -> bool:
    """True where the quota does not reach now, or others wait for it, and the request may wait too."""
    refused = getattr(form, "refused", None)
    lately = refused is not None and refused.code in waiting.WORTH_WAITING
    return lately or (found.is_short and found.quota_units > 0)


def _read(found: Quote, request: HttpRequest) -> str:
    """The page of a quote; a purpose said while searching goes along."""
    said = {key: request.GET[key] for key in ("purpose",) if request.GET.get(key)}
    return reverse("quote", args=[found.key]) + (f"?{urlencode(said)}" if said else "")


def _scene(request: HttpRequest) -> Scene:
    """The scene named in the address; of an identifier nobody knows yet, what its name says.

    Nothing is written by looking (browsers and mail scanners open addresses by themselves): the
    scene is added once a quote is asked for.
    """
    if "identifier" in request.GET:
        return scenes.named(request.GET["identifier"][:200])
    item_id = request.GET.get("scene", "")
    return get_object_or_404(Scene.objects.visible_to(request.user), item_id=item_id)


def _area(request: HttpRequest) -> Any:
    return areas.get(request.GET["area"]) if request.GET.get("area") else None


def _project(request: HttpRequest) -> str:
    """The project that the address names: the form offers it, if the reader may order under it."""
    return request.GET.get("project", "")[:20]


def tasking_defaults(request: HttpRequest) -> dict[str, Any]:
    """A window of four months from the day after tomorrow, and the ceilings of the rules."""
    sensor = request.GET.get("sensor", "spot67")
    rule = version_in_force().rules.tasking.get(sensor)
    first = timezone.localdate() + timedelta(days=2)
    known = {
        "mode": request.GET.get("mode", "mono"),
        "sensor": sensor,
        "starts_on": first,
        "ends_on": first + timedelta(days=120),
    }
    if rule is not None:
        known |= {"max_cloud": rule.cloud, "max_incidence": rule.incidence, "tries": rule.tries}
    return known | {name: request.GET[name][:20] for name in AGAIN if request.GET.get(name)}


def _title(found: Quote) -> str:
    return found.scene.item_id if found.scene else f"{found.sensor}"
