"""Approval by exception: what keeps every condition of a row is accepted at once, and says why."""

from decimal import Decimal

from django.utils import timezone

from accounts.models import Affiliation
from accounts.services.licences.licences import has_signed
from dinamis.actors import Actor
from orders.models import Judgement, Line
from orders.pricing import approving
from orders.services.asking.existing import existing_products
from orders.services.lines.steps import take
from orders.services.rules.rules import version_in_force

BY = Actor.system("rules")


def arrive(line: Line) -> Judgement:
    """Judge a locked line that has just reached the desk, and accept it at once where the rules say so.

    The judgement is kept whatever it says: the requester reads why, and so does the desk.
    """
    version = version_in_force()
    judged = approving.judge(version.rules.approvals, case_of(line))
    made = Judgement.objects.create(
        line=line,
        rule_version=version,
        is_approved=judged.is_approved,
        answers=[answer.stored() for answer in judged.answers],
        at=timezone.now(),
    )
    if judged.is_approved:
        accept_by_rule(line, rules=version.code)
    return made


def accept_by_rule(line: Line, *, rules: str) -> None:
    """Accept a locked line in the name of the rules; nobody at the desk needs to look."""
    take(line, "approval", "accept_by_rule", by=BY, rules=rules)
    take(line, "supply", "prepare", by=Actor.system("orders"))


def case_of(line: Line) -> approving.Case:
    """What the rules ask of a line, as it is now."""
    order, quote = line.order, line.quote
    asked = quote.licence
    existing = existing_products(line.area, line.area_km2, sensor=line.sensor)
    belongs = Affiliation.objects.in_force().filter(
        user=order.requester_id, organisation=order.organisation_id
    )
    return approving.Case(
        category=quote.category,
        sensor=line.sensor_id,
        kind=line.kind,
        unit=quote.unit,
        units=quote.units,
        paid_units=quote.paid_units,
        similar=Decimal(existing[0]["share"]) if existing else Decimal(0),
        is_member=order.organisation.is_member,
        is_attached=belongs.exists(),
        is_firm=not quote.is_provisional,
        is_signed=_is_signed(line) if asked is not None and asked.before_order else None,
        has_project=order.project is not None and order.project.is_running(timezone.localdate()),
        was_asked=line.events.filter(step="ask_to_complete", by_user__isnull=False).exists(),
    )


def _is_signed(line: Line) -> bool:
    return has_signed(line.order.requester, line.quote.licence.code)
