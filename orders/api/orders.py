"""POST /quotes, POST and GET /orders, and the steps of a line."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.models import Decision, Line, Order, Quote
from orders.policies.lines import Reader, steps_open_to
from orders.serializers import NewOrder, OrderShown, QuoteShown, StepFacts, Wish
from orders.services.asking import asking, quotes
from orders.services.desk import deciding
from orders.services.lines import lines, orders
from orders.services.lines.reading import sentence
from orders.services.projects import project_use


class Pages(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


class Private(APIView):
    """For people who are signed in, and for their keys within what they allow."""

    permission_classes = [IsAuthenticated, WithinScope]


class Quotes(Private):
    scopes = {"POST": "read"}

    @extend_schema(request=Wish, responses={201: QuoteShown}, operation_id="quote")
    @idempotent
    def post(self, request: Request) -> Response:
        """Price a wish without booking anything; the quote can be ordered until it expires."""
        quote = _quoted(checked(Wish, request), by=Actor.of(request.user))
        return Response(QuoteShown(quote).data, status=201)


class Orders(Private):
    @extend_schema(responses=OrderShown(many=True), operation_id="orders")
    def get(self, request: Request) -> Response:
        """The orders you may see, the newest first; with `?project=`, those of one project."""
        pages, every = Pages(), _orders(request)
        if named := request.query_params.get("project", "")[:24]:
            every = every.filter(project__reference=named)
        found = pages.paginate_queryset(every, request, view=self)
        reader = Reader(request.user)
        shown = [_shown(order, reader) for order in found]
        return pages.get_paginated_response(OrderShown(shown, many=True).data)

    @extend_schema(request=NewOrder, responses={201: OrderShown}, operation_id="order_new")
    @idempotent
    def post(self, request: Request) -> Response:
        """Submit an order: the quota is held for all of its lines, or for none."""
        by, asked = Actor.of(request.user), checked(NewOrder, request)
        # Refused, an order leaves none of the quotes that were made on its way.
        with transaction.atomic():
            order = orders.place(
                _quotes(asked, by=by),
                title=asked["title"],
                purpose=asked["purpose"],
                submission=uuid.uuid4().hex,
                wait=asked["wait"],
                alone=asked["alone"],
                by=by,
            )
        there = reverse("api_order", args=[order.reference], request=request)
        order = _orders(request).get(pk=order.pk)
        shown = OrderShown(_shown(order, Reader(request.user))).data
        return Response(shown, status=201, headers={"Location": there})


class OneOrder(Private):
    @extend_schema(responses=OrderShown, operation_id="order")
    def get(self, request: Request, reference: str) -> Response:
        """One order with its lines."""
        order = get_object_or_404(_orders(request), reference=reference)
        return Response(OrderShown(_shown(order, Reader(request.user))).data)


class LineStep(Private):
    @extend_schema(request=StepFacts, responses=OrderShown, operation_id="line_step")
    @idempotent
    def post(self, request: Request, reference: str, number: int, step: str) -> Response:
        """Take one step of a line, such as `withdraw`; the order tells which are open to you.

        What the desk decides is answered 202 with the `decision` of the line: it takes effect half a
        minute later, and is undone at /decisions/<id>/undo before that.
        """
        order = get_object_or_404(_orders(request), reference=reference)
        line = get_object_or_404(Line.objects.visible_to(request.user), order=order, number=number)
        facts = checked(StepFacts, request)
        by, is_late = Actor.of(request.user), deciding.is_decided_here(line, step, request.user)
        if is_late:
            deciding.decide(line, step, by=by, reason=facts.get("reason", ""))
        else:
            lines.take_step(line, step, by=by, **facts)
        order = _orders(request).get(pk=order.pk)
        shown = OrderShown(_shown(order, Reader(request.user))).data
        return Response(shown, status=202 if is_late and settings.DESK_UNDO_SECONDS else 200)


def _orders(request: HttpRequest) -> Any:
    together = ("quote", "scene", "sensor", "order__organisation", "order__requester")
    undoable = Decision.objects.visible_to(request.user).pending()
    their_lines = Line.objects.select_related(*together).prefetch_related(
        "offers", Prefetch("decisions", queryset=undoable, to_attr="undoable")
    )
    return (
        Order.objects.visible_to(request.user)
        .select_related("organisation", "requester", "project")
        .prefetch_related(Prefetch("lines", queryset=their_lines))
    )


def _shown(order: Order, reader: Reader) -> Order:
    """The order with, on each line, the sentence and the steps of this reader."""
    order.shown = list(order.lines.all())
    for line in order.shown:
        line.turn = sentence(line, reader.user)
        line.steps = [step.name for step in steps_open_to(reader, line)]
        line.pending = next(iter(line.undoable), None) if reader.is_desk else None
    return order


def checked(shape: type, request: Request) -> dict[str, Any]:
    """What a program sent, in the shape asked; else a problem with every fault."""
    sent = shape(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent.validated_data


def _quoted(wish: dict[str, Any], *, by: Actor) -> Quote:
    named = wish.get("project")
    project = project_use.find(named, by.user) if named else None
    return quotes.make(asking.wish_of(wish, by=by), by=by, project=project)


def _quotes(asked: dict[str, Any], *, by: Actor) -> list[Quote]:
    if asked["lines"]:
        return [_quoted(wish, by=by) for wish in asked["lines"]]
    mine = Quote.objects.visible_to(by.user)
    return [get_object_or_404(mine, key=key) for key in asked["quotes"]]
