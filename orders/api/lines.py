"""What follows a line: cancelled with its cost known, its rest asked for."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.models import Line
from orders.serializers import QuoteShown
from orders.services.tasking import cancelling, rest


class CostShown(serializers.Serializer):
    """What cancelling now comes to, in the line's unit: passes nearer than `hours` are made and count."""

    unit = serializers.CharField()
    hours = serializers.IntegerField()
    counted = serializers.DecimalField(max_digits=14, decimal_places=2)
    late = serializers.IntegerField()
    late_units = serializers.DecimalField(max_digits=14, decimal_places=2)
    given_back = serializers.DecimalField(max_digits=14, decimal_places=2)


class Cancelled(serializers.Serializer):
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class LineCancel(Private):
    @extend_schema(responses=CostShown, operation_id="line_cancel_cost")
    def get(self, request: Request, reference: str, number: int) -> Response:
        """What cancelling a tasking would cost now; nothing is done."""
        return Response(_cost(line_of(request, reference, number, kind="tasking")))

    @extend_schema(request=Cancelled, responses=CostShown, operation_id="line_cancel")
    @idempotent
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Cancel a tasking that the supplier has; what it cost."""
        line = line_of(request, reference, number, kind="tasking")
        reason, cost = checked(Cancelled, request)["reason"], _cost(line)
        cancelling.cancel(line, by=Actor.of(request.user), reason=reason)
        return Response(cost)


class LineRest(Private):
    @extend_schema(request=None, responses={201: QuoteShown(many=True)}, operation_id="line_rest")
    @idempotent
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Quotes for what an image did not cover, one per outline; nothing is booked."""
        line = line_of(request, reference, number, kind="tasking")
        with transaction.atomic():
            made = rest.ask_for_rest(line, by=Actor.of(request.user))
        return Response(QuoteShown(made, many=True).data, status=201)


def line_of(request: Request, reference: str, number: int, *, kind: str = "") -> Line:
    """A line that the asker sees, of one kind where one is named; else 404."""
    seen = Line.objects.visible_to(request.user).select_related(
        "quote__rule_version", "order__project", "order__organisation", "sensor", "product", "scene"
    )
    only = {"kind": kind} if kind else {}
    return get_object_or_404(seen, order__reference=reference, number=number, **only)


def _cost(line: Line) -> dict[str, object]:
    cost = cancelling.cost(line)
    return {
        "unit": cost.unit,
        "hours": cost.hours,
        "counted": str(cost.counted),
        "late": len(cost.late),
        "late_units": str(cost.late_units),
        "given_back": str(cost.given_back),
    }
