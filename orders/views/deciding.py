"""The desk decides on requests: the queue, one request with its file, several at once, undoing."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from orders.forms.deciding import NoteForm, ReasonForm, TogetherForm, form_for
from orders.menus import targets_of
from orders.models import Decision, Line, ReasonText
from orders.models.approval import judgements_of
from orders.pricing.approving import read, suggestion
from orders.pricing.explain import quantity
from orders.services.desk import deciding, desk, lateness
from orders.services.desk.evidence import answers_now, evidence, with_counts
from orders.services.desk.twins import marked
from orders.states import APPROVAL, Approval
from orders.views.following import shown_line

PER_PAGE = 50
# What a row of the queue says, and what its lateness is worked out from.
SHOWN = (
    "reference", "kind", "approval", "supply", "money", "state_since", "order__title",
    "order__organisation__name",
    "order__organisation__short_name", "quote__units", "quote__unit", "area_km2",
)  # fmt: skip


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Who waits, since when, late by how much, why it is here; the file of the first beside."""
    check_is_desk(request.user)
    page, rows = _rows(request)
    first = _whole(request).filter(pk=rows[0]["line"].pk).first() if rows else None
    context = {"page": page, "rows": rows, "file_of": first, "is_file": False}
    context |= _shown(request, first, rows)
    return render(request, "orders/desk/orders.html", context)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Who is late and by how much, whoever it is: referents, the desk that decides, the desk that places."""
    check_is_desk(request.user)
    rows = lateness.target_rows()
    context = {"found": lateness.everything_late(), "targets": [row.sentence for row in rows]}
    return render(request, "orders/desk/late.html", context)


@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """One request with everything an officer needs to decide on it."""
    return _page(request, _line(request, reference))


@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide on one request, and go on to the next; it takes effect once the moment to undo is over."""
    line = _line(request, reference)
    verb = request.POST.get("verb", "")
    if verb not in Decision.Verb.values:
        raise Http404
    form = form_for(verb, line, request.POST)
    by = Actor.of(request.user)

    def act() -> Decision:
        part = form.part() if verb == Decision.Verb.OFFER_PART else None
        reason = form.words_for(line.order.requester.language)
        return deciding.decide(line, verb, by=by, reason=reason, part=part)

    if form.is_valid() and tried(request, form, act):
        return redirect(_next(request))
    return _page(request, line, bound={verb: form}, status=form_status(form))


@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """What deciding the same of the ticked requests would do to each; nothing is written."""
    check_is_desk(request.user)
    verb, found = _verb(request), _ticked(request)
    if not found:
        messages.warning(request, _("Tick at least one request."))
        return redirect("desk_orders")
    return _preview(request, verb, found, TogetherForm(verb=verb))


@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Decide the same of several, each by itself: one that cannot be is told and stops no other."""
    check_is_desk(request.user)
    verb, found = _verb(request), _ticked(request)
    form = TogetherForm(request.POST, verb=verb)
    if not form.is_valid():
        return _preview(request, verb, found, form, status=422)
    batch = form.cleaned_data["batch"]
    if APPROVAL.steps[verb].needs_reason and not form.words_for("fr"):
        form.add_error(None, _("Say why: the other side will read it."))
        return _preview(request, verb, found, form, status=422)
    if not Decision.objects.filter(batch=batch).exists():
        _decide_each(request, verb, found, form, batch)
    return redirect("desk_decided", batch)


@require_safe
def decided(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """What became of requests decided together."""
    check_is_desk(request.user)
    found = Decision.objects.visible_to(request.user).filter(batch=batch)
    rows = list(found.select_related(*deciding.SHOWN).order_by("pk"))
    mine = [one for one in rows if one.seconds_left and one.by_user_id == request.user.pk]
    context = {"decisions": rows, "batch": batch, "undoable": mine}
    return render(request, "orders/desk/decided.html", context)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one decision; the request is back in the queue as it was."""
    check_is_desk(request.user)
    found = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    decision = deciding.undo(found, by=Actor.of(request.user))
    messages.success(request, _("Undone: nothing has happened."))
    return redirect("desk_order", decision.line.reference)


