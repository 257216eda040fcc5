"""Everything that asks an answer from the reader, on one page; one question alone, for a phone; stand-ins."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_desk, check_is_member, is_member
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.questions import QuestionForm, StandinForm
from orders.models import Line, Question, Standin
from orders.services.lines.reading import Turn, sentence
from orders.services.tasking import acquisitions, questions, standins
from orders.states import Approval, Money, Supply
from orders.views.shapes import of_line

# What else waits for a requester besides questions: these lines are answered on their order's page.
OTHER_TURNS = [Approval.TO_COMPLETE, Approval.TO_CONFIRM, Approval.OFFERED]


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """The questions that are the reader's to answer, the most urgent first; a POST names a stand-in."""
    if request.method == "POST":
        check_is_member(request.user)
    colleagues = standins.candidates(request.user) if is_member(request.user) else None
    form = (
        StandinForm(request.POST or None, colleagues=colleagues) if colleagues is not None else None
    )
    if form is not None and form.is_valid():
        made = tried(
            request, form, lambda: standins.name(**form.cleaned_data, by=Actor.of(request.user))
        )
        if made:
            messages.success(
                request, _("%(person)s answers for you then.") % {"person": made.receiver}
            )
            return redirect("inbox")
    found = Question.objects.to_answer(request.user).select_related(*_WITH)
    context = {
        "cards": [_card(one, request.user) for one in found[:50]],
        "others": _other_turns(request.user),
        "given": Standin.objects.visible_to(request.user)
        .standing()
        .select_related("giver", "receiver"),
        "form": form,
    }
    return render(request, "orders/inbox.html", context, status=form_status(form) if form else 200)


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: what a mail leads to. Whoever sees the line reads it; whose turn it is answers."""
    seen = Question.objects.visible_to(request.user).select_related(*_WITH)
    found = get_object_or_404(seen, pk=pk)
    context = {
        "card": _card(found, request.user),
        "events": found.events.select_related("by_user"),
    }
    return render(request, "orders/question.html", context)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question with `answer`, one of its options; an image is accepted or refused."""
    seen = Question.objects.visible_to(request.user).select_related("line", "acquisition__line")
    found = get_object_or_404(seen, pk=pk)
    key, by = request.POST.get("answer", "")[:20], Actor.of(request.user)
    reason = request.POST.get("reason", "")[:2000]
    if found.acquisition_id and key in {"accept", "refuse"}:
        if key == "accept":
            acquisitions.accept(found.acquisition, by=by)
        else:
            acquisitions.refuse(found.acquisition, by=by, reason=reason)
    else:
        questions.answer(found, key, by=by, reason=reason)
    messages.success(request, _("Your answer is written down."))
    more = Question.objects.to_answer(request.user).exists()
    return redirect("inbox") if more else redirect(found.line.order)


@require_POST
def end_standin(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody answers for one any more, or one answers for nobody."""
    mine = get_object_or_404(Standin.objects.visible_to(request.user), pk=pk)
    standins.end(mine, by=Actor.of(request.user))
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk asks the requester of a line something."""
    check_is_desk(request.user)
    line = get_object_or_404(Line.objects.visible_to(request.user), pk=pk)
    form = QuestionForm(request.POST or None, line=line)
    if form.is_valid():
        asked = tried(
            request, form, lambda: questions.ask(line, form.asked, by=Actor.of(request.user))
        )
        if asked:
            messages.success(request, _("The requester is told, and answers in their inbox."))
            return redirect(line.order)
    context = {"form": form, "line": line}
    return render(request, "orders/desk/ask.html", context, status=form_status(form))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk takes a question back, and says why."""
    check_is_desk(request.user)
    found = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    reason, by = request.POST.get("reason", "")[:2000], Actor.of(request.user)
    if found.acquisition_id:
        acquisitions.take_back(found.acquisition, by=by, reason=reason)
    else:
        questions.take_back(found, by=by, reason=reason)
    return redirect(found.line.order)


_WITH = (
    "line__order__organisation",
    "line__order__requester",
    "line__quote",
    "line__sensor",
    "line__scene",
    "line__product",
    "acquisition__attempt",
    "acquisition__platform",
    "attempt__platform",
)


def _card(found: Question, reader: Any) -> dict[str, Any]:
    """A question as the page shows it: its map, and whether the reader answers it."""
    turn = sentence(found.line, reader)
    return {
        "question": found,
        "line": found.line,
        "image": found.acquisition,
        "turn": turn,
        "is_yours": found.state == "open" and turn.is_yours,
        "map_id": f"map-{found.pk}",
        "shapes": of_line(found.line, found.acquisition),
    }


def _other_turns(reader: Any) -> list[tuple[Line, Turn]]:
    """The reader's other lines that wait for the reader."""
    mine = Line.objects.filter(order__requester=reader).select_related(
        "order__organisation", "order__requester", "quote", "sensor", "proposed_quote"
    )
    asked = mine.filter(approval__in=OTHER_TURNS)
    owed = mine.filter(approval=Approval.ACCEPTED, supply=Supply.TO_PLACE, money=Money.DUE, asks="")
    lines = (asked | owed).order_by("due_at", "pk")[:50]
    return [(line, sentence(line, reader)) for line in lines]
