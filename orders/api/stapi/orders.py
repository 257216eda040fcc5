"""/stapi/orders: taskings as STAPI orders. Each is a line of ours, under the rules that hold for all."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.idempotency import idempotent
from orders.api.orders import checked
from orders.api.stapi.bodies import OrderAsked, wish_of
from orders.api.stapi.views import Members, problems, sensor_of, there
from orders.models import Line, LineEvent
from orders.pricing.words import Kind
from orders.services.asking import quotes
from orders.services.lines import orders
from orders.services.lines.reading import sentence
from orders.services.projects import project_use
from orders.stapi import codes, filters, intervals, shapes

PAGE, MOST = 10, 100
_THEIRS = "stapi:"  # before a client's own reference, in the key of a submission
_REFERENCE = re.compile(r"[A-Z0-9-]{1,24}")
_PAGED = [
    OpenApiParameter("limit", int, description="Orders on a page, 10 by itself, 100 at most."),
    OpenApiParameter("next", str, description="The id after which the page begins."),
]


class Paging(serializers.Serializer):
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=PAGE)
    next = serializers.CharField(max_length=40, required=False, default="")


class Orders(Members):
    @extend_schema(
        parameters=_PAGED,
        responses={200: OpenApiTypes.OBJECT, **problems(400, 403, 422)},
        operation_id="stapi_orders",
    )
    def get(self, request: Request) -> Response:
        """The taskings that you may see, the newest first."""
        return _page(request, _lines(request), there(request, "stapi_orders"))


class ProductOrders(Members):
    @extend_schema(
        parameters=_PAGED,
        responses={200: OpenApiTypes.OBJECT, **problems(400, 403, 404, 422)},
        operation_id="stapi_product_orders",
    )
    def get(self, request: Request, product: str) -> Response:
        """The taskings of one product that you may see, the newest first."""
        lines = _lines(request).filter(sensor=sensor_of(product))
        return _page(request, lines, there(request, "stapi_product_orders", product))

    @extend_schema(
        request=OrderAsked,
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        responses={201: OpenApiTypes.OBJECT, **problems(400, 403, 404, 409, 413, 422)},
        operation_id="stapi_order_new",
    )
    @idempotent
    def post(self, request: Request, product: str) -> Response:
        """Order a tasking: quoted, its quota held and sent on at once, or refused and nothing kept."""
        sensor, by = sensor_of(product), Actor.of(request.user)
        sent = checked(OrderAsked, request)
        said = sent["order_parameters"]
        submission = _submission(said.get("customer_reference"), by.user)
        # Refused, an order leaves none of the quote that was made on its way.
        with transaction.atomic():
            wish = wish_of(sent, sensor, by=by)
            project = project_use.find(said["project"], by.user) if "project" in said else None
            made = orders.place(
                [quotes.make(wish, by=by, project=project)],
                title=said["title"] or _("Tasking of %(sensor)s") % {"sensor": sensor.name},
                purpose=said["purpose"],
                submission=submission,
                wait=said["wait"],
                alone=said["alone"],
                by=by,
            )
        line = _lines(request).get(order=made)
        address = there(request, "stapi_order", line.reference)
        return Response(_shown(request, line), status=201, headers={"Location": address})


class OneOrder(Members):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(403, 404)}, operation_id="stapi_order"
    )
    def get(self, request: Request, reference: str) -> Response:
        """One order, with the status that it has now."""
        return Response(_shown(request, _line(request, reference)))


class Statuses(Members):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(403, 404)}, operation_id="stapi_statuses"
    )
    def get(self, request: Request, reference: str) -> Response:
        """The whole history of an order, the oldest status first."""
        line = _line(request, reference)
        links = [
            shapes.link("self", there(request, "stapi_statuses", reference)),
            shapes.link("order", there(request, "stapi_order", reference), kind=shapes.GEOJSON),
        ]
        return Response({"statuses": [one.shown() for one in _history(line)], "links": links})


def _submission(reference: str | None, user: Any) -> str:
    """The key under which an order is sent once. Raises NotNow (customer_reference_used)."""
    if reference is None:
        return uuid.uuid4().hex
    submission = f"{_THEIRS}{reference}"
    known = Line.objects.filter(order__requester=user, order__submission=submission).first()
    if known is not None:
        raise NotNow(
            "customer_reference_used",
            _("You have ordered under this reference already: %(order)s.") % {"order": known},
            order=known.reference,
        )
    return submission


def _lines(request: Request) -> QuerySet[Line]:
    """The taskings that the reader sees, the newest first, with what their orders show."""
    lives = [LineEvent.Life.APPROVAL, LineEvent.Life.SUPPLY]
    events = LineEvent.objects.filter(life__in=lives).order_by("at", "pk")
    return (
        Line.objects.visible_to(request.user)
        .filter(kind=Kind.TASKING)
        .select_related("order__organisation", "order__requester", "order__project", "quote")
        .prefetch_related(Prefetch("events", queryset=events, to_attr="told"))
        .order_by("-pk")
    )


def _line(request: Request, reference: str) -> Line:
    """One of them. Raises Http404, also for what the database would not even read."""
    if not _REFERENCE.fullmatch(reference):
        raise Http404
    return get_object_or_404(_lines(request), reference=reference)


def _page(request: Request, lines: QuerySet[Line], here: str) -> Response:
    """One page, by key: an order made meanwhile moves nothing."""
    asked = Paging(data=request.query_params)
    asked.is_valid(raise_exception=True)
    limit, after = asked.validated_data["limit"], asked.validated_data["next"]
    if after:
        last = Line.objects.visible_to(request.user).filter(reference=after).first()
        if last is None:
            raise Invalid("next_unknown", _("No page begins there."), field="next")
        lines = lines.filter(pk__lt=last.pk)
    found = list(lines[: limit + 1])
    links = [
        shapes.link("self", request.build_absolute_uri(), kind=shapes.GEOJSON),
        shapes.link("root", there(request, "stapi")),
    ]
    if len(found) > limit:
        again = f"{here}?limit={limit}&next={found[limit - 1].reference}"
        links.append(shapes.link("next", again, kind=shapes.GEOJSON))
    return Response(shapes.collection([_shown(request, one) for one in found[:limit]], links))


def _history(line: Line) -> list[codes.Status]:
    found = codes.history(line.told)
    # A line always has its first event; one without is told as it stands.
    return found or [codes.Status(line.state_since, *codes.APPROVAL[line.approval])]


def _shown(request: Request, line: Line) -> dict[str, Any]:
    geometry, turn = _geometry(line), sentence(line, request.user)
    zone = timezone.get_default_timezone()
    search = {
        "datetime": intervals.write(line.window_starts_on, line.window_ends_on, zone=zone),
        "geometry": geometry,
        "filter": filters.write(line.max_cloud, line.max_incidence),
    }
    said = {
        "title": line.order.title,
        "purpose": line.order.purpose,
        "mode": line.mode,
        "tries": line.tries,
        "options": line.options,
        "project": line.order.project.reference if line.order.project else None,
        "alone": not line.order.joins_requests,
        "customer_reference": _customer_reference(line),
    }
    own = {
        "order": line.order.reference,
        "unit": line.quote.unit,
        "units": str(line.quote.units),
        "quota_units": str(line.quote.quota_units),
        "price_eur": str(line.quote.price_eur),
        "sentence": turn.text,
        "turn": turn.whose or None,
        "due_at": line.due_at.isoformat() if line.due_at else None,
    }
    return shapes.order(
        key=line.reference,
        geometry=geometry,
        product=line.sensor_id,
        created=line.order.made_at.isoformat(),
        status=_history(line)[-1],
        search=search,
        parameters={name: value for name, value in said.items() if value is not None},
        own=own,
        links=list(_links(request, line)),
    )


def _customer_reference(line: Line) -> str | None:
    said = line.order.submission
    return said.removeprefix(_THEIRS) if said.startswith(_THEIRS) else None


def _geometry(line: Line) -> dict[str, Any]:
    """The area asked; of one part, a Polygon, as it was sent."""
    area = geo.to_mapping(geo.to_shapely(line.area))
    if len(area["coordinates"]) == 1:
        return {"type": "Polygon", "coordinates": area["coordinates"][0]}
    return area


def _links(request: Request, line: Line) -> Iterable[dict[str, Any]]:
    key = line.reference
    yield shapes.link("self", there(request, "stapi_order", key), kind=shapes.GEOJSON)
    yield shapes.link("monitor", there(request, "stapi_statuses", key))
    yield shapes.link("product", there(request, "stapi_product", line.sensor_id))
    page = there(request, "order", line.order.reference)
    yield shapes.link("alternate", page, kind="text/html")
    if line.product_id:
        yield shapes.link("item", there(request, "product", line.product_id), kind="text/html")
