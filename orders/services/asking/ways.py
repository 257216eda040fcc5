"""One question, every way to an image side by side: download, produce, task, or a free one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Licence
from accounts.policies import current_affiliation
from catalogue.coverage import Share
from catalogue.models import Product, Sensor
from catalogue.rights import OPEN_LICENCE
from catalogue.search.question import Availability, Question, Sort
from catalogue.services.search import ask
from catalogue.services.weighing import Result
from dinamis import geo
from orders.pricing.charge import Charge, Measure, SensorFacts, charge
from orders.pricing.rules import Rules
from orders.pricing.words import Kind, Mode, Terms
from orders.services.asking.places import locate
from orders.services.rules.rules import rules_in_force

# What the free way offers where no openly licensed product lies over the area: Sentinel-2.
SENTINEL_2_URL = "https://browser.dataspace.copernicus.eu/"
SENTINEL_2_RESOLUTION_M = 10.0
# A category that stands for readers whose organisation is not known.
ANYBODY = "research"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to an image of the area asked.

    `kind` is download, produce, task or free. `units` counts in `unit` (km² or attempts) on the
    quota, `price_eur` is what is paid besides; the delay is in days (0, 0: now); `coverage` in per
    cent of the area. Where the way is not open, `is_open` is false and `why_not` says why.
    """

    kind: str
    label: str
    is_open: bool
    url: str = ""
    why_not: str = ""
    title: str = ""
    acquired_on: date | None = None
    sensor: str = ""
    resolution_m: float | None = None
    units: Decimal = Decimal(0)
    unit: str = "km2"
    price_eur: Decimal = Decimal("0.00")
    least_days: int | None = None
    most_days: int | None = None
    licence: str = ""
    coverage: Decimal | None = None
    cloud: Share | None = None
    snow: Share | None = None


def ways(question: Question, reader: Any) -> list[Way]:
    """The four ways for a question with an area, each with price, delay, licence and quality.

    Without an area each way says what it needs. Books nothing; a reader who is not signed in sees
    the prices of a French research body.
    """
    labels = _labels()
    if question.area is None:
        return [
            Way(kind, label, is_open=False, why_not=_("Draw or upload an area first."))
            for kind, label in labels.items()
        ]
    rules, category = rules_in_force(), _category(reader)
    asked = replace(question, sort=Sort.USEFUL, after=None, availability=Availability.ANY)
    results = ask(asked, user=reader, size=50).results
    return [
        _download(results, labels["download"]),
        _produce(question, results, rules, category, labels["produce"]),
        _task(question, rules, category, labels["task"]),
        _free(question, labels["free"]),
    ]


def _labels() -> dict[str, str]:
    return {
        "download": _("Download"),
        "produce": _("Produce"),
        "task": _("Task"),
        "free": _("Free image"),
    }


def _category(reader: Any) -> str:
    affiliation = current_affiliation(reader)
    return affiliation.organisation.category if affiliation else ANYBODY


def _download(results: Sequence[Result], label: str) -> Way:
    best = next((result for result in results if result.way == Availability.DOWNLOAD), None)
    if best is None or best.product is None:
        why = _("No member has an image of this area within these limits yet.")
        return Way("download", label, is_open=False, why_not=why)
    product = best.product
    return Way(
        kind="download",
        label=label,
        is_open=True,
        url=reverse("product", args=[product.pk]),
        title=product.title,
        acquired_on=best.scene.datetime.date(),
        sensor=best.scene.platform.family_name,
        resolution_m=product.resolution_m or best.scene.resolution_m,
        least_days=0,
        most_days=0,
        licence=product.licence.name,
        coverage=best.coverage,
        cloud=best.cloud,
        snow=best.snow,
    )


