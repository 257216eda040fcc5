"""Pools for programs: read them, propose one, pledge to one."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Pages, Private, checked
from orders.ledger.models import Period
from orders.models import Pool
from orders.services.pools import pools


class NewPool(serializers.Serializer):
    """A common purse of a period, pledged to until the end of `ends_on` in Paris."""

    period = serializers.IntegerField(min_value=1)
    title = serializers.CharField(max_length=200)
    aim = serializers.CharField(max_length=2000)
    threshold = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    ends_on = serializers.DateField()
    rule = serializers.ChoiceField(choices=Pool.Rule.choices)
    vote_days = serializers.IntegerField(min_value=1, max_value=60, default=7)


class NewPledge(serializers.Serializer):
    """How much the organisation you act for puts in; `submission` makes a retry harmless."""

    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    submission = serializers.CharField(max_length=80)


class PoolShown(serializers.Serializer):
    """A pool as programs read it."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    aim = serializers.CharField()
    sensor = serializers.CharField(source="period.sensor_id")
    period = serializers.CharField(source="period.label")
    unit = serializers.CharField(source="period.unit")
    threshold = serializers.DecimalField(max_digits=14, decimal_places=2)
    pledged = serializers.SerializerMethodField()
    free = serializers.SerializerMethodField()
    rule = serializers.CharField()
    keeper = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)

    def get_pledged(self, pool: Pool) -> str:
        return str(pools.pledged(pool))

    def get_free(self, pool: Pool) -> str:
        return str(pools.free(pool))


class Pools(Private):
    @extend_schema(responses=PoolShown(many=True), operation_id="pools")
    def get(self, request: Request) -> Response:
        """The pools, the newest first."""
        pages = Pages()
        found = pages.paginate_queryset(seen_pools(request), request, view=self)
        return pages.get_paginated_response(PoolShown(found, many=True).data)

    @extend_schema(request=NewPool, responses={201: PoolShown}, operation_id="pool_propose")
    @idempotent
    def post(self, request: Request) -> Response:
        """Propose a pool; the organisation you act for keeps it."""
        facts = dict(checked(NewPool, request))
        period = get_object_or_404(Period, pk=facts.pop("period"))
        by = Actor.of(request.user)
        pool = pools.propose(period, **facts, submission=f"api:{uuid.uuid4().hex}", by=by)
        there = reverse("api_pool", args=[pool.pk], request=request)
        shown = PoolShown(seen_pools(request).get(pk=pool.pk)).data
        return Response(shown, status=201, headers={"Location": there})


class OnePool(Private):
    @extend_schema(responses=PoolShown, operation_id="pool")
    def get(self, request: Request, pk: int) -> Response:
        """One pool."""
        return Response(PoolShown(get_object_or_404(seen_pools(request), pk=pk)).data)


class PoolPledges(Private):
    @extend_schema(request=NewPledge, responses={201: PoolShown}, operation_id="pool_pledge")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Pledge for your organisation: held on its allotment until the pool is reached or given up."""
        pool = get_object_or_404(seen_pools(request), pk=pk)
        asked = checked(NewPledge, request)
        organisation = check_is_member(request.user).organisation
        said = {**asked, "by": Actor.of(request.user)}
        pools.pledge(pool, organisation, said.pop("amount"), **said)
        return Response(PoolShown(seen_pools(request).get(pk=pk)).data, status=201)


def seen_pools(request: Request) -> Any:
    """The pools that this person reads."""
    return Pool.objects.visible_to(request.user).select_related("period", "keeper")
