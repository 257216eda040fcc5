"""Following what was asked: the list, one order with its lines, the buttons of its lives."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policies import is_desk
from catalogue.models import Product
from catalogue.services.quicklooks import kind_of
from catalogue.views.shown import outline
from dinamis import geo
from dinamis.actors import Actor
from orders.models import (
    Acquisition,
    Attempt,
    Decision,
    Judgement,
    Line,
    LineEvent,
    Offer,
    Order,
    PoolDraw,
    Project,
    Question,
    RuleVersion,
)
from orders.options import told
from orders.policies.lines import OpenStep, steps_open_to
from orders.pricing.explain import Row, read
from orders.pricing.rules import Rules
from orders.services.desk import deciding
from orders.services.desk.desk import QUEUES
from orders.services.lines import coming, lines
from orders.services.lines.reading import Turn, sentence
from orders.services.pools import joint
from orders.services.tasking import acquisitions, rest
from orders.states import AcquisitionState, Approval, Supply
from orders.states.pool import DrawState
from orders.views.history import timeline
from orders.views.shapes import of_line

PER_PAGE = 25
MOST_PROJECTS = 100  # offered by the filter
# Said beside the image that is proposed, not among the other buttons.
ANSWERS = {"take_image", "leave_image", "cancel"}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as one reader sees it."""

    line: Line
    turn: Turn
    rows: list[Row]
    options: list[tuple[str, str]]
    steps: list[OpenStep]
    proposed: Acquisition | None
    attempts: list[Attempt]
    history: list[dict[str, Any]]
    shapes: dict[str, Any]
    judgement: Judgement | None
    at_desk: bool
    # The sum of the part that is offered instead.
    offered: list[Row]
    joint: joint.Told | None
    # Images that came in while it waits, any of which may be taken instead.
    offers: list[Offer]
    # A pool that was asked to carry it, for its owner.
    draw: PoolDraw | None
    question: Question | None
    coverage: rest.Coverage | None
    may_cancel: bool
    may_ask_again: bool
    may_ask_rest: bool

    @property
    def map_id(self) -> str:
        return f"map-{self.line.number}"


def _one_filled(steps: list[OpenStep]) -> list[OpenStep]:
    """One filled button per decision: the first that is one; the others are drawn plain."""
    first = next((step for step in steps if step.style == "primary"), None)
    return [
        replace(step, style="plain") if step.style == "primary" and step is not first else step
        for step in steps
    ]


def _is_offered(line: Line) -> bool:
    return line.approval == Approval.OFFERED and line.proposed_quote is not None


def _shapes(line: Line, proposed: Acquisition | None) -> dict[str, Any]:
    """What is asked and, dashed, the part of it that is offered."""
    shapes = of_line(line, proposed)
    if _is_offered(line):
        shapes["charged"] = outline(line.proposed_quote.area)
    return shapes


def _question(line: Line) -> Question | None:
    """What the requester is asked now, an image aside: no query where nothing is."""
    open_ones = line.questions.filter(state="open", acquisition=None)
    return open_ones.first() if line.asks else None


def _left(covered: rest.Coverage | None) -> dict[str, Any]:
    """What an image covered of the area, and the rest of it."""
    if covered is None or covered.covered is None:
        return {}
    shapes = {"covered": outline(geo.to_geos(covered.covered, multi=True))}
    if covered.remaining is not None:
        shapes["charged"] = outline(geo.to_geos(covered.remaining, multi=True))
    return shapes


def _desk_decides(line: Line, reader: Any) -> bool:
    """True where a decision is the desk's, with its moment to undo: at /desk/orders/, with the evidence."""
    return line.approval == Approval.SUBMITTED and is_desk(reader)


def _joint(line: Line, reader: Any) -> joint.Told | None:
    """Most lines are in no joint request, and a queue knows it already."""
    asked = line.is_tasking and getattr(line, "has_joint", True)
    return joint.told(line, reader) if asked else None


def _draw(line: Line) -> PoolDraw | None:
    """The last draw on a pool, with why it was refused; its vote or its answer may still be awaited."""
    found = line.draws.select_related("pool__period").first()
    if found is not None and found.state == DrawState.REFUSED:
        refusal = found.events.filter(step="refuse").last()
        found.why = refusal.reason if refusal else ""
    return found


def _rules() -> Rules | None:
    """The rules in force; without any nothing is expected on any day."""
    version = RuleVersion.objects.today()
    return version.rules if version else None


def _offers(line: Line, steps: list[OpenStep]) -> list[Offer]:
    """What this reader may take instead, the one that covers most first; no query where nothing is."""
    if not any(one.name == "convert" for one in steps):
        return []
    known = line.offers.filter(product__state=Product.State.PUBLISHED)
    return list(known.select_related("product__scene").order_by("-overlap_km2", "-made_at", "pk"))


