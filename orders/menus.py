"""What orders adds to the menus and to the desk's rail, and how many wait there for the reader."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.menus import belongs, leads
from accounts.policies import (
    is_administrator,
    is_desk,
    is_quota_administrator,
    may_read_budget,
    organisations_led_by,
)
from dinamis.navigation import Counted, Entry, signed_in
from dinamis.navigation import register as add
from orders.models import (
    Arrival,
    Closing,
    Delivery,
    Line,
    Modulation,
    PoolDraw,
    Project,
    ProjectPartner,
    ProjectReport,
    Question,
    QuotaRequest,
    RuleVersion,
)
from orders.policies.quota_requests import may_decide_some
from orders.services.desk import lateness
from orders.services.desk.desk import QUEUES
from orders.services.rules.rulebook import is_second_for
from orders.services.supplying import watching
from orders.states import (
    Approval,
    ClosingState,
    DeliveryState,
    ModulationState,
    Money,
    ProjectState,
    RuleState,
)
from orders.states.report import ReportState


def yours(request: Any) -> Counted:
    """The reader's own lines that wait for the reader, and the questions; drafts do not hurry."""
    asked = Line.objects.filter(order__requester=request.user)
    waiting = [Approval.TO_COMPLETE, Approval.TO_CONFIRM, Approval.OFFERED]
    return [asked.filter(approval__in=waiting), *to_answer(request)]


def to_answer(request: Any) -> list[QuerySet[Any]]:
    """Images, studies, quotations and notices: the reader's, and those of whom they stand in for."""
    return [Question.objects.to_answer(request.user)]


def draws_to_answer(request: Any) -> QuerySet[PoolDraw]:
    """What the referent's organisation votes on, or decides as a pool's keeper."""
    return PoolDraw.objects.to_answer(request.user)


def projects_to_answer(request: Any) -> Counted:
    """What leads must act on (drafts aside) or report on, invitations; for referents the projects without a lead."""
    waiting = [ProjectState.TO_COMPLETE, ProjectState.OFFERED]
    led = Project.objects.filter(lead=request.user, state__in=waiting)
    ours = organisations_led_by(request.user).values("pk")
    leaderless = Project.objects.leaderless().filter(organisation__in=ours)
    reports = ProjectReport.objects.filter(project__lead=request.user, state=ReportState.ASKED)
    return [led, reports, ProjectPartner.objects.to_answer(request.user), leaderless]


def at_desk(request: Any) -> Counted:
    return [QUEUES[name].waiting() for name in ("decide", "place")]


