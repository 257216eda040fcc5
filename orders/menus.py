"""What orders adds to the menus and to the desk's rail, and how many wait there for the reader."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.menus import belongs, leads, led
from accounts.models import User
from accounts.policies import (
    is_administrator,
    is_desk,
    is_quota_administrator,
    may_read_budget,
)
from dinamis.compiled import Keys
from dinamis.counting import Rows
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
    return [_lines(request.user.pk), *to_answer(request)]


def to_answer(request: Any) -> list[Rows]:
    """Images, studies, quotations and notices: the reader's, and those of whom they stand in for."""
    return [_questions(request.user.pk)]


def draws_to_answer(request: Any) -> Counted:
    """What the referent's organisation votes on, or decides as a pool's keeper."""
    return _draws(request.user.pk) if leads(request) else 0


def projects_to_answer(request: Any) -> list[Rows]:
    """What leads must act on (drafts aside) or report on, invitations; for referents the projects without a lead."""
    reader = request.user.pk
    mine: list[Rows] = [_led(reader), _reports(reader), _invitations(reader)]
    return [*mine, _leaderless(reader)] if leads(request) else mine


def at_desk(request: Any) -> Counted:
    return [_QUEUED[name]() for name in ("decide", "place")]


# Asked by every page with a menu, so written once.
_lines = Keys(
    lambda reader: Line.objects.filter(
        order__requester=reader,
        approval__in=[Approval.TO_COMPLETE, Approval.TO_CONFIRM, Approval.OFFERED],
    )
)
_questions = Keys(lambda reader: Question.objects.to_answer(User(pk=reader)))
_draws = Keys(lambda reader: PoolDraw.objects.to_answer(User(pk=reader)))
_led = Keys(
    lambda reader: Project.objects.filter(
        lead=reader, state__in=[ProjectState.TO_COMPLETE, ProjectState.OFFERED]
    )
)
_reports = Keys(
    lambda reader: ProjectReport.objects.filter(project__lead=reader, state=ReportState.ASKED)
)
_invitations = Keys(lambda reader: ProjectPartner.objects.to_answer(User(pk=reader)))
_leaderless = Keys(
    lambda reader: Project.objects.leaderless().filter(organisation__in=led(reader).values("pk"))
)
_QUEUED = {name: Keys(queue.waiting) for name, queue in QUEUES.items()}


def register() -> None:
    """Called once, when the apps are ready."""
    add(Entry("orders", "orders", _("Orders"), belongs, yours, order=20))
    add(Entry("inbox", "inbox", _("To answer"), belongs, order=16,
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


def projects_to_decide(request: Any) -> Counted:
    return _projects()


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


def asked_quota(request: Any) -> Counted:
    return _quota_asked()


def waiting_deliveries(request: Any) -> Counted:
    return _deliveries()


def arrivals_in_trouble(request: Any) -> Counted:
    """What came into the inbox and was refused, or whose step failed."""
    return _arrivals()


def awaited_orders(request: Any) -> Counted:
    """Lines whose order number or invoice the desk has still to type."""
    return _orders_due()


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
    return [_modulations(request.user.pk), _closings(request.user.pk)]


_projects = Keys(
    lambda: Project.objects.filter(
        state__in=[ProjectState.SUBMITTED, ProjectState.REVIEWED, ProjectState.APPEALED]
    )
)
_quota_asked = Keys(lambda: QuotaRequest.objects.open())
_deliveries = Keys(lambda: Delivery.objects.filter(state=DeliveryState.WAITING))
_arrivals = Keys(lambda: Arrival.objects.in_trouble())
_orders_due = Keys(
    lambda: Line.objects.filter(money__in=[Money.DUE, Money.ORDERED, Money.TO_REFUND])
)
_modulations = Keys(
    lambda reader: Modulation.objects.filter(state=ModulationState.PROPOSED).exclude(by_user=reader)
)
_closings = Keys(
    lambda reader: Closing.objects.filter(state=ClosingState.PROPOSED).exclude(by_user=reader)
)


_RANKS = {"decide": 10, "place": 30}


def _counter(name: str) -> Callable[[Any], Counted]:
    return lambda request: _QUEUED[name]()


def _desk(request: Any) -> bool:
    return is_desk(request.user)


def _budget(request: Any) -> bool:
    return may_read_budget(request.user)
