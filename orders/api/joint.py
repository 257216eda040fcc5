"""/joint-requests: what one's own taskings could be asked as together with others, and what the desk does of it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import check_is_desk, is_desk
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Pages, Private, checked
from orders.models import JointPart, JointRequest
from orders.services.pools import joint, joint_placing


class PartyShown(serializers.Serializer):
    """One of the others, once all have agreed."""

    organisation = serializers.CharField(source="order.organisation.name")
    requester = serializers.CharField(source="order.requester")
    line = serializers.CharField(source="reference")


class JointShown(serializers.Serializer):
    """A joint request as one party is told of it; `others` names nobody before all have agreed."""

    id = serializers.IntegerField(source="part.pk")
    joint = serializers.IntegerField(source="part.joint_id")
    line = serializers.CharField(source="part.line.reference")
    state = serializers.CharField()
    others = serializers.IntegerField()
    unit = serializers.CharField()
    alone = serializers.DecimalField(source="part.alone", max_digits=14, decimal_places=2)
    share = serializers.DecimalField(max_digits=14, decimal_places=2)
    saved = serializers.DecimalField(max_digits=14, decimal_places=2)
    agrees = serializers.BooleanField(source="part.agrees", allow_null=True)
    ready = serializers.BooleanField()
    parties = PartyShown(many=True)


class JointAnswered(serializers.Serializer):
    agrees = serializers.BooleanField()


class Placed(serializers.Serializer):
    """Under one reference of the supplier."""

    supplier_reference = serializers.CharField(max_length=80)


class Parted(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class JointRequests(Private):
    @extend_schema(responses=JointShown(many=True), operation_id="joint_requests")
    def get(self, request: Request) -> Response:
        """Those of your own lines; at the desk, those that all have agreed on and wait to be placed."""
        pages = Pages()
        page = pages.paginate_queryset(_parts(request), request, view=self)
        told = [joint.told(part.line, request.user) for part in page]
        shown = JointShown([one for one in told if one is not None], many=True)
        return pages.get_paginated_response(shown.data)


class JointAnswer(Private):
    @extend_schema(request=JointAnswered, responses=JointShown, operation_id="joint_answer")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Agree, or not, for your own line. One that does not ends it for all, and is named to nobody."""
        mine = JointPart.objects.filter(line__order__requester=request.user)
        part = get_object_or_404(mine.select_related("line__order"), pk=pk)
        agrees = checked(JointAnswered, request)["agrees"]
        joint.answer(part, agrees=agrees, by=Actor.of(request.user))
        told = joint.told(part.line, request.user)
        return Response(JointShown(told).data if told else None, status=200 if told else 204)


class JointPlace(Private):
    @extend_schema(request=Placed, responses={204: None}, operation_id="joint_place")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Say that the supplier has all of it as one: every line is held to its share, and placed."""
        check_is_desk(request.user)
        found, said = get_object_or_404(JointRequest, pk=pk), checked(Placed, request)
        joint_placing.place(found, **said, by=Actor.of(request.user))
        return Response(status=204)


class JointParting(Private):
    @extend_schema(request=Parted, responses={204: None}, operation_id="joint_part")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Place each alone after all, and say why."""
        check_is_desk(request.user)
        found, said = get_object_or_404(JointRequest, pk=pk), checked(Parted, request)
        joint_placing.part(found, **said, by=Actor.of(request.user))
        return Response(status=204)


def _parts(request: Request) -> object:
    """The last part of each line that the asker may be told of."""
    rows = JointPart.objects.select_related("joint", "line__order__requester")
    rows = rows.filter(joint__state__in=[*joint.UNDECIDED, "placed"]).order_by("-pk")
    mine = rows.filter(line__order__requester=request.user)
    if not is_desk(request.user):
        return mine
    # One part stands for the request: it names the others.
    firsts = JointPart.objects.filter(joint__state="agreed").order_by("joint_id", "pk")
    return mine | rows.filter(pk__in=firsts.distinct("joint_id").values("pk"))
