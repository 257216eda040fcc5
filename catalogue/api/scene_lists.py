"""/scene-lists: suppliers' lists of scenes at the desk, sent, looked at line by line, written, dropped, undone."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue import policies
from catalogue.lists.files import BYTES_MAX
from catalogue.models import SceneImport, SceneImportRow
from catalogue.services import given_areas, scene_imports, searching
from catalogue.states import IMPORT
from dinamis.actors import Actor
from dinamis.parsers import JSONBody

STEPS = ("write", "drop", "ask_again", "undo")


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 1_000


class ListShown(serializers.ModelSerializer[SceneImport]):
    """One list: its lines counted by outcome, and the `steps` that may be taken now."""

    steps = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = SceneImport
        fields = (
            "key", "kind", "name", "digest", "state", "state_since", "error", "new", "changed",
            "unchanged", "refused", "made_at", "steps", "url",
        )  # fmt: skip

    @extend_schema(responses=serializers.ListField(child=serializers.ChoiceField(STEPS)))
    def get_steps(self, made: SceneImport) -> list[str]:
        return [name for name in IMPORT.open_from(made.state) if name in STEPS]

    def get_url(self, made: SceneImport) -> str:
        return f"{settings.SITE_URL}{made.get_absolute_url()}"


class ListedLineShown(serializers.ModelSerializer[SceneImportRow]):
    """`after` is what the line writes, `before` what stood there; `sentence` why it was refused or left out."""

    class Meta:
        model = SceneImportRow
        fields = ("number", "item_id", "outcome", "sentence", "before", "after", "is_done")


class ListSent(serializers.Serializer[Any]):
    """CSV, GeoJSON, KML or KMZ: the export of a search, at most 20 MB and 5,000 scenes."""

    file = serializers.FileField()


class ListWritten(serializers.Serializer[Any]):
    """The same as text; the end of its `name` (.csv, .geojson, .kml) says what it is."""

    name = serializers.CharField(max_length=255)
    text = serializers.CharField(trim_whitespace=False)


class ListAsked(serializers.Serializer[Any]):
    """A search at OneAtlas. `area` is a GeoJSON geometry, WKT, or west, south, east, north."""

    area = serializers.JSONField()
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    max_cloud = serializers.FloatField(
        min_value=0, max_value=100, required=False, allow_null=True, default=None
    )


class ListReason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class Lists(APIView):
    parser_classes = (MultiPartParser, JSONBody)

    @extend_schema(responses=ListShown(many=True), operation_id="scene_lists")
    def get(self, request: Request) -> Response:
        """The lists, newest first, a page at a time (`limit`, `offset`)."""
        return _paged(self, request, _seen(request), ListShown)

    @extend_schema(
        request={"multipart/form-data": ListSent, "application/json": ListWritten},
        responses={201: ListShown},
        operation_id="scene_list_send",
    )
    def post(self, request: Request) -> Response:
        """Read a file and keep what it would do; nothing is written before the step `write`."""
        policies.check_may_complete_scenes(request.user)
        name, data = _sent(request)
        made = scene_imports.read(name, data, by=Actor.of(request.user))
        return Response(ListShown(made).data, status=status.HTTP_201_CREATED)


class SearchedList(APIView):
    @extend_schema(request=ListAsked, responses={202: ListShown}, operation_id="scene_list_search")
    def post(self, request: Request) -> Response:
        """Have a worker search the archive at Airbus: the list is filled when it answers."""
        policies.check_may_complete_scenes(request.user)
        shape = ListAsked(data=request.data)
        shape.is_valid(raise_exception=True)
        said = dict(shape.validated_data)
        area, rules = said.pop("area"), given_areas.Rules(trusted=True)
        read = (
            given_areas.pasted(area, rules)
            if isinstance(area, str)
            else given_areas.check(area, rules)
        )
        made = searching.ask(read, by=Actor.of(request.user), **said)
        return Response(ListShown(made).data, status=status.HTTP_202_ACCEPTED)


class OneList(APIView):
    @extend_schema(responses=ListShown, operation_id="scene_list")
    def get(self, request: Request, key: str) -> Response:
        """One list."""
        return Response(ListShown(_one(request, key)).data)


class Lines(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("outcome", OpenApiTypes.STR, enum=list(SceneImportRow.Outcome.values))
        ],
        responses=ListedLineShown(many=True),
        operation_id="scene_list_lines",
    )
    def get(self, request: Request, key: str) -> Response:
        """Its lines in their order, those of one outcome where it is named (`limit`, `offset`)."""
        outcome = request.query_params.get("outcome", "")
        return _paged(
            self, request, scene_imports.shown(_one(request, key), outcome), ListedLineShown
        )


class Step(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("step", OpenApiTypes.STR, "path", enum=list(STEPS))],
        request=ListReason,
        responses=ListShown,
        operation_id="scene_list_step",
    )
    def post(self, request: Request, key: str, step: str) -> Response:
        """Write, drop, undo (with a reason), or have a search asked again."""
        made = _one(request, key)
        if step not in STEPS:
            raise Http404
        shape = ListReason(data=request.data)
        shape.is_valid(raise_exception=True)
        made = scene_imports.act(made, step, by=Actor.of(request.user), **shape.validated_data)
        return Response(ListShown(made).data)


def _sent(request: Request) -> tuple[str, bytes]:
    """The list's name and bytes, as a file of a form or as text in JSON."""
    is_form = (request.content_type or "").startswith("multipart/")
    shape = (ListSent if is_form else ListWritten)(data=request.data)
    shape.is_valid(raise_exception=True)
    said = shape.validated_data
    if is_form:
        return said["file"].name, said["file"].read(BYTES_MAX + 1)
    return said["name"], said["text"].encode()


def _seen(request: Request) -> Any:
    policies.check_may_complete_scenes(request.user)
    return SceneImport.objects.visible_to(request.user)


def _one(request: Request, key: str) -> SceneImport:
    return get_object_or_404(_seen(request), key=key)


def _paged(view: APIView, request: Request, rows: Any, shown: Any) -> Response:
    pages = Pages()
    page = pages.paginate_queryset(rows, request, view=view)
    return pages.get_paginated_response(shown(page, many=True).data)
