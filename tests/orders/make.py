"""Short ways to people, scenes, quota, quotes and orders, through the services wherever there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pgtrigger
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from accounts.models import Affiliation, Membership, Organisation, User
from accounts.services.people import duties
from catalogue.models import Collection, Platform, Product, Scene, Sensor
from dinamis import geo
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import (
    ApprovalRow,
    Ceiling,
    Line,
    Order,
    Period,
    Project,
    Quote,
    RuleVersion,
    Series,
    rule,
)
from orders.services.asking import quotes
from orders.services.asking.wishes import Production, Tasking
from orders.services.lines import lines, orders
from orders.services.lines.references import next_reference
from orders.services.tasking import series as programmes
from orders.services.tasking.rhythms import Rhythm
from orders.services.tasking.series import Wanted
from tests import make as people

BY = Actor.system("test")
WHERE = (-52.3, 4.9)  # the mouth of the Mahury, French Guiana
_numbers = count(1)


@contextmanager
def rules_opened() -> Iterator[None]:
    """Let rows of an approved version be written; what this process has read of it is forgotten."""
    people.REWRITTEN.append("rules")
    with pgtrigger.ignore():
        yield
    rule.READ.clear()


def rewrite(rows: type, where: dict[str, Any], **facts: Any) -> None:
    """Change rows of the rules in force, as only a test may: their triggers are left aside."""
    with rules_opened():
        rows.objects.filter(**where).update(**facts)


def ceiling(version: RuleVersion, **facts: Any) -> None:
    """A ceiling in a version in force, as if it had been approved with it."""
    with rules_opened():
        Ceiling.objects.create(version=version, **facts)


def approval(version: RuleVersion, **facts: Any) -> None:
    """A row of what is approved at once in a version in force, as if it had been approved with it."""
    with rules_opened():
        # Those of the reference name a sensor and a service, and would hold before this one.
        ApprovalRow.objects.filter(version=version).exclude(source="").delete()
        ApprovalRow.objects.create(version=version, **facts)


def person(name: str, *kinds: str, language: str = "en") -> User:
    """An account, with duties for the whole scheme."""
    user = people.person(f"{name}@example.org", language=language)
    if kinds:
        people.second_factor(user)
    for kind in kinds:
        duties.appoint(user, kind=kind, by=BY)
    return user


def organisation(name: str = "Coast Laboratory", category: str = "research") -> Organisation:
    """A member, as if its legal representative had accepted long ago."""
    number, now = next(_numbers), timezone.now()
    made = Organisation.objects.create(name=name, category=category, sector="coast")
    Membership.objects.create(
        organisation=made,
        reference=f"A-TEST-{number}",
        state="active",
        language="en",
        referent_name="Referent",
        referent_email=f"referent{number}@example.org",
        referent_proved_at=now,
        legal_name="Head",
        legal_position="Head",
        legal_email=f"head{number}@example.org",
        legal_accepted_at=now,
        proposed_at=now,
        activated_at=now,
        state_since=now,
    )
    return made


def attached(user: User, to: Organisation, *, is_referent: bool = False) -> Affiliation:
    now = timezone.now()
    if is_referent:
        people.second_factor(user)
    return Affiliation.objects.create(
        user=user,
        organisation=to,
        state="active",
        position="researcher",
        is_referent=is_referent,
        is_current=True,
        requested_at=now,
        activated_at=now,
        state_since=now,
    )


def signed(user: User, code: str = "spot67") -> None:
    people.signature(user, code)


def square(km2: float, *, at: tuple[float, float] = WHERE) -> GEOSGeometry:
    """A geodesic square of about so many km² around a place."""
    side = km2**0.5
    shape = geo.swath_footprint(*at, width_km=side, length_km=side, orientation_deg=0)
    return geo.to_geos(shape, multi=True)


def scene(
    *,
    km2: float = 400,
    platform: str = "PHR1A",
    complete: bool = True,
    stereo: str = "mono",
    **facts: Any,
) -> Scene:
    number = next(_numbers)
    satellite = Platform.objects.get(code=platform)
    return Scene.objects.create(
        item_id=facts.pop("item_id", f"DS_{platform}_TEST_{number:05}"),
        platform=satellite,
        collection=Collection.objects.get(code=satellite.sensor_id),
        datetime=datetime(2019, 10, 28, 14, 10, 11, tzinfo=UTC),
        cloud_cover=4.2,
        incidence=17.2,
        resolution_m=satellite.resolution_m,
        stereo=stereo,
        footprint=square(km2, **facts),
        footprint_source="supplier" if complete else "cell",
        completeness="complete" if complete else "to_complete",
    )


def product(of: Scene, *, km2: float | None = None, licence: str = "pleiades") -> Product:
    footprint = square(km2) if km2 else geo.to_geos(geo.to_shapely(of.footprint), multi=True)
    return Product.objects.create(
        scene=of,
        title=f"Product {next(_numbers)}",
        delivery_key=f"test-{next(_numbers)}",
        level="ortho",
        footprint=footprint,
        area_km2=geo.area_km2(footprint),
        licence_id=licence,
        published_at=timezone.now(),
        **BY.columns(),
    )


def period(sensor: str = "pleiades", *, budget: int = 10_000) -> Period:
    """This year of a sensor, with a budget from the State."""
    opened = ledger.open_period(
        Sensor.objects.get(code=sensor), year=timezone.localdate().year, by=BY
    )
    ledger.grant_budget(
        opened, Decimal(budget), key=f"budget:{next(_numbers)}", by=BY, reason="the State's budget"
    )
    return opened


def allotment(of: Organisation, amount: int, *, in_period: Period) -> Any:
    return _share(ledger.account_of(in_period, "allotment", of.pk), amount)


def common(category: str, amount: int, *, in_period: Period) -> Any:
    return _share(ledger.account_of(in_period, "common", category), amount)


def _share(account: Any, amount: int) -> Any:
    ledger.set_allotment(
        account, Decimal(amount), key=f"share:{next(_numbers)}", by=BY, reason="shared out"
    )
    account.refresh_from_db()
    return account


def project(lead: User, *, of: Organisation, **facts: Any) -> Project:
    """A project that was approved and runs now."""
    now, today = timezone.now(), timezone.localdate()
    usual = {
        "title": "Coast lines of Guiana",
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=700),
        "state": "approved",
    }
    return Project.objects.create(
        reference=next_reference("P"),
        lead=lead,
        organisation=of,
        made_at=now,
        submitted_at=now,
        approved_at=now,
        state_since=now,
        **usual | facts,
    )


def quote(user: User, *, of: Scene | None = None, km2: float = 150, **more: Any) -> Quote:
    """A quote for producing a Pléiades scene over an area of about so many km²."""
    area, project = more.pop("area", square(km2)), more.pop("project", None)
    wish = Production(of or scene(), area, **more)
    return quotes.make(wish, by=Actor.of(user), project=project)


def tasking_quote(
    user: User,
    *,
    sensor: str = "spot67",
    km2: float = 900,
    days: int = 60,
    in_days: int = 0,
    **more: Any,
) -> Quote:
    """A quote for a tasking whose window begins in so many days: today, so that passes can be made."""
    starts_on = timezone.localdate() + timedelta(days=in_days)
    wish = Tasking(
        sensor=Sensor.objects.get(code=sensor),
        area=square(km2),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days),
        **more,
    )
    return quotes.make(wish, by=Actor.of(user))


def series(
    user: User,
    *,
    in_days: int = 60,
    times: int = 3,
    unit: str = "years",
    every: int = 1,
    **more: Any,
) -> Series:
    """A programme over one place of 900 km², whose first window begins in so many days."""
    starts_on = timezone.localdate() + timedelta(days=in_days)
    wanted = {"sensor": Sensor.objects.get(code=more.pop("sensor", "spot67")), "area": square(900)}
    words = {"title": "Glacier", "purpose": "Following its front.", **more}
    return programmes.make(
        Wanted(**wanted),
        Rhythm(starts_on, starts_on + timedelta(days=30), every, unit, times),
        **{"submission": f"form-{next(_numbers)}", **words},
        by=Actor.of(user),
    )


def draft(user: User, *quoted: Quote, submission: str = "") -> Order:
    return orders.draft(
        quoted or [quote(user)],
        title="Coast line",
        purpose="Following the coast line of Guiana.",
        submission=submission or f"form-{next(_numbers)}",
        by=Actor.of(user),
    )


def placed(user: User, *quoted: Quote) -> Line:
    """The first line of an order that was submitted."""
    return orders.submit(draft(user, *quoted), by=Actor.of(user)).lines.get(number=1)


def with_supplier(user: User, desk: User, *quoted: Quote) -> Line:
    """A line accepted by the desk and placed with the supplier."""
    line = lines.accept(placed(user, *quoted), by=Actor.of(desk))
    return lines.place(line, by=Actor.of(desk), supplier_reference="SO-1")
