"""The histories of this room for the trail: the lines of orders, projects, and the movements of quota."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.services.trust.histories import BY
from dinamis import trail
from dinamis.trail import History, Scope, said
from orders.ledger.errors import in_words
from orders.ledger.kinds import OwnerKind
from orders.ledger.models import Account, Movement
from orders.models import (
    ArrivalEvent,
    DecisionEvent,
    LineEvent,
    PoolEvent,
    ProjectEvent,
    QuotaRequestEvent,
)
from orders.services.lines.telling import title_of
from orders.services.pools import pools
from orders.services.purse import quota_requests
from orders.states import DECISION, PROJECT


def _lines(scope: Scope) -> QuerySet[Any]:
    rows = LineEvent.objects.select_related("line__order", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(Q(line__order__requester=scope.person) | Q(by_user=scope.person))
    return rows.filter(line__order__organisation=scope.organisation)


def _line(row: LineEvent) -> str:
    return said(row.line.reference, title_of(row), row.reason_told)


def _projects(scope: Scope) -> QuerySet[Any]:
    rows = ProjectEvent.objects.select_related("project", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(Q(project__lead=scope.person) | Q(by_user=scope.person))
    return rows.filter(project__organisation=scope.organisation)


def _project(row: ProjectEvent) -> str:
    step = PROJECT.steps.get(row.step)
    words = step.label if step else row.get_target_display()
    return said(row.project.reference, words, row.reason)


def _quota_requests(scope: Scope) -> QuerySet[Any]:
    rows = QuotaRequestEvent.objects.select_related("request__period__sensor", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(Q(request__requester=scope.person) | Q(by_user=scope.person))
    return rows.filter(request__organisation=scope.organisation)


def _quota_request(row: QuotaRequestEvent) -> str:
    asked = row.request
    amount = in_words(asked.amount, asked.period.unit)
    return said(f"{asked.period}, {amount}", quota_requests.title_of(row), row.reason)


def _decisions(scope: Scope) -> QuerySet[Any]:
    """The desk's own: what an officer decided and undid. An organisation reads what came of it."""
    rows = DecisionEvent.objects.select_related("decision__line", "by_user", "by_link")
    return rows.filter(by_user=scope.person) if scope.person is not None else rows.none()


def _decision(row: DecisionEvent) -> str:
    decision = row.decision
    step = DECISION.steps.get(row.step)
    return said(decision.line.reference, decision.get_verb_display(), step.label if step else "")


def _pools(scope: Scope) -> QuerySet[Any]:
    rows = PoolEvent.objects.select_related("pool__period__sensor", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    mine = Q(organisation=scope.organisation) | Q(pool__keeper=scope.organisation)
    return rows.filter(mine | Q(pool__pledges__organisation=scope.organisation)).distinct()


def _pool(row: PoolEvent) -> str:
    amount = f" {in_words(row.amount, row.pool.period.unit)}" if row.amount is not None else ""
    return said(row.pool.title, f"{pools.title_of(row)}{amount}", row.reason)


def _arrivals(scope: Scope) -> QuerySet[Any]:
    """The desk's own: what an officer had tried again or refused of the inbox."""
    rows = ArrivalEvent.objects.select_related("arrival", "by_user", "by_link")
    return rows.filter(by_user=scope.person) if scope.person is not None else rows.none()


def _arrival(row: ArrivalEvent) -> str:
    text = f"{row.arrival}: {row.label}"
    return f"{text} — {row.reason}" if row.reason else text


def _movements(scope: Scope) -> QuerySet[Any]:
    rows = Movement.objects.select_related(
        "from_account__period", "to_account__period", "by_user", "by_link"
    )
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    owned = Account.objects.filter(
        owner_kind=OwnerKind.ORGANISATION, owner_key=str(scope.organisation.pk)
    ).values("pk")
    return rows.filter(Q(from_account__in=owned) | Q(to_account__in=owned))


def _movement(row: Movement) -> str:
    period = row.from_account.period
    amount = in_words(row.amount, period.unit)
    return said(period, f"{row.get_kind_display()}, {amount}", row.reason)


def register() -> None:
    """Called once, when the app is ready."""
    for history in (
        History("line", gettext_lazy("Orders"), _lines, lambda row: row.by_name, _line,
                BY, ("line__order__reference", "line__order__title", "reason", "step")),
        History("project", gettext_lazy("Projects"), _projects, lambda row: row.by_name, _project,
                BY, ("project__reference", "project__title", "reason", "step")),
        History("quota_request", gettext_lazy("Requests for more quota"), _quota_requests,
                lambda row: row.by_name, _quota_request, BY, ("reason", "step")),
        History("decision", gettext_lazy("Decisions of the desk"), _decisions,
                lambda row: row.by_name, _decision, BY,
                ("decision__line__reference", "decision__verb", "step")),
        History("pool", gettext_lazy("Pools"), _pools, lambda row: row.by_name, _pool,
                BY, ("pool__title", "reason", "step")),
        History("arrival", gettext_lazy("The inbox"), _arrivals, lambda row: row.by_name, _arrival,
                BY, ("arrival__name", "reason", "step")),
        History("quota", gettext_lazy("Quota"), _movements, lambda row: row.by_name, _movement,
                BY, ("reason", "deed")),
    ):  # fmt: skip
        trail.register(history)
