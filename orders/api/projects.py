"""GET and POST /projects, and one project."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from catalogue.models import Sensor, Theme
from catalogue.services import areas, given_areas
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.idempotency import idempotent
from orders.api.orders import Pages, Private
from orders.models import Project, Track
from orders.pricing.words import Kind
from orders.serializers import Area
from orders.services.projects import project_decisions, project_parts, projects
from orders.services.projects.project_parts import MOST_AREAS
from orders.services.projects.project_reading import turn_of
from orders.services.projects.projects import MOST_WISHES, MOST_WORDS, Facts, Wished


class WishSent(serializers.Serializer):
    """Images wished for."""

    sensor = serializers.SlugField(max_length=20)
    kind = serializers.ChoiceField(choices=Kind.choices)
    images = serializers.IntegerField(min_value=1, max_value=999)
    km2 = serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=Decimal(1), max_value=Decimal(1_000_000)
    )


class AreaSent(serializers.Serializer):
    """A place: a GeoJSON polygon, or the key of a saved area."""

    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    area = Area(required=False)
    area_key = serializers.UUIDField(required=False)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if bool(sent.get("area")) == bool(sent.get("area_key")):
            raise serializers.ValidationError(
                {"area": _("Give area, or area_key: one of the two.")}
            )
        return sent


def _words() -> serializers.CharField:
    return serializers.CharField(
        max_length=MOST_WORDS, required=False, allow_blank=True, default=""
    )


class NewProject(serializers.Serializer):
    """A project. With `submit`, it is sent to the desk if nothing is missing; else it is a draft."""

    title = serializers.CharField(max_length=200)
    track = serializers.ChoiceField(choices=Track.choices, default=Track.DINAMIS)
    abstract, objectives, method, expected = _words(), _words(), _words(), _words()
    themes = serializers.ListField(
        child=serializers.SlugField(max_length=30), max_length=20, required=False, default=list
    )
    starts_on = serializers.DateField(required=False, default=None, allow_null=True)
    ends_on = serializers.DateField(required=False, default=None, allow_null=True)
    joins_requests = serializers.BooleanField(default=True)
    areas = serializers.ListField(
        child=AreaSent(), max_length=MOST_AREAS, required=False, default=list
    )
    wishes = serializers.ListField(
        child=WishSent(), max_length=MOST_WISHES, required=False, default=list
    )
    submit = serializers.BooleanField(default=False)


class WishShown(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    sensor = serializers.CharField(source="sensor_id")
    kind = serializers.CharField()
    images = serializers.IntegerField()
    km2 = serializers.DecimalField(max_digits=10, decimal_places=2)
    offered = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class AllotmentShown(serializers.Serializer):
    """What a project has free in one period, in the unit of the sensor's quota."""

    sensor = serializers.CharField(source="period.sensor_id")
    period = serializers.CharField(source="period.label")
    unit = serializers.CharField(source="period.unit")
    free = serializers.DecimalField(source="balance", max_digits=14, decimal_places=2)


class ShareShown(serializers.Serializer):
    """What is planned of a later year, in the unit of the sensor's quota."""

    sensor = serializers.CharField(source="sensor_id")
    year = serializers.IntegerField()
    units = serializers.DecimalField(max_digits=12, decimal_places=2)


class ProjectShown(serializers.Serializer):
    """A project as programs read it."""

    reference = serializers.CharField()
    title = serializers.CharField()
    track = serializers.CharField()
    organisation = serializers.CharField()
    state = serializers.CharField()
    state_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    sentence = serializers.CharField(source="turn_now.text")
    is_yours = serializers.BooleanField(source="turn_now.is_yours")
    abstract = serializers.CharField()
    objectives = serializers.CharField()
    method = serializers.CharField()
    expected = serializers.CharField()
    themes = serializers.ListField(child=serializers.CharField(), source="theme_codes")
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    joins_requests = serializers.BooleanField()
    wishes = WishShown(many=True, source="wishes.all")
    allotments = AllotmentShown(many=True)
    planned = ShareShown(many=True)
    missing = serializers.ListField(child=serializers.CharField())


class Projects(Private):
    @extend_schema(responses=ProjectShown(many=True), operation_id="projects")
    def get(self, request: Request) -> Response:
        """The projects you may see, the newest first."""
        pages = Pages()
        found = pages.paginate_queryset(of_request(request), request, view=self)
        rows = [shown(one, request.user) for one in found]
        return pages.get_paginated_response(ProjectShown(rows, many=True).data)

    @extend_schema(request=NewProject, responses={201: ProjectShown}, operation_id="project_new")
    @idempotent
    def post(self, request: Request) -> Response:
        """Keep a project as a draft, or submit it: all of it, or nothing."""
        sent = NewProject(data=request.data)
        sent.is_valid(raise_exception=True)
        said, by = sent.validated_data, Actor.of(request.user)
        with transaction.atomic():
            project = projects.begin(_facts(said), by=by)
            for place in said["areas"]:
                checked = given_areas.check(_outline(place), given_areas.Rules(trusted=True))
                project_parts.add_area(project, checked, name=place["name"], by=by)
            if said["submit"]:
                project = projects.submit(project, by=by)
        there = reverse("api_project", args=[project.reference], request=request)
        found = of_request(request).get(pk=project.pk)
        body = ProjectShown(shown(found, request.user)).data
        return Response(body, status=201, headers={"Location": there})


class OneProject(Private):
    @extend_schema(responses=ProjectShown, operation_id="project")
    def get(self, request: Request, reference: str) -> Response:
        """One project, with what it has free."""
        project = get_object_or_404(of_request(request), reference=reference)
        return Response(ProjectShown(shown(project, request.user)).data)


def of_request(request: HttpRequest) -> Any:
    """The projects that the asker sees, with what is shown of each."""
    seen = Project.objects.visible_to(request.user)
    return seen.select_related("organisation", "lead").prefetch_related(
        "wishes", "themes", "reports"
    )


def shown(project: Project, user: Any) -> Project:
    project.turn_now = turn_of(project, user)
    project.theme_codes = [theme.pk for theme in project.themes.all()]
    project.planned = list(project.shares.planned())
    project.allotments = project_decisions.allotments_of(project)
    writable = project.state in ("draft", "to_complete")
    project.missing = [str(one) for one in projects.missing(project)] if writable else []
    return project


def _facts(said: dict[str, Any]) -> Facts:
    names = ("title", "track", "abstract", "objectives", "method", "expected", "starts_on", "ends_on",
             "joins_requests")  # fmt: skip
    known = Theme.objects.filter(pk__in=said["themes"], is_offered=True)
    codes = tuple(known.values_list("pk", flat=True))
    if set(codes) != set(said["themes"]):
        raise Invalid("theme_unknown", _("One of these themes does not exist."), field="themes")
    return Facts(
        **{name: said[name] for name in names},
        themes=codes,
        wishes=tuple(_wish(row) for row in said["wishes"]),
    )


def _wish(row: dict[str, Any]) -> Wished:
    sensor = Sensor.objects.filter(code=row["sensor"]).first()
    if sensor is None:
        raise Invalid("sensor_unknown", _("There is no sensor of this name."), field="wishes")
    return Wished(sensor, row["kind"], row["images"], row["km2"])


def _outline(place: dict[str, Any]) -> Any:
    if key := place.get("area_key"):
        return geo.to_shapely(areas.get(key).geometry)
    return place["area"]
