"""/questions and /stand-ins: what waits for a requester's answer, and who answers while they are away."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.policies import check_is_desk, check_is_member
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.idempotency import idempotent
from orders.api.lines import line_of
from orders.api.orders import Pages, Private, checked
from orders.api.pool_acts import Reason
from orders.models import Question, Standin
from orders.services.tasking import acquisitions, questions, standins
from orders.services.tasking.answers import SILENCES

ASKED = [one for one in Question.Kind.choices if one[0] != Question.Kind.PROPOSAL]


class QuestionShown(serializers.ModelSerializer[Question]):
    """`options` are the answers; `silence` is the key of the one that is given for whoever gives none."""

    order = serializers.CharField(source="line.order.reference")
    line = serializers.CharField(source="line.reference")

    class Meta:
        model = Question
        fields = (
            "id", "order", "line", "kind", "state", "said", "facts", "options", "silence", "answer",
            "asked_at", "due_at",
        )  # fmt: skip


class Answered(serializers.Serializer):
    """`answer` is the key of an option."""

    answer = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class OptionSent(serializers.Serializer):
    """One option of a study; what it changes of the request is said with it."""

    label = serializers.CharField(max_length=300)
    ends_on = serializers.DateField(required=False)
    max_cloud = serializers.IntegerField(min_value=0, max_value=100, required=False)
    max_incidence = serializers.IntegerField(min_value=5, max_value=90, required=False)


class NewQuestion(serializers.Serializer):
    """A study with `options`, a quotation with `price_eur`, a weather notice about the pass `attempt`."""

    kind = serializers.ChoiceField(choices=ASKED)
    said = serializers.CharField(max_length=2000)
    due_at = serializers.DateTimeField(required=False)
    attempt = serializers.IntegerField(min_value=1, required=False)
    cloud = serializers.IntegerField(min_value=0, max_value=100, required=False)
    price_eur = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )
    reference = serializers.CharField(max_length=80, required=False)
    options = serializers.ListField(
        child=OptionSent(), max_length=questions.MOST_OPTIONS, required=False, default=list
    )
    silence = serializers.CharField(max_length=20, required=False, default="")


class StandinShown(serializers.ModelSerializer[Standin]):
    giver = serializers.EmailField(source="giver.email")
    receiver = serializers.EmailField(source="receiver.email")
    organisation = serializers.CharField(source="organisation.name")

    class Meta:
        model = Standin
        fields = ("id", "giver", "receiver", "organisation", "starts_on", "ends_on", "ended_at")


class NewStandin(serializers.Serializer):
    """A colleague of your organisation by their address, and the days, both included."""

    receiver = serializers.EmailField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class Questions(Private):
    @extend_schema(responses=QuestionShown(many=True), operation_id="questions")
    def get(self, request: Request) -> Response:
        """What is yours to answer now, or theirs for whom you stand in; the most urgent first."""
        pages = Pages()
        found = _with(Question.objects.to_answer(request.user)).order_by("due_at", "pk")
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(QuestionShown(page, many=True).data)


class OneQuestion(Private):
    @extend_schema(responses=QuestionShown, operation_id="question")
    def get(self, request: Request, pk: int) -> Response:
        """One question of a line that you see, answered or not."""
        return Response(QuestionShown(_question(request, pk)).data)


class QuestionAnswer(Private):
    @extend_schema(request=Answered, responses=QuestionShown, operation_id="question_answer")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Answer with the key of one of its options; an image proposed is accepted or refused."""
        found, said, by = _question(request, pk), checked(Answered, request), Actor.of(request.user)
        if found.acquisition_id and said["answer"] == "accept":
            acquisitions.accept(found.acquisition, by=by)
        elif found.acquisition_id and said["answer"] == "refuse":
            acquisitions.refuse(found.acquisition, by=by, reason=said["reason"])
        else:
            questions.answer(found, said["answer"], by=by, reason=said["reason"])
        return Response(QuestionShown(_question(request, pk)).data)


