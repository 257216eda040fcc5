"""The reference rules, loaded once: every version of the scheme's history, each row with its source."""

from itertools import product

from django.utils import timezone

from catalogue.models import Sensor
from dinamis import geo
from dinamis.actors import Actor
from orders import reference_odds, reference_projects, reference_suppliers
from orders.models import (
    AlertRule,
    ApprovalRow,
    CarryRule,
    ContributorOffer,
    Delay,
    LicenceRule,
    MinimumArea,
    Multiplier,
    PendingWeight,
    PlaceRow,
    PriceRow,
    PurseOrder,
    ReasonText,
    RuleVersion,
    SecondPersonRule,
    TargetRow,
    TaskingDefault,
    UnitRow,
)
from orders.models.rule_rows import RuleRow
from orders.outlines import french_territory
from orders.pricing.words import Kind, Place, Silence, Unit
from orders.reference_new import add_new_tables
from orders.reference_rules import (
    ALERTS,
    ALONE,
    APPROVED_AT_ONCE,
    CARRIED,
    DECK,
    DELAYS,
    FACTORS,
    FRANCE_SOURCE,
    HISTORY,
    LICENCES,
    MINIMUM_KM2,
    OURS,
    PENDING,
    SPOT,
    SPOT_MINIMUM_SOURCE,
    STATION,
    STATION_SOURCE,
    TARGETS,
    TASKING,
    UNITS,
    Edition,
    Priced,
)
from orders.reference_texts import REASON_TEXTS
from orders.services.asking.places import circle
from orders.services.rules.rulebook import approve, propose

BY = Actor.system("reference")
CODE = HISTORY[-1].code


def load() -> None:
    """Create what is missing: reason texts, versions (approved); what is there stays as it is."""
    reference_projects.load()
    reference_odds.load()
    reference_suppliers.load()
    _texts()
    _versions()
    fills = {
        ApprovalRow: _approvals,
        TargetRow: _targets,
        AlertRule: _alerts,
        PendingWeight: _weights,
        CarryRule: _carried,
        SecondPersonRule: _alone,
    }
    add_new_tables(fills, by=BY)


def _texts() -> None:
    for order, (step, code, title_fr, title_en, text_fr, text_en) in enumerate(REASON_TEXTS):
        words = {"title_fr": title_fr, "title_en": title_en, "text_fr": text_fr, "text_en": text_en}
        facts = {"step": step, "order": order, **words}
        ReasonText.objects.get_or_create(code=code, defaults=facts)


def _versions() -> None:
    known = set(RuleVersion.objects.values_list("code", flat=True))
    missing = [edition for edition in HISTORY if edition.code not in known]
    if not missing:
        return
    sensors = list(Sensor.objects.all())
    places = _places()
    for edition in missing:
        version = RuleVersion.objects.create(
            code=edition.code,
            effective_from=edition.since,
            quote_days=30,
            note=edition.note,
            state_since=timezone.now(),
            **BY.columns(),
        )
        _fill(version, edition, sensors, places)
        propose(version, by=BY, reason=edition.note)
        approve(version, by=BY)


def _fill(
    version: RuleVersion, edition: Edition, sensors: list[Sensor], places: list[PlaceRow]
) -> None:
    pairs = list(product(sensors, Kind.values))
    for rows in (
        [Multiplier(version=version, mode=m, factor=f, source=s) for m, (f, s) in FACTORS.items()],
        [
            PurseOrder(version=version, rank=rank, purse=purse, source=OURS)
            for rank, purse in enumerate(edition.purses, start=1)
        ],
        [_minimum(version, edition, sensor.code, kind) for sensor, kind in pairs],
        [_unit(version, sensor, kind) for sensor, kind in pairs],
        [_delay(version, sensor.code, kind) for sensor, kind in pairs],
        [_price(version, row) for row in edition.prices],
        [_tasking(version, sensor.code) for sensor in sensors],
        [_licence(version, sensor.code) for sensor in sensors if sensor.code in LICENCES],
        [_copy(place, version) for place in places],
        [_offer(version, edition, *offer) for offer in edition.offers],
        _approvals(version) if edition.code == CODE else [],
        _targets(version),
        _alerts(version),
        _weights(version),
        _carried(version),
        _alone(version),
    ):
        if rows:
            type(rows[0]).objects.bulk_create(rows)


