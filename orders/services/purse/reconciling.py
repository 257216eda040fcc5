"""The ledger reconciled: every night, and whenever an administrator asks; what is wrong is told by mail."""

from collections.abc import Iterator

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from dinamis import figures
from dinamis.outbox import after_commit, is_promised
from orders.ledger import check
from orders.models import LedgerCheck
from orders.services.purse import quota_mail
from orders.services.purse.quota_mail import Words

log = structlog.get_logger(__name__)
TASK = "orders.tasks.reconcile_ledger"
MOST_TOLD = 50  # faults written down in words; the command lists all of them


def reconcile() -> LedgerCheck:
    """Examine the whole ledger and keep what came of it; the quota administrators hear of faults.

    Outside a transaction, it is one picture of the database, and disturbs nobody who books meanwhile.
    """
    began_at = timezone.now()
    report = check.examine()
    made = LedgerCheck.objects.create(
        began_at=began_at,
        ended_at=timezone.now(),
        movements=report.movements,
        accounts=report.accounts,
        faults=len(report.faults),
        said="\n".join(f"{one.sentence}." for one in report.faults[:MOST_TOLD])[:20_000],
    )
    if report.faults:
        log.error("ledger_faults", check=made.pk, faults=made.faults)
        people = quota_mail.quota_administrators()
        quota_mail.send(f"ledger:{made.pk}", people, lambda person: _words(person, made))
    return made


@transaction.atomic
def ask() -> None:
    """Promise a check by a worker; asked while one is promised, it is one."""
    if not is_promised(TASK):
        after_commit(TASK)


def last() -> LedgerCheck | None:
    return LedgerCheck.objects.first()


def register() -> None:
    """Called once, when the apps are ready: the figures for /metrics."""
    figures.register(_figures)


def _figures() -> Iterator[figures.Figure]:
    found = last()
    if found is None:
        return
    yield figures.Figure(
        "dinamis_ledger_faults", "Faults that the last check of the ledger found.", found.faults
    )
    age = (timezone.now() - found.ended_at).total_seconds()
    yield figures.Figure(
        "dinamis_ledger_check_age_seconds", "Since the ledger was last checked.", age
    )


def _words(_person: User, made: LedgerCheck) -> Words:
    count = {"count": made.faults}
    said = ngettext(
        "%(count)s thing in the quota's ledger is not as it was booked.",
        "%(count)s things in the quota's ledger are not as they were booked.",
        made.faults,
    )
    return Words(
        subject=_("The quota's ledger does not balance"),
        paragraphs=[said % count, made.said[:2000]],
        label=_("See the periods"),
        url=reverse("periods"),
    )
