"""/orders/…/attempts: what the satellite tried for a tasking line, as the desk's programs write it down."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.models import Platform
from dinamis.actors import Actor
from dinamis.errors import NotFound
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.models import Attempt, Line
from orders.services.tasking import tasking


class AttemptShown(serializers.ModelSerializer[Attempt]):
    """One try of the satellite: `units` is what it counts on the quota, cloudy or not."""

    class Meta:
        model = Attempt
        fields = ("number", "state", "platform", "planned_at", "units", "cloud_cover")


class NewAttempt(serializers.Serializer):
    """`units` only where the supplier counts less than a whole try."""

    planned_at = serializers.DateTimeField()
    platform = serializers.SlugField(max_length=20, required=False)
    units = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)


class AttemptFacts(serializers.Serializer):
    """`miss` takes a reason, `cloud_over` the cloud in per cent."""

    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    cloud_cover = serializers.FloatField(min_value=0, max_value=100, required=False)


class Attempts(Private):
    @extend_schema(responses=AttemptShown(many=True), operation_id="attempts")
    def get(self, request: Request, reference: str, number: int) -> Response:
        """What was planned and tried for a line, in order."""
        line = _line(request, reference, number)
        return Response(AttemptShown(line.attempts.order_by("number"), many=True).data)

    @extend_schema(request=NewAttempt, responses={201: AttemptShown}, operation_id="attempt_new")
    @idempotent
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Write down a pass that the supplier will try; it counts when it is made."""
        line = _line(request, reference, number)
        facts = dict(checked(NewAttempt, request))
        if name := facts.pop("platform", None):
            facts["platform"] = get_object_or_404(Platform, pk=name)
        attempt = tasking.plan(line, **facts, by=Actor.of(request.user))
        return Response(AttemptShown(attempt).data, status=201)


class AttemptStep(Private):
    @extend_schema(request=AttemptFacts, responses=AttemptShown, operation_id="attempt_step")
    @idempotent
    def post(
        self, request: Request, reference: str, number: int, attempt: int, step: str
    ) -> Response:
        """`attempt` (made: it counts), `miss` (not made, with a reason) or `cloud_over`."""
        line, by = _line(request, reference, number), Actor.of(request.user)
        found = get_object_or_404(line.attempts, number=attempt)
        facts = checked(AttemptFacts, request)
        if step == "attempt":
            done = tasking.attempted(found, by=by)
        elif step == "miss":
            done = tasking.missed(found, by=by, reason=facts["reason"])
        elif step == "cloud_over":
            if "cloud_cover" not in facts:
                raise serializers.ValidationError({"cloud_cover": _("This field is required.")})
            done = tasking.cloudy(found, by=by, cloud_cover=facts["cloud_cover"])
        else:
            raise NotFound("step_unknown", _("There is no such step."))
        return Response(AttemptShown(done).data)


def _line(request: Request, reference: str, number: int) -> Line:
    seen = Line.objects.visible_to(request.user)
    return get_object_or_404(seen, order__reference=reference, number=number)
