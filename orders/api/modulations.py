"""/quota/modulations: what a modulation would do, then the same written, or left to a second person."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.policies import check_is_quota_administrator, check_may_read_budget
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.ledger.models import Period
from orders.models import Modulation
from orders.models.modulation import Aim, SpreadRule, Towards
from orders.services.purse import modulation_figures, modulations
from orders.services.purse.modulation_figures import Figures, Wish

_UNITS = {"max_digits": 14, "decimal_places": 2}


class NewModulation(serializers.Serializer):
    """An `amount` in the period's unit or a `share` in %, a cut below zero; `rule` for the allotments.

    With `dry_run` nothing is written. `seen` is the `figures` of the dry run: with it, what is
    written is what was seen, or nothing.
    """

    period = serializers.IntegerField(min_value=1)
    aim = serializers.ChoiceField(choices=Aim.choices)
    rule = serializers.ChoiceField(choices=SpreadRule.choices, required=False)
    amount = serializers.DecimalField(**_UNITS, required=False)
    share = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=-100, max_value=1000, required=False
    )
    floor = serializers.DecimalField(**_UNITS, min_value=0, required=False)
    towards = serializers.ChoiceField(choices=Towards.choices, default=Towards.BUDGET)
    reason = serializers.CharField(max_length=2000, required=False, default="")
    seen = serializers.CharField(max_length=64, required=False, default="")
    dry_run = serializers.BooleanField(default=False)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if bool(sent.get("amount")) == bool(sent.get("share")):
            raise serializers.ValidationError({"amount": _("Give an amount or a share, not zero.")})
        if sent["aim"] == Aim.ALLOTMENTS and "rule" not in sent:
            raise serializers.ValidationError({"rule": _("This field is required.")})
        if sent.get("rule") == SpreadRule.FLOOR and "floor" not in sent:
            raise serializers.ValidationError({"floor": _("This field is required.")})
        if not sent["dry_run"] and not sent["reason"].strip():
            raise serializers.ValidationError({"reason": _("This field is required.")})
        return sent


class Seen(serializers.Serializer):
    """`seen` names the figures that are applied."""

    seen = serializers.CharField(max_length=64)


class Why(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class ChangeShown(serializers.Serializer):
    owner_kind = serializers.CharField(source="account.owner_kind")
    owner = serializers.CharField(source="account.owner_key")
    name = serializers.CharField()
    before = serializers.DecimalField(**_UNITS)
    after = serializers.DecimalField(**_UNITS)
    free = serializers.DecimalField(**_UNITS)
    held = serializers.DecimalField(**_UNITS)
    consumed = serializers.DecimalField(**_UNITS)
    under_way = serializers.IntegerField()
    touched = serializers.IntegerField()


class SideShown(serializers.Serializer):
    before = serializers.DecimalField(**_UNITS)
    after = serializers.DecimalField(**_UNITS)


class FiguresShown(serializers.Serializer):
    """A preview; `figures` names exactly these figures."""

    figures = serializers.CharField(source="digest")
    unit = serializers.CharField(source="wish.period.unit")
    total = serializers.DecimalField(**_UNITS)
    needs_second_person = serializers.BooleanField()
    budget = SideShown()
    reserve = SideShown()
    touched = serializers.IntegerField()
    changes = ChangeShown(many=True)


class ModulationShown(serializers.Serializer):
    """A modulation; `preview` while it waits, with the figures to send as `seen`."""

    id = serializers.IntegerField(source="pk")
    period = serializers.IntegerField(source="period_id")
    aim = serializers.CharField()
    rule = serializers.CharField()
    amount = serializers.DecimalField(**_UNITS, allow_null=True)
    share = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    floor = serializers.DecimalField(**_UNITS, allow_null=True)
    towards = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.CharField()
    moved = serializers.DecimalField(**_UNITS)
    count = serializers.IntegerField()
    deed = serializers.CharField()
    made_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    preview = FiguresShown(allow_null=True)


class Modulations(Private):
    @extend_schema(request=NewModulation, responses={200: FiguresShown, 201: ModulationShown})
    @idempotent
    def post(self, request: Request) -> Response:
        """Work a modulation out (`dry_run`), or write it; above the threshold a second person applies it.

        A cut larger than what is free is refused (409) with `available`, the largest possible.
        """
        check_is_quota_administrator(request.user)
        asked, by = checked(NewModulation, request), Actor.of(request.user)
        wish = _wish(asked)
        if asked["dry_run"]:
            return Response(FiguresShown(_figures(modulations.preview(wish, by=by))).data)
        row = modulations.propose(
            wish,
            reason=asked["reason"],
            seen=asked["seen"],
            submission=f"api:{uuid.uuid4().hex}",
            by=by,
        )
        there = reverse("api_modulation", args=[row.pk], request=request)
        return Response(_shown(row), status=201, headers={"Location": there})


class OneModulation(Private):
    @extend_schema(responses=ModulationShown, operation_id="modulation")
    def get(self, request: Request, pk: int) -> Response:
        """One modulation, with its figures as they are now while it waits."""
        return Response(_shown(_modulation(request, pk)))


class ModulationApply(Private):
    @extend_schema(request=Seen, responses=ModulationShown, operation_id="modulation_apply")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Apply it, as another administrator than its author, exactly as it was seen."""
        row = _modulation(request, pk)
        return Response(_shown(modulations.apply(row, by=_by(request), **checked(Seen, request))))


class ModulationDrop(Private):
    @extend_schema(request=Why, responses=ModulationShown, operation_id="modulation_drop")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Give it up, and say why."""
        row = _modulation(request, pk)
        return Response(_shown(modulations.drop(row, by=_by(request), **checked(Why, request))))


def _by(request: Request) -> Actor:
    return Actor.of(request.user)


def _wish(asked: dict[str, Any]) -> Wish:
    period = get_object_or_404(Period.objects.select_related("sensor"), pk=asked["period"])
    of_allotments = asked["aim"] == Aim.ALLOTMENTS
    rule = asked["rule"] if of_allotments else ""
    return Wish(
        period=period,
        aim=asked["aim"],
        rule=rule,
        amount=asked.get("amount") or None,
        share=asked.get("share") or None,
        floor=asked["floor"] if rule == SpreadRule.FLOOR else None,
        towards=asked["towards"] if of_allotments else Towards.BUDGET,
    )


def _figures(found: Figures) -> dict[str, Any]:
    names = [*modulation_figures.Figures.__slots__, "touched"]
    alone = modulations.alone_up_to(found.wish.period)
    return {name: getattr(found, name) for name in names} | {
        "needs_second_person": found.moved > alone
    }


def _shown(row: Modulation) -> dict[str, Any]:
    waiting = modulations.now(row)[0] if row.state == "proposed" else None
    row.preview = _figures(waiting) if waiting else None
    return ModulationShown(row).data


def _modulation(request: Request, pk: int) -> Modulation:
    check_may_read_budget(request.user)
    return get_object_or_404(
        Modulation.objects.visible_to(request.user).select_related("period__sensor"), pk=pk
    )
