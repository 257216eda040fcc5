"""/quota/periods: the ledger as programs read it, movement by movement, and the sizes that they may set.

Who reads the whole budget gets all of a period; a member gets the organisation's own accounts, and of
a movement between them and others the other end by its kind and owner, as on the statement page.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.eligibility import Category
from accounts.models import Organisation
from accounts.policies import check_is_member, check_is_quota_administrator, may_read_budget
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.ledger import reads
from orders.ledger.models import Account, Movement, Period
from orders.ledger.summaries import quota_of, summary
from orders.services.purse import budgets, quota

MOST = 1000  # movements in one answer
_UNITS = {"max_digits": 14, "decimal_places": 2}
_AT = OpenApiParameter("at", datetime, description="As of this instant; now if it is left out.")
_AFTER = OpenApiParameter("after", str, description="Where the page before ended: follow `next`.")


class PeriodShown(serializers.ModelSerializer[Period]):
    """A sensor's year or quarter; both days belong to it, in the time of Paris."""

    label = serializers.CharField()

    class Meta:
        model = Period
        fields = ("id", "sensor", "label", "unit", "starts_on", "ends_on", "is_over")


class NewPeriod(serializers.Serializer):
    sensor = serializers.SlugField(max_length=20)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    quarter = serializers.IntegerField(min_value=1, max_value=4, allow_null=True, default=None)


class OwnerShown(serializers.ModelSerializer[Account]):
    """One end of a movement."""

    class Meta:
        model = Account
        fields = ("id", "kind", "owner_kind", "owner_key")


class OnePurse(serializers.Serializer):
    """One quota: granted = free + held + consumed, always."""

    account = OwnerShown()
    name = serializers.CharField()
    granted = serializers.DecimalField(**_UNITS)
    free = serializers.DecimalField(**_UNITS)
    held = serializers.DecimalField(**_UNITS)
    consumed = serializers.DecimalField(**_UNITS)


class PursesShown(serializers.Serializer):
    """The quotas of a period as of `at`; the same instant gives the same figures for ever."""

    at = serializers.DateTimeField()
    unit = serializers.CharField()
    purses = OnePurse(many=True)


class MovementShown(serializers.ModelSerializer[Movement]):
    """An amount from one account to another; a capture or a release names the hold it settles."""

    from_account = OwnerShown()
    to_account = OwnerShown()

    class Meta:
        model = Movement
        fields = (
            "id", "at", "kind", "amount", "from_account", "to_account", "hold", "deed", "reason",
            "rule_version",
        )  # fmt: skip


class MovementsShown(serializers.Serializer):
    """A page of movements, oldest first, all of them booked up to `at`; `next` is null at the end."""

    at = serializers.DateTimeField()
    unit = serializers.CharField()
    next = serializers.URLField(allow_null=True)
    movements = MovementShown(many=True)


class Size(serializers.Serializer):
    """The size a quota is brought to, and why: the statement keeps it for ever.

    `owner` is an organisation's number for an allotment, a category for its common share.
    """

    what = serializers.ChoiceField(choices=["budget", "reserve", "common", "allotment"])
    owner = serializers.CharField(max_length=40, allow_blank=True, default="")
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    reason = serializers.CharField(max_length=500)


class Periods(Private):
    @extend_schema(responses=PeriodShown(many=True), operation_id="quota_periods")
    def get(self, request: Request) -> Response:
        """Every period of every sensor, the newest first."""
        _check_reader(request)
        found = Period.objects.order_by("-starts_on", "sensor__order")
        return Response(PeriodShown(found, many=True).data)

    @extend_schema(request=NewPeriod, responses={201: PeriodShown}, operation_id="quota_open")
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a year or a quarter for a sensor; open already, it is returned."""
        check_is_quota_administrator(request.user)
        asked = dict(checked(NewPeriod, request))
        sensor = get_object_or_404(Sensor, pk=asked.pop("sensor"))
        opened = budgets.open_period(sensor, **asked, by=Actor.of(request.user))
        return Response(PeriodShown(opened).data, status=201)


class Purses(Private):
    @extend_schema(responses=PursesShown, parameters=[_AT], operation_id="quota_purses")
    def get(self, request: Request, pk: int) -> Response:
        """The quotas of a period, as of any instant for whoever reads the budget; a member's own as of now."""
        found = _period(pk)
        if may_read_budget(request.user):
            whole = summary(found, at=_at(request))
            at, rows = whole.at, whole.rows
        else:
            own = _accounts(request, found)
            at, rows = reads.cut(own), [quota_of(account) for account in own.quotas()]
        names = quota.names([row.account for row in rows])
        for row in rows:
            row.account.period = found
        shown = [
            {"account": row.account, "name": names[row.account.pk]}
            | {name: getattr(row, name) for name in ("granted", "free", "held", "consumed")}
            for row in rows
        ]
        return Response(PursesShown({"at": at, "unit": found.unit, "purses": shown}).data)