def _approvals(version: RuleVersion) -> list[RuleRow]:
    return [
        ApprovalRow(
            version=version,
            sensor_id=sensor,
            kind=kind,
            most_units=most,
            needs_project=True,
            source=OURS,
        )
        for sensor, kind, most in APPROVED_AT_ONCE
    ]


def _targets(version: RuleVersion) -> list[RuleRow]:
    return [
        TargetRow(version=version, stage=stage, days=days, source=OURS)
        for stage, days in TARGETS.items()
    ]


def _alerts(version: RuleVersion) -> list[RuleRow]:
    return [
        AlertRule(version=version, sensor=sensor, account_kind=kind, percent=level, source=OURS)
        for sensor in Sensor.objects.all()
        for kind, levels in ALERTS.items()
        for level in levels
    ]


def _weights(version: RuleVersion) -> list[RuleRow]:
    return [
        PendingWeight(version=version, stage=stage, percent=percent, source=OURS)
        for stage, percent in PENDING.items()
    ]


def _carried(version: RuleVersion) -> list[RuleRow]:
    return [
        CarryRule(
            version=version, sensor=sensor, account_kind=kind, up_to_percent=most, source=OURS
        )
        for sensor in Sensor.objects.all()
        for kind, most in CARRIED.items()
    ]


def _alone(version: RuleVersion) -> list[RuleRow]:
    return [
        SecondPersonRule(
            version=version, sensor=sensor, alone_up_to=ALONE[sensor.unit], source=OURS
        )
        for sensor in Sensor.objects.all()
    ]


def _price(version: RuleVersion, row: Priced) -> PriceRow:
    return PriceRow(
        version=version,
        category=row.category,
        sensor_id=row.sensor or None,
        kind=row.kind,
        place=row.place,
        mode=row.mode,
        reach=row.reach,
        terms=row.terms,
        eur_per_unit=row.eur,
        is_assumed=row.assumed,
        source=row.source,
    )


def _minimum(version: RuleVersion, edition: Edition, sensor: str, kind: str) -> MinimumArea:
    km2 = MINIMUM_KM2.get((sensor, Kind(kind)), 0)
    source = SPOT_MINIMUM_SOURCE if sensor == SPOT else edition.minimum_source
    return MinimumArea(
        version=version, sensor_id=sensor, kind=kind, km2=km2, source=source if km2 else OURS
    )


def _unit(version: RuleVersion, sensor: Sensor, kind: str) -> UnitRow:
    unit, source = UNITS.get((sensor.code, Kind(kind)), (Unit(sensor.unit), OURS))
    return UnitRow(version=version, sensor=sensor, kind=kind, unit=unit, source=source)


def _delay(version: RuleVersion, sensor: str, kind: str) -> Delay:
    least, most = DELAYS[Kind(kind)]
    return Delay(
        version=version,
        sensor_id=sensor,
        kind=kind,
        least_days=least,
        most_days=most,
        source=OURS,
    )


def _tasking(version: RuleVersion, sensor: str) -> TaskingDefault:
    return TaskingDefault(
        version=version, sensor_id=sensor, silence=Silence.REFUSE, source=OURS, **TASKING
    )


def _licence(version: RuleVersion, sensor: str) -> LicenceRule:
    return LicenceRule(
        version=version,
        sensor_id=sensor,
        licence_id=sensor,
        before_order=LICENCES[sensor],
        source=DECK,
    )


def _offer(
    version: RuleVersion, edition: Edition, eur: int, attempts: int, km2: int
) -> ContributorOffer:
    return ContributorOffer(
        version=version,
        sensor_id=SPOT,
        eur=eur,
        attempts=attempts,
        about_km2=km2,
        source=edition.offers_source,
    )


def _places() -> list[PlaceRow]:
    """The station's circle first, then French territory: overseas is what the second adds."""
    station = circle(STATION["centre_lon"], STATION["centre_lat"], STATION["radius_km"])
    return [
        PlaceRow(
            place=Place.STATION,
            rank=1,
            geometry=geo.to_geos(station, multi=True),
            source=STATION_SOURCE,
            **STATION,
        ),
        PlaceRow(
            place=Place.FRANCE,
            rank=2,
            geometry=geo.to_geos(french_territory(), multi=True),
            source=FRANCE_SOURCE,
        ),
    ]


def _copy(place: PlaceRow, version: RuleVersion) -> PlaceRow:
    names = ("place", "rank", "centre_lon", "centre_lat", "radius_km", "geometry", "source")
    return PlaceRow(version=version, **{name: getattr(place, name) for name in names})
