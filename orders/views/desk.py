"""The desk's pages about lines: queues with a file beside, attempts recorded, images proposed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import check_is_desk
from catalogue.services.quicklooks import box_corners
from dinamis import geo
from dinamis.actors import Actor
from dinamis.forms import form_status, tried
from dinamis.mailbox import SentMail
from dinamis.outbox import Promise
from orders.forms.attempts import CloudForm, PlanForm, ProposalForm, footprint_text
from orders.models import Attempt, Line, Supplier
from orders.services.desk import desk, lateness
from orders.services.supplying import sending
from orders.services.supplying.sheets import FORMATS
from orders.services.tasking import acquisitions, pictures, tasking
from orders.states import AttemptState, Supply
from orders.views.following import shown_line

PER_PAGE = 50


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What waits at the desk, queue by queue, and what a machine could not do by itself."""
    check_is_desk(request.user)
    stuck = Promise.objects.stuck().order_by("-pk")[:20]
    return render(request, "orders/desk/front.html", {"stuck": stuck})


@require_safe
def queue(request: HttpRequest, name: str) -> HttpResponse:
    """One queue, and the file of the line chosen by `?line=` (the first otherwise)."""
    check_is_desk(request.user)
    if name not in desk.QUEUES:
        raise Http404
    if name == "decide":
        wanted = request.GET.get("line")
        return redirect("desk_order", wanted) if wanted else redirect("desk_orders")
    return _queue(request, name)


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an attempt that the supplier plans; what cannot be stays in its form."""
    line = _line(request, pk)
    form = PlanForm(request.POST, line=line)
    by = Actor.of(request.user)
    if form.is_valid() and tried(
        request, form, lambda: tasking.plan(line, **form.cleaned_data, by=by)
    ):
        return _back(line)
    form.fields["planned_at"].widget.attrs["autofocus"] = True  # it lies below the file's fold
    return _queue(request, "attempts", line=line, plan=form)


def _queue(
    request: HttpRequest, name: str, *, line: Line | None = None, plan: PlanForm | None = None
) -> HttpResponse:
    found = desk.QUEUES[name]
    page = Paginator(found.lines(), PER_PAGE).get_page(request.GET.get("page"))
    known = lateness.targets()
    rows = [_row(line, known) for line in page.object_list]
    chosen = line or _chosen(request, rows)
    context = {
        "queue": found,
        "page": page,
        "rows": rows,
        "shown": None,
        "page_is_sent": bool(plan),
    }
    if chosen is not None:
        context |= {"shown": shown_line(chosen, request.user), **_recording(chosen, plan)}
        context |= _supplying(chosen)
    status = form_status(plan) if plan else 200
    return render(request, "orders/desk/queue.html", context, status=status)


@require_POST
def record(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say what became of an attempt: made, missed (with a reason), too cloudy (with a figure)."""
    attempt = _attempt(request, pk)
    by = Actor.of(request.user)
    if name == "made":
        tasking.attempted(attempt, by=by)
    elif name == "missed":
        tasking.missed(attempt, by=by, reason=request.POST.get("reason", "")[:2000])
    elif name == "cloudy":
        form = CloudForm(request.POST)
        if form.is_valid():
            tasking.cloudy(attempt, by=by, cloud_cover=form.cleaned_data["cloud_cover"])
        else:
            _tell(request, form)
    else:
        raise Http404
    return _back(attempt.line)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the image of an attempt to the requester."""
    attempt = _attempt(request, pk)
    initial = {"acquired_at": attempt.planned_at, "footprint": footprint_text(attempt.line)}
    form = ProposalForm(
        request.POST or None, request.FILES or None, initial=initial, line=attempt.line
    )
    if form.is_valid() and tried(request, form, lambda: _propose(attempt, form, request)):
        return _back(attempt.line)
    context = {"form": form, "attempt": attempt, "line": attempt.line}
    return render(request, "orders/desk/propose.html", context, status=form_status(form))


@login_not_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The demonstration's mail, for whoever tries it: an address is proved before there is a log-in."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(SentMail.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/desk/mail.html", {"page": page})


def _propose(attempt: Attempt, form: ProposalForm, request: HttpRequest) -> Any:
    said = dict(form.cleaned_data)
    due_at, picture = said.pop("due_at"), said.pop("quicklook")
    footprint = geo.check_text(said.pop("footprint")).geometry
    if picture:
        said["quicklook"] = pictures.store(picture)
        said["quicklook_corners"] = [list(one) for one in box_corners(*footprint.bounds)]
    proposal = acquisitions.Proposal(
        footprint=footprint, platform=attempt.platform, **{k: v for k, v in said.items() if v != ""}
    )
    return acquisitions.propose(attempt, proposal, by=Actor.of(request.user), due_at=due_at)


def _row(line: Line, known: lateness.Targets) -> dict[str, Any]:
    return {"line": line, "late": lateness.late_by(line, known)}


def _chosen(request: HttpRequest, rows: list[dict[str, Any]]) -> Line | None:
    wanted = request.GET.get("line")
    if wanted:
        return get_object_or_404(Line.objects.visible_to(request.user), reference=wanted)
    return rows[0]["line"] if rows else None


def _recording(line: Line, plan: PlanForm | None) -> dict[str, Any]:
    """The forms of a tasking line that the supplier has."""
    if not line.is_tasking or line.supply not in {Supply.PLACED, Supply.ATTEMPTING}:
        return {}
    return {"plan": plan or PlanForm(line=line), "cloud": CloudForm(), "AttemptState": AttemptState}


def _supplying(line: Line) -> dict[str, Any]:
    """Who can be asked for a line that is to be placed, and its order sheet."""
    if line.supply != Supply.TO_PLACE:
        return {}
    with_address = Supplier.objects.filter(is_active=True).exclude(email="")
    return {
        "send_to": sending.choices(line),
        "sheet_to": with_address,
        "sheet_forms": [
            (form, form.upper() if form != "geojson" else "GeoJSON") for form in FORMATS
        ],
    }


def _line(request: HttpRequest, pk: int) -> Line:
    check_is_desk(request.user)
    return get_object_or_404(Line.objects.visible_to(request.user), pk=pk)


def _attempt(request: HttpRequest, pk: int) -> Attempt:
    check_is_desk(request.user)
    seen = Attempt.objects.filter(line__in=Line.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related("line__order", "platform"), pk=pk)


def _tell(request: HttpRequest, form: Any) -> None:
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))


def _back(line: Line) -> HttpResponse:
    return redirect(f"{redirect('desk_lines', 'attempts').url}?line={line.reference}")
