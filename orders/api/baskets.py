"""The basket of a project, for programs."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.models import Scene
from catalogue.services import areas
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.api.projects import of_request
from orders.models import Project
from orders.services.projects import baskets


class ItemSent(serializers.Serializer):
    """A scene by its identifier, the key of the saved area it was found for, a word about it."""

    scene = serializers.CharField(max_length=120)
    area_key = serializers.UUIDField(required=False, default=None, allow_null=True)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ItemShown(serializers.Serializer):
    """A scene in the basket. Shares and cloud in per cent of the area; null without one."""

    id = serializers.IntegerField(source="item.pk")
    scene = serializers.CharField(source="result.scene.item_id")
    datetime = serializers.DateTimeField(source="result.scene.datetime")
    way = serializers.CharField(source="result.way")
    coverage = serializers.DecimalField(
        max_digits=6, decimal_places=2, allow_null=True, source="result.coverage"
    )
    area_key = serializers.UUIDField(source="item.area.key", default=None, allow_null=True)
    note = serializers.CharField(source="item.note")
    added_at = serializers.DateTimeField(source="item.added_at")


class Basket(Private):
    @extend_schema(responses=ItemShown(many=True), operation_id="basket")
    def get(self, request: Request, reference: str) -> Response:
        """What the basket of a project holds, at most 200 scenes, the newest first."""
        project = _project(request, reference)
        return Response(ItemShown(baskets.weigh(project, request.user), many=True).data)

    @extend_schema(request=ItemSent, responses={201: ItemShown}, operation_id="basket_put")
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Set a scene aside; one that is there already takes the new area and note."""
        project = _project(request, reference)
        said = checked(ItemSent, request)
        scene = get_object_or_404(Scene.objects.visible_to(request.user), item_id=said["scene"])
        area = areas.get(said["area_key"]) if said["area_key"] else None
        by = Actor.of(request.user)
        item = baskets.put(project, scene, area=area, note=said["note"], by=by)
        (told,) = baskets.weigh_items([item], request.user)
        return Response(ItemShown(told).data, status=201)


class TakeOut(Private):
    @extend_schema(request=None, responses={204: None}, operation_id="basket_take_out")
    @idempotent
    def post(self, request: Request, reference: str, pk: int) -> Response:
        """Take one scene out."""
        baskets.take_out(_project(request, reference), pk, by=Actor.of(request.user))
        return Response(status=204)


def _project(request: HttpRequest, reference: str) -> Project:
    found: Any = get_object_or_404(of_request(request), reference=reference)
    return found