class Movements(Private):
    @extend_schema(
        responses=MovementsShown, parameters=[_AT, _AFTER], operation_id="quota_movements"
    )
    def get(self, request: Request, pk: int) -> Response:
        """What moved in a period up to an instant: a thousand at a time, each once, none missing."""
        found = _period(pk)
        accounts = _accounts(request, found)
        at = reads.cut(accounts, _at(request))
        ends = accounts.values("pk")
        moved = Movement.objects.filter(Q(from_account__in=ends) | Q(to_account__in=ends))
        moved = _after(moved.filter(at__lte=at), request.query_params.get("after", ""))
        page = list(moved.select_related("from_account", "to_account").in_order()[: MOST + 1])
        there = None
        if len(page) > MOST:
            last = page[MOST - 1]
            there = replace_query_param(request.build_absolute_uri(), "at", at.isoformat())
            there = replace_query_param(there, "after", f"{last.at.isoformat()}~{last.pk}")
        shown = {"at": at, "unit": found.unit, "next": there, "movements": page[:MOST]}
        return Response(MovementsShown(shown).data)


class Sizes(Private):
    @extend_schema(
        request=Size, responses={201: MovementShown(many=True)}, operation_id="quota_resize"
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Bring a quota to a size; the answer is the movements it took, none if it had that size.

        A cut below what is held or consumed is refused (409) with `available`, the largest possible.
        """
        check_is_quota_administrator(request.user)
        found = _period(pk)
        asked = checked(Size, request)
        facts = {
            "reason": asked["reason"],
            "key": f"api:{uuid.uuid4().hex}",
            "by": Actor.of(request.user),
        }
        moved = _resize(found, asked, facts)
        return Response(MovementShown(moved, many=True).data, status=201)


def _resize(period: Period, asked: dict[str, Any], facts: dict[str, Any]) -> list[Movement]:
    amount, owner = asked["amount"], asked["owner"]
    if asked["what"] == "common" and owner in Category.values:
        return budgets.set_common(period, owner, amount, **facts)
    if asked["what"] == "allotment" and owner.isdecimal():
        organisation = get_object_or_404(Organisation.objects.members(), pk=owner)
        return budgets.set_organisation(period, organisation, amount, **facts)
    if asked["what"] == "budget" and not owner:
        return budgets.set_budget(period, amount, **facts)
    if asked["what"] == "reserve" and not owner:
        return budgets.set_reserve(period, amount, **facts)
    raise Invalid("quota_unknown", _("There is no such quota."))


def _check_reader(request: Request) -> None:
    if not may_read_budget(request.user):
        check_is_member(request.user)


def _accounts(request: Request, period: Period) -> QuerySet[Account]:
    """The accounts of a period that the reader may follow: all, or those of the own organisation."""
    if may_read_budget(request.user):
        return Account.objects.filter(period=period)
    return quota.accounts_of(period, check_is_member(request.user).organisation)


def _period(pk: int) -> Period:
    return get_object_or_404(Period.objects.select_related("sensor"), pk=pk)


def _at(request: Request) -> datetime | None:
    typed = request.query_params.get("at", "")
    return _instant(typed) if typed else None


def _after(moved: QuerySet[Movement], mark: str) -> QuerySet[Movement]:
    if not mark:
        return moved
    instant, _tilde, pk = mark.partition("~")
    if not pk.isdecimal() or len(pk) > 18:
        raise Invalid("after_misshapen", _("`after` is what `next` of the page before says."))
    at = _instant(instant)
    return moved.filter(Q(at__gt=at) | Q(at=at, pk__gt=int(pk)))


def _instant(typed: str) -> datetime:
    """Raises Invalid for what is no instant with a time zone."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid("instant_misshapen", _("Write an instant as 2026-11-29T12:00:00+01:00."))
    return found