@require_POST
def undo_batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Undo whatever of several can still be undone."""
    check_is_desk(request.user)
    pending = Decision.objects.visible_to(request.user).pending()
    by = Actor.of(request.user)
    mine = [one for one in pending.filter(batch=batch, by_user=request.user) if one.seconds_left]
    for one in mine:
        deciding.undo(one, by=by)
    said = ngettext("%(count)s undone.", "%(count)s undone.", len(mine))
    messages.success(request, said % {"count": len(mine)})
    return redirect("desk_decided", batch)


@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep a note of the desk about the order."""
    line = _line(request, reference)
    form = NoteForm(request.POST, prefix="note")
    by = Actor.of(request.user)
    if form.is_valid() and tried(
        request, form, lambda: deciding.write_note(line.order, form.cleaned_data["text"], by=by)
    ):
        return redirect("desk_order", line.reference)
    return _page(request, line, note=form, status=form_status(form))


def _page(request: HttpRequest, line: Line, *, status: int = 200, **forms: Any) -> HttpResponse:
    page, rows = _rows(request)
    context = {"page": page, "rows": rows, "file_of": line, "is_file": True}
    context |= _shown(request, line, rows, **forms)
    return render(request, "orders/desk/orders.html", context, status=status)


def _rows(request: HttpRequest) -> tuple[Page, list[dict[str, Any]]]:
    """One page of the queue, with what the rules said of each line and how late it is."""
    # The keys first: sorting ten thousand whole rows, areas included, takes a quarter of a second.
    # All of them at once: what is looked for is not looked for again to be counted.
    keys = list(_filtered(request).values_list("pk", flat=True))
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    lines = _in_order(list(page.object_list))
    judged, known = judgements_of(lines), targets_of(request)
    answers = answers_now(lines, judged)
    ticked = request.GET.get("tick")
    rows = []
    for line in lines:
        suggested = _suggested(answers, line)
        rows.append(
            {
                "line": line,
                "judgement": judged.get(line.pk),
                "suggestion": suggested,
                "why": [one for one in read(answers.get(line.pk, ())) if one.kind != "ok"],
                "late": lateness.late_by(line, known),
                "ticked": bool(ticked) and suggested == ticked,
            }
        )
    return page, rows


def _suggested(answers: dict[int, list[Any]], line: Line) -> str:
    return suggestion(answers[line.pk]) if line.pk in answers else "look"


def _in_order(keys: list[int]) -> list[Line]:
    """The rows of the queue, with what it shows of each and nothing else."""
    found = marked(Line.objects.select_related("order__organisation", "quote").only(*SHOWN))
    known = found.in_bulk(keys)
    return [known[key] for key in keys if key in known]


def _filtered(request: HttpRequest) -> QuerySet[Line]:
    found = desk.QUEUES["decide"].waiting()
    words = request.GET.get("q", "").strip()[:100]
    if words:
        found = found.filter(
            Q(order__title__icontains=words)
            | Q(reference__icontains=words)
            | Q(order__organisation__name__icontains=words)
        )
    if request.GET.get("late"):
        late = lateness.late_lines("decide", targets_of(request))
        found = found.filter(pk__in=late.order_by().values("pk"))
    return found


def _shown(
    request: HttpRequest,
    line: Line | None,
    rows: list[dict[str, Any]],
    *,
    bound: dict[str, Any] | None = None,
    note: NoteForm | None = None,
) -> dict[str, Any]:
    """The file of one line: its evidence and its forms; and what this officer decided last."""
    recent, pending = deciding.shown_beside(line, request.user)
    context: dict[str, Any] = {"recent": recent, "shown": None, "query": request.GET.get("q", "")}
    if line is None:
        return context
    opens = line.approval == Approval.SUBMITTED
    known = bound or {}
    verbs = Decision.Verb if opens and pending is None else []
    texts = list(ReasonText.objects.filter(is_offered=True)) if verbs else []
    forms = [
        {
            "verb": verb.value,
            "label": verb.label,
            "form": known.get(verb) or form_for(verb, line, texts=texts),
            "consequence": APPROVAL.steps[verb].consequence,
            "is_open": verb in known,
        }
        for verb in verbs
    ]
    judged = next((row["judgement"] for row in rows if row["line"].pk == line.pk), None)
    found = evidence(line, targets_of(request), judgement=judged)
    for one in forms:  # what could only be refused is not offered
        form = one["form"]
        if "without" in form.fields and not (found.rest_km2 or form.is_bound):
            del form.fields["without"]
    return context | {
        "shown": shown_line(
            line, request.user, judgement=found.judgement if found.judgement.pk else None
        ),
        "evidence": found,
        "forms": forms,
        "overtaken": None if forms else _overtaken(known.values()),
        "pending": pending,
        "note": note or NoteForm(prefix="note"),
    }


