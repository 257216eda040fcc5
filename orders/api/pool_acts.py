"""What is done to a pool by program, as on its page: pledges withdrawn, draws asked, answered, the pool given up."""

from typing import Any

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.api.pools import PoolShown, seen_pools
from orders.models import Line, Pledge, PoolDraw
from orders.services.pools import draws, pools

_UNITS = {"max_digits": 14, "decimal_places": 2}


class PledgeShown(serializers.Serializer):
    """What one organisation has promised or paid in."""

    id = serializers.IntegerField(source="pk")
    organisation = serializers.CharField()
    amount = serializers.DecimalField(**_UNITS)
    state = serializers.CharField()


class NewDraw(serializers.Serializer):
    """The line, a draft of one's own, that the pool is to carry."""

    line = serializers.CharField(max_length=24)


class DrawShown(serializers.Serializer):
    """A line that is to be carried by the pool; `due_at` is when a vote ends."""

    id = serializers.IntegerField(source="pk")
    line = serializers.CharField(source="line.reference")
    organisation = serializers.CharField(source="line.order.organisation")
    units = serializers.DecimalField(**_UNITS)
    state = serializers.CharField()
    agreed = serializers.IntegerField()
    disagreed = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)


class Vote(serializers.Serializer):
    agrees = serializers.BooleanField()


class Word(serializers.Serializer):
    """The keeper's word; a refusal says why."""

    agrees = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class Reason(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class PledgeWithdrawal(Private):
    @extend_schema(request=None, responses=PledgeShown, operation_id="pool_pledge_withdraw")
    @idempotent
    def post(self, request: Request, pk: int, pledge: int) -> Response:
        """Take a pledge of your organisation back while the pool is not reached."""
        pool = get_object_or_404(seen_pools(request), pk=pk)
        made = get_object_or_404(Pledge.objects.filter(pool=pool), pk=pledge)
        return Response(PledgeShown(pools.withdraw(made, by=Actor.of(request.user))).data)


class PoolCancel(Private):
    @extend_schema(request=Reason, responses=PoolShown, operation_id="pool_cancel")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Give the pool up, as its keeper: every pledge goes back."""
        pool = get_object_or_404(seen_pools(request), pk=pk)
        pools.cancel(pool, by=Actor.of(request.user), **checked(Reason, request))
        return Response(PoolShown(seen_pools(request).get(pk=pk)).data)


class PoolDraws(Private):
    @extend_schema(responses=DrawShown(many=True), operation_id="pool_draws")
    def get(self, request: Request, pk: int) -> Response:
        """What was asked of the pool, the newest first; at most 200."""
        pool = get_object_or_404(seen_pools(request), pk=pk)
        return Response(DrawShown(_draws(pool)[:200], many=True).data)

    @extend_schema(request=NewDraw, responses={201: DrawShown}, operation_id="pool_draw_ask")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Ask the pool to carry a draft line of yours; within your share it is granted at once."""
        pool = get_object_or_404(seen_pools(request), pk=pk)
        asked = checked(NewDraw, request)["line"]
        line = get_object_or_404(
            Line.objects.filter(order__requester=request.user), reference=asked
        )
        made = draws.ask(pool, line, by=Actor.of(request.user))
        return Response(_shown(made), status=201)


class DrawVote(Private):
    @extend_schema(request=Vote, responses=DrawShown, operation_id="pool_draw_vote")
    @idempotent
    def post(self, request: Request, pk: int, draw: int) -> Response:
        """Vote for the organisation you act for, once."""
        found = _draw(request, pk, draw)
        organisation = check_is_member(request.user).organisation
        said = checked(Vote, request)
        return Response(_shown(draws.vote(found, organisation, by=Actor.of(request.user), **said)))


class DrawWord(Private):
    @extend_schema(request=Word, responses=DrawShown, operation_id="pool_draw_decide")
    @idempotent
    def post(self, request: Request, pk: int, draw: int) -> Response:
        """Grant or refuse a draw, as the pool's keeper."""
        found = _draw(request, pk, draw)
        said = checked(Word, request)
        return Response(_shown(draws.decide(found, by=Actor.of(request.user), **said)))


def _draws(pool: Any) -> Any:
    rows = PoolDraw.objects.filter(pool=pool).select_related("pool", "line__order__organisation")
    return rows.annotate(
        agreed=Count("votes", filter=Q(votes__agrees=True)),
        disagreed=Count("votes", filter=Q(votes__agrees=False)),
    ).order_by("-made_at", "-pk")


def _draw(request: Request, pk: int, draw: int) -> PoolDraw:
    pool = get_object_or_404(seen_pools(request), pk=pk)
    return get_object_or_404(PoolDraw.objects.filter(pool=pool).select_related("pool"), pk=draw)


def _shown(draw: PoolDraw) -> dict[str, Any]:
    return DrawShown(_draws(draw.pool).get(pk=draw.pk)).data
