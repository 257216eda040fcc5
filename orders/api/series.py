"""GET and POST /programmes, one programme, its steps, and a time left out."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dinamis.actors import Actor
from dinamis.errors import NotFound
from dinamis.idempotency import idempotent
from orders.api.orders import Pages, Private, checked
from orders.models import Series
from orders.policies.series import steps_open_to
from orders.pricing.words import Kind
from orders.serializers import Area, Window, Wish
from orders.services.asking import asking
from orders.services.projects import project_use
from orders.services.tasking import series as programmes
from orders.services.tasking import series_reading
from orders.services.tasking.rhythms import MOST_EVERY, MOST_TIMES, Every, Rhythm
from orders.states import SERIES


class RhythmSent(serializers.Serializer):
    """Every so many weeks, months or years (the same season), so many times."""

    every = serializers.IntegerField(min_value=1, max_value=MOST_EVERY, default=1)
    unit = serializers.ChoiceField(choices=Every.choices, default=Every.YEARS)
    times = serializers.IntegerField(min_value=2, max_value=MOST_TIMES)


class NewSeries(serializers.Serializer):
    """What each time asks, as in a wish of the kind `tasking`; `window` is the first one."""

    title = serializers.CharField(max_length=200)
    purpose = serializers.CharField(max_length=4000)
    wish = Wish()
    rhythm = RhythmSent()

    def validate_wish(self, wish: dict[str, Any]) -> dict[str, Any]:
        if wish["kind"] != Kind.TASKING or wish["without"]:
            raise serializers.ValidationError(_("A programme asks whole taskings."))
        return wish


class TimeShown(serializers.Serializer):
    """One time; `line` is the reference of the line it was asked as."""

    number = serializers.IntegerField()
    window = Window(source="*")
    state = serializers.CharField()
    refusal = serializers.CharField()
    line = serializers.CharField(source="line.reference", default=None, allow_null=True)


class SeriesShown(serializers.Serializer):
    """A programme as programs read it."""

    reference = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    organisation = serializers.CharField()
    project = serializers.CharField(source="project.reference", default=None, allow_null=True)
    state = serializers.CharField()
    state_since = serializers.DateTimeField()
    sentence = serializers.CharField(source="told")
    sensor = serializers.CharField(source="sensor_id")
    mode = serializers.CharField()
    area = Area(source="outline")
    area_km2 = serializers.DecimalField(max_digits=12, decimal_places=2)
    times = TimeShown(many=True, source="occurrences.all")
    steps = serializers.ListField(child=serializers.CharField())


class Programmes(Private):
    @extend_schema(responses=SeriesShown(many=True), operation_id="programmes")
    def get(self, request: Request) -> Response:
        """The programmes you may see, the newest first."""
        pages = Pages()
        found = pages.paginate_queryset(_seen(request), request, view=self)
        shown = [_shown(one, request.user) for one in found]
        return pages.get_paginated_response(SeriesShown(shown, many=True).data)

    @extend_schema(request=NewSeries, responses={201: SeriesShown}, operation_id="programme_new")
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a programme; each time is asked in its turn, and nothing is held before."""
        by, asked = Actor.of(request.user), checked(NewSeries, request)
        named = asked["wish"].get("project")
        wish: Any = asking.wish_of(asked["wish"], by=by)
        rhythm = Rhythm(wish.starts_on, wish.ends_on, **asked["rhythm"])
        facts = {name: getattr(wish, name) for name in programmes.NAMES}
        made = programmes.make(
            programmes.Wanted(area=wish.area, **facts),
            rhythm,
            title=asked["title"],
            purpose=asked["purpose"],
            submission=uuid.uuid4().hex,
            project=project_use.find(named, by.user) if named else None,
            by=by,
        )
        there = reverse("api_programme", args=[made.reference], request=request)
        return Response(_answer(request, made), status=201, headers={"Location": there})


class OneProgramme(Private):
    @extend_schema(responses=SeriesShown, operation_id="programme")
    def get(self, request: Request, reference: str) -> Response:
        """One programme with its times."""
        return Response(_answer(request, _one(request, reference)))


class ProgrammeStep(Private):
    @extend_schema(request=None, responses=SeriesShown, operation_id="programme_step")
    @idempotent
    def post(self, request: Request, reference: str, step: str) -> Response:
        """`pause`, `resume` or `end`."""
        found = _one(request, reference)
        if step not in SERIES.steps:
            raise NotFound("step_unknown", _("There is no such step."))
        programmes.take_step(found, step, by=Actor.of(request.user))
        return Response(_answer(request, found))


class ProgrammeSkip(Private):
    @extend_schema(request=None, responses=SeriesShown, operation_id="programme_skip")
    @idempotent
    def post(self, request: Request, reference: str, number: int) -> Response:
        """Leave one time out that was not asked yet."""
        found = _one(request, reference)
        time = get_object_or_404(found.occurrences.select_related("series"), number=number)
        programmes.skip(time, by=Actor.of(request.user))
        return Response(_answer(request, found))


def _seen(request: HttpRequest) -> Any:
    seen = Series.objects.visible_to(request.user)
    together = ("organisation", "requester", "project")
    return seen.select_related(*together).prefetch_related("occurrences__line")


def _one(request: HttpRequest, reference: str) -> Series:
    return get_object_or_404(_seen(request), reference=reference)


def _answer(request: HttpRequest, series: Series) -> Any:
    """The programme read anew: a step may have changed it and its times."""
    return SeriesShown(_shown(_seen(request).get(pk=series.pk), request.user)).data


def _shown(series: Series, reader: Any) -> Series:
    series.told = series_reading.told(series)
    series.steps = [name for name, _row in steps_open_to(reader, series)]
    series.outline = json.loads(series.area.geojson)
    return series