def _produce(
    question: Question, results: Sequence[Result], rules: Rules, category: str, label: str
) -> Way:
    best = next((result for result in results if result.way == Availability.PRODUCE), None)
    if best is None:
        why = _("The archive holds no image of this area within these limits.")
        return Way("produce", label, is_open=False, why_not=why)
    scene = best.scene
    asked_km2 = geo.area_km2(question.area)
    served_km2 = (asked_km2 * (best.coverage or Decimal(0)) / 100).quantize(Decimal("0.01"))
    sensor = scene.platform.sensor
    place = locate(question.area, rules.zones).place
    priced = _priced(Kind.PRODUCTION, sensor, category, asked_km2, served_km2, rules, place=place)
    return Way(
        kind="produce",
        label=label,
        title=scene.item_id,
        url=_address(
            "order_new", scene=scene.item_id, area=question.area_key, purpose=question.purpose
        ),
        acquired_on=scene.datetime.date(),
        resolution_m=scene.resolution_m,
        coverage=best.coverage,
        cloud=best.cloud,
        snow=best.snow,
        **_terms(Kind.PRODUCTION, sensor, priced, rules),
    )


def _task(question: Question, rules: Rules, category: str, label: str) -> Way:
    chosen = question.sensors or ("spot67", "pleiades")
    offered = Sensor.objects.filter(code__in=chosen).order_by("-order")
    sensor = next((one for one in offered if one.code in rules.tasking), None)
    if sensor is None:
        why = _("No sensor within these limits can be tasked.")
        return Way("task", label, is_open=False, why_not=why)
    rule, asked_km2 = rules.tasking[sensor.code], geo.area_km2(question.area)
    place = locate(question.area, rules.zones).place
    priced = _priced(
        Kind.TASKING,
        sensor,
        category,
        asked_km2,
        asked_km2,
        rules,
        place=place,
        tries=rule.tries,
    )
    return Way(
        kind="task",
        label=label,
        title=_("A new image within your window"),
        url=_address(
            "tasking_new", sensor=sensor.code, area=question.area_key, purpose=question.purpose
        ),
        resolution_m=min((p.resolution_m for p in sensor.platforms.all()), default=None),
        coverage=Decimal(100),
        cloud=Share(0, rule.cloud, measured=False),
        **_terms(Kind.TASKING, sensor, priced, rules),
    )


def _free(question: Question, label: str) -> Way:
    """An openly licensed product over the area if there is one, else Sentinel-2 at its own portal."""
    near = Product.objects.published().filter(
        licence_id=OPEN_LICENCE, footprint__intersects=geo.to_geos(question.area)
    )
    product = near.select_related("scene__platform__sensor", "licence").first()
    if product is not None:
        return Way(
            kind="free",
            label=label,
            is_open=True,
            url=reverse("product", args=[product.pk]),
            title=product.title,
            acquired_on=product.scene.datetime.date(),
            sensor=product.scene.platform.family_name,
            resolution_m=product.resolution_m or product.scene.resolution_m,
            least_days=0,
            most_days=0,
            licence=product.licence.name,
            coverage=geo.coverage(question.area, product.footprint),
        )
    return Way(
        kind="free",
        label=label,
        is_open=True,
        url=SENTINEL_2_URL,
        title=_("Sentinel-2, every five days"),
        sensor="Sentinel-2",
        resolution_m=SENTINEL_2_RESOLUTION_M,
        least_days=0,
        most_days=0,
        licence=_("Copernicus, free and open"),
        coverage=Decimal(100),
    )


def _priced(
    kind: str,
    sensor: Sensor,
    category: str,
    asked_km2: Decimal,
    served_km2: Decimal,
    rules: Rules,
    *,
    place: str,
    tries: int | None = None,
) -> Charge:
    facts = SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2)
    measure = Measure(kind, facts, category, Mode.MONO, asked_km2, served_km2, tries, place)
    return charge(measure, rules)


def _terms(kind: str, sensor: Sensor, priced: Charge, rules: Rules) -> dict[str, Any]:
    """What the price table says of a way, as columns of it."""
    least, most = rules.delays[sensor.code, kind]
    asked = rules.licences.get(sensor.code)
    licence = Licence.objects.filter(code=asked.code).first() if asked else None
    open_to = priced.terms != Terms.REFUSED
    return {
        "is_open": open_to,
        "why_not": "" if open_to else _("Not offered to your organisation's category."),
        "sensor": sensor.name,
        "units": priced.units - priced.means_units,
        "unit": priced.unit,
        "price_eur": priced.price_eur,
        "least_days": least,
        "most_days": most,
        "licence": licence.name if licence else "",
    }


def _address(name: str, **query: Any) -> str:
    pairs = {key: str(value) for key, value in query.items() if value}
    return f"{reverse(name)}?{urlencode(pairs)}"
