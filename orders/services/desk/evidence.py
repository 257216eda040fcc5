"""Everything an officer needs to decide on one request, read together: quota, images, history, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import Affiliation
from dinamis import geo
from orders.ledger import services as ledger
from orders.models import DeskNote, Judgement, Line
from orders.pricing import approving as words
from orders.pricing.explain import quantity
from orders.services.asking.ceilings import COUNTED, NOTHING_CAME
from orders.services.asking.existing import existing_products
from orders.services.desk import approving, deciding, lateness
from orders.services.purse.purses import carrier_of
from orders.states import Supply

LAST = 6  # earlier lines of the organisation that are shown


@dataclass(frozen=True, slots=True)
class Purse:
    """The purse that carries the request: free before it, held for it, free with it."""

    name: str
    before: str
    held: str
    after: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the organisation asked this year, and what came of it."""

    asked: int
    delivered: int
    refused: int
    counted: list[str]
    people: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One request with all that speaks for it or against it."""

    judgement: Judgement
    purse: Purse | None
    similar: Sequence[dict[str, str]]
    rest_km2: Decimal | None
    past: Past
    last: Sequence[Line]
    siblings: Sequence[Line]
    notes: Sequence[DeskNote]
    due_on: Any
    late_by: int


def evidence(line: Line) -> Evidence:
    """Read the whole file of a line, as things are now."""
    known = lateness.targets()
    similar = existing_products(line.area, line.area_km2, sensor=line.sensor)
    return Evidence(
        judgement=judgement_of(line),
        purse=_purse(line),
        similar=similar,
        rest_km2=_rest(line) if similar else None,
        past=_past(line),
        last=list(_earlier(line)[:LAST]),
        siblings=list(line.order.lines.exclude(pk=line.pk).select_related("quote", "sensor")),
        notes=list(line.order.desk_notes.select_related("by_user", "by_link")[:50]),
        due_on=lateness.due_on(line, known),
        late_by=lateness.late_by(line, known),
    )


def judgement_of(line: Line) -> Judgement:
    """What the rules said when it arrived; for a line older than the rules, what they say now, unsaved."""
    kept = line.judgements.select_related("rule_version").first()
    if kept is not None:
        return kept
    version = line.quote.rule_version
    judged = words.judge(version.rules.approvals, approving.case_of(line))
    answers = [answer.stored() for answer in judged.answers]
    return Judgement(
        line=line, rule_version=version, is_approved=False, answers=answers, at=timezone.now()
    )


def _purse(line: Line) -> Purse | None:
    quote = line.quote
    if not quote.quota_units:
        return None
    found = carrier_of(line, quote.rule_version.rules)
    if found is None:
        return None
    held, unit = ledger.held(line.reference), quote.unit
    return Purse(
        name=found.owner,
        before=quantity(found.balance + held, unit),
        held=quantity(held, unit),
        after=quantity(found.balance, unit),
    )


def _rest(line: Line) -> Decimal | None:
    """What would be left without what members have, in km²; None when a part cannot be taken off."""
    rest = deciding.without_existing(line)
    return None if rest is None else geo.area_km2(rest)


def _past(line: Line) -> Past:
    organisation = line.order.organisation_id
    year = Line.objects.filter(
        order__organisation=organisation, order__made_at__year=timezone.localdate().year
    )
    counts = year.aggregate(
        asked=Count("pk", filter=~Q(approval__in=["draft", "lapsed"])),
        delivered=Count("pk", filter=Q(supply=Supply.DELIVERED)),
        refused=Count("pk", filter=Q(approval="refused")),
    )
    counted = (
        year.filter(approval__in=COUNTED)
        .exclude(supply__in=NOTHING_CAME)
        .order_by("quote__unit")
        .values("quote__unit")
        .annotate(total=Sum("quote__units"))
    )
    told = [quantity(row["total"], row["quote__unit"]) for row in counted]
    people = Affiliation.objects.in_force().filter(organisation=organisation).count()
    return Past(**counts, counted=told, people=people)


def _earlier(line: Line) -> Any:
    others = Line.objects.filter(order__organisation=line.order.organisation_id)
    others = others.exclude(order=line.order_id).exclude(approval="draft")
    return others.select_related("order", "quote").order_by("-order__made_at", "-pk")
