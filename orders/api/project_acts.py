"""What programs do with a project: its steps, a part offered, quota allotted for this year or a later one."""

import uuid
from decimal import Decimal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import check_is_desk
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private, checked
from orders.api.projects import ProjectShown, of_request, shown
from orders.models import Project
from orders.services.projects import project_decisions, project_verbs, project_years


class ProjectFacts(serializers.Serializer):
    """`reason` where the step needs one."""

    reason = serializers.CharField(
        max_length=4000, required=False, default="", allow_blank=True, trim_whitespace=True
    )


class Offered(serializers.Serializer):
    """So much of one wish, in the unit of the sensor's quota."""

    id = serializers.IntegerField(min_value=1)
    units = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(0))


class PartOffered(serializers.Serializer):
    """A part, wish by wish; a wish that is not named is offered nothing of."""

    wishes = serializers.ListField(child=Offered(), min_length=1, max_length=50)
    reason = serializers.CharField(max_length=4000)


class Allotted(serializers.Serializer):
    """More of a sensor's quota; without `year`, of today's period and at once."""

    sensor = serializers.SlugField(max_length=20)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    reason = serializers.CharField(max_length=400)
    year = serializers.IntegerField(min_value=2000, max_value=2200, required=False)
    submission = serializers.CharField(
        max_length=80, required=False, help_text="Your name for it: sent twice, it acts once."
    )


class ProjectStep(Private):
    @extend_schema(request=ProjectFacts, responses=ProjectShown, operation_id="project_step")
    @idempotent
    def post(self, request: Request, reference: str, step: str) -> Response:
        """Take a step of a project: `submit`, `withdraw`, `take_offer`, `leave_offer`, `appeal`; at the
        desk `approve`, `refuse`, `ask_to_complete`, `grant`, `dismiss`, `close`."""
        project = _project(request, reference)
        said = checked(ProjectFacts, request)
        project_verbs.take(project, step, by=Actor.of(request.user), reason=said["reason"])
        return _answer(request, project)


class ProjectOffer(Private):
    @extend_schema(request=PartOffered, responses=ProjectShown, operation_id="project_offer")
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Offer a part with the reason: nothing is allotted before the lead takes it."""
        check_is_desk(request.user)
        project = _project(request, reference)
        said = checked(PartOffered, request)
        amounts = {one["id"]: one["units"] for one in said["wishes"]}
        by = Actor.of(request.user)
        project_decisions.offer(project, amounts, reason=said["reason"], by=by)
        return _answer(request, project)


class ProjectAllotments(Private):
    @extend_schema(
        request=Allotted, responses={201: ProjectShown}, operation_id="project_allotment"
    )
    @idempotent
    def post(self, request: Request, reference: str) -> Response:
        """Allot more from today's budget, or plan what a later `year` gives once it is open."""
        check_is_desk(request.user)
        project = _project(request, reference)
        said, by = checked(Allotted, request), Actor.of(request.user)
        sensor = get_object_or_404(Sensor, pk=said["sensor"])
        year = said.get("year", timezone.localdate().year)
        if year != timezone.localdate().year:
            project_years.plan(project, sensor, year, said["amount"], reason=said["reason"], by=by)
        else:
            key = f"more:{said.get('submission') or uuid.uuid4().hex}"
            project_decisions.allot_more(
                project, sensor, said["amount"], reason=said["reason"], key=key, by=by
            )
        return _answer(request, project, status=201)


def _project(request: Request, reference: str) -> Project:
    return get_object_or_404(of_request(request), reference=reference)


def _answer(request: Request, project: Project, *, status: int = 200) -> Response:
    found = of_request(request).get(pk=project.pk)
    return Response(ProjectShown(shown(found, request.user)).data, status=status)