def _overtaken(bound: Iterable[ReasonForm]) -> dict[str, str] | None:
    """A decision that came too late: no form is left to say it. Its words are given back."""
    for form in bound:
        if refused := getattr(form, "refused", None):
            said = {"verb": Decision.Verb(form.verb).label, "sentence": str(refused.sentence)}
            return said | {"words": form.cleaned_data.get("reason", "")}
    return None


def _preview(
    request: HttpRequest, verb: str, found: list[Line], form: TogetherForm, *, status: int = 200
) -> HttpResponse:
    told = deciding.foreseen(found, verb, by=Actor.of(request.user))
    answers = answers_now(found, judgements_of(found))
    context = {
        "verb": verb,
        "label": Decision.Verb(verb).label,
        "consequence": APPROVAL.steps[verb].consequence,
        "outcomes": [(one, _suggested(answers, one.line)) for one in told],
        "possible": sum(not one.sentence for one in told),
        "totals": _totals([one.line for one in told if not one.sentence]),
        "form": form,
    }
    return render(request, "orders/desk/together.html", context, status=status)


def _totals(found: list[Line]) -> list[str]:
    """What is counted for all of them together, unit by unit."""
    sums: dict[str, Decimal] = {}
    for line in found:
        sums[line.quote.unit] = sums.get(line.quote.unit, Decimal(0)) + line.quote.units
    return [quantity(units, unit) for unit, units in sorted(sums.items()) if units]


def _decide_each(
    request: HttpRequest, verb: str, found: list[Line], form: TogetherForm, batch: uuid.UUID
) -> None:
    """Each requester reads the reason in a language of theirs."""
    by = Actor.of(request.user)
    for language in sorted({line.order.requester.language for line in found}):
        theirs = [line for line in found if line.order.requester.language == language]
        reason = form.words_for(language)
        for one in deciding.decide_each(theirs, verb, by=by, reason=reason, batch=batch):
            if one.decision is None:
                messages.warning(request, f"{one.line}: {one.sentence}")


def _next(request: HttpRequest) -> str:
    """The request that comes after the one decided, or the queue."""
    wanted = request.POST.get("next", "")[:40]
    found = desk.QUEUES["decide"].lines().filter(reference=wanted).first() if wanted else None
    return reverse("desk_order", args=[found.reference]) if found else reverse("desk_orders")


def _verb(request: HttpRequest) -> str:
    """What may be decided of several: a part is offered one by one."""
    verb = request.POST.get("verb", "")
    if verb not in set(Decision.Verb.values) - {Decision.Verb.OFFER_PART}:
        raise Http404
    return verb


def _ticked(request: HttpRequest) -> list[Line]:
    chosen = [pk for pk in request.POST.getlist("line")[: deciding.MOST_AT_ONCE] if pk.isdigit()]
    found = marked(Line.objects.visible_to(request.user)).filter(pk__in=chosen).order_by("pk")
    return list(
        found.select_related(
            "order__organisation", "order__requester", "quote__rule_version", "sensor"
        )
    )


def _line(request: HttpRequest, reference: str) -> Line:
    check_is_desk(request.user)
    return get_object_or_404(_whole(request), reference=reference)


def _whole(request: HttpRequest) -> QuerySet[Line]:
    """Lines with everything that the file of one shows."""
    return with_counts(Line.objects.visible_to(request.user)).select_related(
        "order__organisation",
        "order__requester",
        "order__project",
        "quote__rule_version",
        "sensor",
        "scene__platform",
    )