def register() -> None:
    """Called once, when the apps are ready."""
    add(Entry("orders", "orders", _("Orders"), belongs, yours, order=20))
    add(Entry("inbox", "inbox", _("To answer"), belongs, to_answer, order=16,
              place="account", icon="inbox"))  # fmt: skip
    add(Entry("projects", "projects", _("Projects"), belongs, projects_to_answer, order=30))
    _register_reuse()
    add(Entry("quota", "quota", _("Quota"), belongs, draws_to_answer, order=40))
    add(Entry("desk", "desk", _("Desk"), _desk, at_desk, order=60))
    add(Entry("budget", "quota_budget", _("Budget"), _budget, quota_to_decide, order=70))
    add(Entry("calendar", "calendar", _("Calendar"), signed_in, order=17,
              place="account", icon="calendar-days"))  # fmt: skip
    add(Entry("account_trail", "account_trail", _("Trail"), signed_in, order=60,
              place="account", icon="history"))  # fmt: skip
    add(Entry("organisation_trail", "organisation_trail", _("Trail"), leads, order=80,
              place="organisation"))  # fmt: skip
    add(Entry("yearly_organisation", "yearly_report", _("Yearly report"), leads, order=85,
              place="organisation"))  # fmt: skip
    add(Entry("yearly_desk", "yearly_report", _("Yearly report"), _desk, order=98,
              place="desk", group=_("To watch")))  # fmt: skip
    add(Entry("rules", "rules", _("Rules"), _budget, rules_to_approve, order=75))
    add(
        Entry(
            "desk_accounts",
            "desk_accounts",
            _("Payments"),
            _desk,
            awaited_orders,
            order=50,
            place="desk",
            group=_("To do"),
        )
    )
    if settings.DEMO:
        add(Entry("mail", "desk_mail", _("Sent mail"), order=90, place="foot"))
    groups = {"decide": _("To decide"), "place": _("To do")}
    for rank, (name, queue) in enumerate(QUEUES.items()):
        group = groups.get(name, _("To watch"))
        count = _counter(name)
        add(
            Entry(
                f"desk_{name}",
                "desk_orders" if name == "decide" else "desk_lines",
                queue.label,
                _desk,
                count,
                order=_RANKS.get(name, 60) + rank,
                place="desk",
                group=group,
                arguments=() if name == "decide" else (name,),
            )
        )

    add(
        Entry(
            "desk_projects",
            "desk_projects",
            _("Projects"),
            _desk,
            projects_to_decide,
            order=20,
            place="desk",
            group=_("To decide"),
        )
    )
    add(
        Entry(
            "desk_quota_requests",
            "desk_quota_requests",
            _("More quota"),
            lambda request: may_decide_some(request.user),
            asked_quota,
            order=20,
            place="desk",
            group=_("To decide"),
        )
    )
    add(
        Entry(
            "desk_late",
            "desk_late",
            _("Late"),
            _desk,
            lambda request: lateness.late_sets(targets_of(request)),
            order=65,
            place="desk",
            group=_("To watch"),
        )
    )
    add(
        Entry(
            "desk_deliveries",
            "desk_deliveries",
            _("Deliveries"),
            _desk,
            waiting_deliveries,
            order=40,
            place="desk",
            group=_("To do"),
        )
    )
    add(
        Entry(
            "desk_inbox",
            "desk_inbox",
            _("Inbox"),
            _desk,
            arrivals_in_trouble,
            order=41,
            place="desk",
            group=_("To do"),
        )
    )
    add(
        Entry(
            "desk_suppliers",
            "desk_suppliers",
            _("Suppliers"),
            _desk,
            lambda request: watching.waiting_for_a_person(),
            order=66,
            place="desk",
            group=_("To watch"),
        )
    )
    add(
        Entry(
            "desk_mergers",
            "desk_mergers",
            _("Mergers"),
            _desk,
            order=95,
            place="desk",
            group=_("To watch"),
        )
    )


def targets_of(request: Any) -> lateness.Targets:
    """The desk's targets, read once a request: the rail counts by them and the page shows them."""
    if not hasattr(request, "desk_targets"):
        request.desk_targets = lateness.targets()
    return request.desk_targets


def projects_to_decide(request: Any) -> QuerySet[Project]:
    waiting = [ProjectState.SUBMITTED, ProjectState.REVIEWED, ProjectState.APPEALED]
    return Project.objects.filter(state__in=waiting)


def _register_reuse() -> None:
    add(
        Entry(
            "desk_reuse",
            "desk_reuse",
            _("Used again"),
            _budget,
            order=96,
            place="desk",
            group=_("To watch"),
        )
    )


def asked_quota(request: Any) -> QuerySet[QuotaRequest]:
    return QuotaRequest.objects.open()


def waiting_deliveries(request: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING)


def arrivals_in_trouble(request: Any) -> QuerySet[Arrival]:
    """What came into the inbox and was refused, or whose step failed."""
    return Arrival.objects.in_trouble()


def awaited_orders(request: Any) -> QuerySet[Line]:
    """Lines whose order number or invoice the desk has still to type."""
    return Line.objects.filter(money__in=[Money.DUE, Money.ORDERED, Money.TO_REFUND])


def rules_to_approve(request: Any) -> int:
    """Versions that wait for this very person's approval."""
    if not is_administrator(request.user):
        return 0
    proposed = RuleVersion.objects.filter(state=RuleState.PROPOSED)
    return sum(is_second_for(version, request.user) for version in proposed)


def quota_to_decide(request: Any) -> Counted:
    """Modulations and closings that wait for this very person."""
    if not is_quota_administrator(request.user):
        return 0
    proposed = Modulation.objects.filter(state=ModulationState.PROPOSED)
    closings = Closing.objects.filter(state=ClosingState.PROPOSED)
    return [rows.exclude(by_user=request.user) for rows in (proposed, closings)]


_RANKS = {"decide": 10, "place": 30}


def _counter(name: str) -> Callable[[Any], QuerySet[Line]]:
    return lambda request: QUEUES[name].waiting()


def _desk(request: Any) -> bool:
    return is_desk(request.user)


def _budget(request: Any) -> bool:
    return may_read_budget(request.user)
