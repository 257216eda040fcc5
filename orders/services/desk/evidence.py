"""Everything an officer needs to decide on one request, read together: quota, images, history, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.utils import timezone

from accounts import entitlements
from accounts.eligibility import Category
from accounts.models import Affiliation
from accounts.services.membership.evidence import Proof, of_nationality
from catalogue.models import Product
from dinamis import geo
from orders.ledger import services as ledger
from orders.models import DeskNote, JointPart, Judgement, Line, Offer
from orders.pricing import approving as words
from orders.pricing.explain import quantity
from orders.pricing.words import Purse as PurseWord
from orders.pricing.words import Unit
from orders.services.asking.ceilings import COUNTED, NOTHING_CAME
from orders.services.asking.existing import existing_products
from orders.services.desk import approving, deciding, lateness
from orders.services.desk.twins import Twin, marked, twins_of
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
    """One request with all that speaks for it or against it.

    `judgement` is of the day it arrived; `said` and `suggestion` are of now, `changed` the conditions
    that are answered otherwise since.
    """

    judgement: Judgement
    said: Sequence[words.Said]
    suggestion: str
    changed: frozenset[str]
    purse: Purse | None
    similar: Sequence[dict[str, str]]
    twins: Sequence[Twin]
    rest_km2: Decimal | None
    past: Past
    last: Sequence[Line]
    siblings: Sequence[Line]
    nationality: Sequence[Proof]
    notes: Sequence[DeskNote]
    due_on: Any
    late_by: int


def evidence(
    line: Line, known: lateness.Targets, *, judgement: Judgement | None = None
) -> Evidence:
    """Read the whole file of a line, as things are now; `known` are the desk's targets.

    `judgement` is its last one where that is read already.
    """
    similar = existing_products(line.area, line.area_km2, sensor=line.sensor)
    judgement = judgement or judgement_of(line)
    twins = twins_of(line)
    now = words.answered_now(
        judgement.answers,
        similar=Decimal(similar[0]["share"]) if similar else Decimal(0),
        is_attached=getattr(line, "is_attached", True),
        has_twin=bool(twins),
    )
    return Evidence(
        judgement=judgement,
        said=words.read(now),
        suggestion=words.suggestion(now),
        changed=words.changed(judgement.answers, now),
        purse=_purse(line),
        similar=similar,
        twins=twins,
        rest_km2=_rest(line) if similar else None,
        past=_past(line),
        last=list(_earlier(line)[:LAST]),
        siblings=_siblings(line),
        nationality=_nationality(line),
        notes=_notes(line),
        due_on=lateness.due_on(line, known),
        late_by=lateness.late_by(line, known),
    )


def with_counts(lines: Any) -> Any:
    """Lines with what says whether there is a joint request, another line of the order or for the image, a note
    to be read; and whether the requester still belongs to the organisation.
    """
    siblings = Line.objects.filter(order=OuterRef("order")).exclude(pk=OuterRef("pk"))
    notes = DeskNote.objects.filter(order=OuterRef("order"))
    joint = JointPart.objects.filter(line=OuterRef("pk"))
    home = Affiliation.objects.in_force().filter(
        user=OuterRef("order__requester"), organisation=OuterRef("order__organisation")
    )
    return marked(lines).annotate(
        has_siblings=Exists(siblings),
        has_notes=Exists(notes),
        has_joint=Exists(joint),
        is_attached=Exists(home),
    )


def _siblings(line: Line) -> list[Line]:
    if not getattr(line, "has_siblings", True):
        return []
    return list(line.order.lines.exclude(pk=line.pk).select_related("quote", "sensor"))


def _nationality(line: Line) -> list[Proof]:
    """Who asks, where a rule of Pléiades looks at it."""
    if line.sensor.code != entitlements.Sensor.PLEIADES:
        return []
    return of_nationality(line.order.requester, line.order.organisation)


def _notes(line: Line) -> list[DeskNote]:
    if not getattr(line, "has_notes", True):
        return []
    return list(line.order.desk_notes.select_related("by_user", "by_link")[:50])


def answers_now(lines: Sequence[Line], judged: Mapping[int, Judgement]) -> dict[int, list[Any]]:
    """What the rules say of each of these lines (`marked`) with the images and requests of now; one query.

    An image that comes in is offered to every line that waits over its place (`handlers`).
    """
    offers = Offer.objects.filter(line__in=lines, product__state=Product.State.PUBLISHED)
    best = dict(offers.order_by().values_list("line").annotate(Max("overlap_km2")))
    told = {}
    for line in lines:
        if line.pk not in judged:
            continue
        kept = judged[line.pk].answers
        share = min(Decimal(100), 100 * best.get(line.pk, Decimal(0)) / line.area_km2)
        share = max(share.quantize(Decimal("0.1")), *map(_share, kept))
        told[line.pk] = words.answered_now(kept, similar=share, has_twin=line.has_twin)
    return told


def _share(answer: Mapping[str, Any]) -> Decimal:
    return Decimal(answer["values"].get("share", "0"))


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
    is_common = found.purse == PurseWord.COMMON
    return Purse(
        name=str(Category(found.owner).label) if is_common else found.owner,
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
    unit = {str(one): Q(approval__in=COUNTED, quote__unit=one) for one in Unit}
    unit = {one: kept & ~Q(supply__in=NOTHING_CAME) for one, kept in unit.items()}
    counts = year.aggregate(
        asked=Count("pk", filter=~Q(approval__in=["draft", "lapsed"])),
        delivered=Count("pk", filter=Q(supply=Supply.DELIVERED)),
        refused=Count("pk", filter=Q(approval="refused")),
        **{one: Sum("quote__units", filter=kept) for one, kept in unit.items()},
    )
    totals = {one: counts.pop(one) for one in sorted(unit)}
    told = [quantity(total, one) for one, total in totals.items() if total is not None]
    people = Affiliation.objects.in_force().filter(organisation=organisation).count()
    return Past(**counts, counted=told, people=people)


def _earlier(line: Line) -> Any:
    others = Line.objects.filter(order__organisation=line.order.organisation_id)
    others = others.exclude(order=line.order_id).exclude(approval="draft")
    return others.select_related("order", "quote").order_by("-order__made_at", "-pk")