def shown_line(
    line: Line, reader: Any, *, judgement: Judgement | None = None, rules: Rules | None = None
) -> ShownLine:
    """A line as this reader sees it, on its own page or in the desk's file.

    `judgement` is its last one and `rules` are those in force, where they are read already.
    Nothing is tried or proposed before the supplier has it.
    """
    has_gone = line.is_tasking and line.supply not in {Supply.NONE, Supply.TO_PLACE}
    proposed = (
        line.acquisitions.filter(state=AcquisitionState.PROPOSED).first() if has_gone else None
    )
    events = list(LineEvent.objects.filter(line=line).select_related("by_user", "by_link"))
    turn = sentence(line, reader)
    to_come = coming.steps(line, events, rules or _rules())
    open_steps = steps_open_to(reader, line)
    at_desk = _desk_decides(line, reader)
    is_taken = line.is_tasking and line.supply in {Supply.IN_PRODUCTION, Supply.DELIVERED}
    covered = rest.coverage(line) if is_taken else None
    is_owner = line.order.requester_id == getattr(reader, "pk", None)
    elsewhere = ANSWERS | {*Decision.Verb.values} if at_desk else ANSWERS
    offers = _offers(line, open_steps)
    if offers:
        elsewhere = elsewhere | {"convert"}
    return ShownLine(
        line=line,
        turn=turn,
        rows=read(line.quote.explained),
        options=told(line.options),
        steps=_one_filled([one for one in open_steps if one.name not in elsewhere]),
        at_desk=at_desk,
        proposed=proposed,
        attempts=list(line.attempts.select_related("platform")) if has_gone else [],
        history=timeline(events, turn, to_come),
        shapes=_shapes(line, proposed) | _left(covered),
        question=_question(line),
        coverage=covered,
        may_cancel=any(one.name == "cancel" for one in open_steps),
        may_ask_again=is_owner,
        may_ask_rest=bool(
            is_owner and covered and covered.is_partial and line.supply == Supply.DELIVERED
        ),
        offered=read(line.proposed_quote.explained) if _is_offered(line) else [],
        joint=_joint(line, reader),
        offers=offers,
        draw=_draw(line) if is_owner else None,
        judgement=judgement or line.judgements.select_related("rule_version").first(),
    )


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The reader's lines, newest first; those that wait for the reader first of all."""
    found = (
        Line.objects.visible_to(request.user)
        .select_related(
            "order__organisation",
            "order__requester",
            "order__project",
            "quote",
            "sensor",
            "scene",
        )
        .order_by("-order__made_at", "number")
    )
    projects = Project.objects.filter(orders__lines__in=found).distinct().order_by("reference")
    projects = list(projects[:MOST_PROJECTS])
    wanted = request.GET.get("project", "")[:24]
    if wanted:
        found = found.filter(order__project__reference=wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(line, sentence(line, request.user)) for line in page.object_list]
    shown.sort(key=lambda one: not one[1].is_yours)
    context = {"page": page, "lines": shown, "projects": projects, "wanted": wanted}
    return render(request, "orders/orders.html", context)


@require_safe
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """One order: whose turn, the image proposed, what is counted, what happened."""
    found = get_object_or_404(
        Order.objects.visible_to(request.user).select_related(
            "organisation", "requester", "project"
        ),
        reference=reference,
    )
    rows = found.lines.select_related(
        "quote", "sensor", "scene__platform", "product__scene", "order__organisation"
    )
    rules = _rules()
    shown = [shown_line(line, request.user, rules=rules) for line in rows]
    projects = Project.objects.visible_to(request.user)
    context = {
        "order": found,
        "lines": shown,
        "sees_project": found.project_id and projects.filter(pk=found.project_id).exists(),
    }
    return render(request, "orders/order.html", context)


@require_POST
def step(request: HttpRequest, reference: str, number: int, name: str) -> HttpResponse:
    """Take a step of a line: what the buttons send."""
    line = _line(request, reference, number)
    facts = {key: request.POST.get(key, "") for key in lines.FACTS}
    if deciding.is_decided_here(line, name, request.user):
        deciding.decide(line, name, by=Actor.of(request.user), reason=facts["reason"])
        return redirect("desk_order", line.reference)
    line = lines.take_step(line, name, by=Actor.of(request.user), **facts)
    messages.success(request, sentence(line, request.user).text)
    back = request.POST.get("back", "")
    if back not in QUEUES:
        return redirect(line.order)
    there = reverse("desk_lines", args=[back])
    stays = QUEUES[back].lines().filter(pk=line.pk).exists()
    return redirect(f"{there}?line={line.reference}" if stays else there)


@require_POST
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Accept or refuse an image that was proposed."""
    verbs = {"accept": acquisitions.accept, "refuse": acquisitions.refuse}
    if name not in verbs:
        raise Http404
    image = get_object_or_404(Acquisition.objects.visible_to(request.user), pk=pk)
    image = verbs[name](image, by=Actor.of(request.user))
    said = {
        "accept": _("Image accepted; what was not used went back to the quota."),
        "refuse": _("Image refused; tasking goes on while the window is open."),
    }
    messages.success(request, said[name])
    return redirect(image.line.order)


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The quicklook of an image proposed to somebody: for those who see the line."""
    image = get_object_or_404(Acquisition.objects.visible_to(request.user), pk=pk)
    if not image.quicklook or not default_storage.exists(image.quicklook):
        raise Http404
    with default_storage.open(image.quicklook) as file:
        content = file.read()
    return HttpResponse(
        content, content_type=kind_of(content), headers={"Cache-Control": "private, max-age=300"}
    )


def _line(request: HttpRequest, reference: str, number: int) -> Line:
    seen = Line.objects.visible_to(request.user)
    return get_object_or_404(seen, order__reference=reference, number=number)