class QuestionTakeBack(Private):
    @extend_schema(request=Reason, responses=QuestionShown, operation_id="question_take_back")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """The desk was wrong to ask; the line goes on as before."""
        check_is_desk(request.user)
        found, said, by = _question(request, pk), checked(Reason, request), Actor.of(request.user)
        if found.acquisition_id:
            acquisitions.take_back(found.acquisition, by=by, reason=said["reason"])
        else:
            questions.take_back(found, by=by, reason=said["reason"])
        return Response(QuestionShown(_question(request, pk)).data)


class LineQuestions(Private):
    @extend_schema(responses=QuestionShown(many=True), operation_id="line_questions")
    def get(self, request: Request, reference: str, number: int) -> Response:
        """Everything that was asked about a line."""
        line = line_of(request, reference, number)
        return Response(QuestionShown(_with(line.questions.order_by("pk")), many=True).data)

    @extend_schema(request=NewQuestion, responses={201: QuestionShown}, operation_id="question_ask")
    @idempotent
    def post(self, request: Request, reference: str, number: int) -> Response:
        """The desk asks the requester something; they are told, and the clock runs."""
        line = line_of(request, reference, number)
        check_is_desk(request.user)
        said = dict(checked(NewQuestion, request))
        attempt = said.pop("attempt", None)
        if attempt is not None:
            attempt = get_object_or_404(line.attempts, number=attempt)
        named = ("cloud", "price_eur", "reference")
        facts = {name: _plain(said.pop(name)) for name in named if name in said}
        options = [{name: _plain(value) for name, value in one.items()} for one in said["options"]]
        asked = questions.Asked(
            kind=said["kind"],
            said=said["said"],
            facts=facts,
            options=options,
            silence=said["silence"] or SILENCES[said["kind"]],
            due_at=said.get("due_at"),
            attempt=attempt,
        )
        made = questions.ask(line, asked, by=Actor.of(request.user))
        return Response(QuestionShown(_question(request, made.pk)).data, status=201)


class Standins(Private):
    @extend_schema(responses=StandinShown(many=True), operation_id="stand_ins")
    def get(self, request: Request) -> Response:
        """Who answers for you, and for whom you answer, now or later."""
        mine = Standin.objects.visible_to(request.user).standing()
        found = mine.select_related("giver", "receiver", "organisation")
        return Response(StandinShown(found, many=True).data)

    @extend_schema(request=NewStandin, responses={201: StandinShown}, operation_id="stand_in_new")
    @idempotent
    def post(self, request: Request) -> Response:
        """Let a colleague answer for you between two days."""
        check_is_member(request.user)
        said = checked(NewStandin, request)
        named = standins.candidates(request.user).filter(email__iexact=said.pop("receiver"))
        made = standins.name(_colleague(named), **said, by=Actor.of(request.user))
        return Response(StandinShown(made).data, status=201)


class StandinEnd(Private):
    @extend_schema(request=None, responses=StandinShown, operation_id="stand_in_end")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """End it before its last day: either of the two may."""
        mine = get_object_or_404(Standin.objects.visible_to(request.user), pk=pk)
        return Response(StandinShown(standins.end(mine, by=Actor.of(request.user))).data)


def _colleague(named: Any) -> User:
    found: User | None = named.first()
    if found is None:
        raise Invalid(
            "not_a_colleague",
            _("Choose a colleague with an active account in your organisation."),
            field="receiver",
        )
    return found


def _question(request: Request, pk: int) -> Question:
    return get_object_or_404(_with(Question.objects.visible_to(request.user)), pk=pk)


def _with(rows: Any) -> Any:
    return rows.select_related("line__order", "acquisition__line")


def _plain(value: Any) -> Any:
    """As JSON keeps it: figures as they are, euros and days as text."""
    return value if isinstance(value, int | str) else str(value)
