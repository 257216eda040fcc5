"""Quotas that are nearly used, told by mail to those who look after them: referents, or the administrators."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dinamis import formats
from orders.ledger.errors import in_words
from orders.ledger.kinds import OwnerKind
from orders.ledger.models import Period
from orders.ledger.summaries import Row, quotas_now
from orders.services.purse import quota, quota_mail
from orders.services.purse.quota_mail import Words
from orders.services.rules.rules import version_in_force


def tell(today: date | None = None) -> int:
    """Send what is due for the periods that run; return how many mails went.

    Each level of a quota is told once for each size of it: a quota that was raised and is nearly used
    again is told again. Of several levels passed at once, the highest is told.
    """
    sent = 0
    for period in Period.objects.on(today or timezone.localdate()).select_related("sensor"):
        levels = _levels(period)
        for row in quotas_now(period):
            passed = [level for level in levels[row.account.kind] if _used(row) >= level]
            if passed:
                subject = f"alert:{row.account.pk}:{max(passed)}:{row.granted}"
                sent += quota_mail.send(subject, _people(row), _words(period, row, max(passed)))
    return sent


def _levels(period: Period) -> dict[str, list[int]]:
    """Kind of account → its levels, in % used, by the rules in force."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for rule in version_in_force().alertrule_rows.filter(sensor=period.sensor_id):
        found[rule.account_kind].append(rule.percent)
    return found


def _used(row: Row) -> float:
    """The share of a quota that is held or consumed, in %; of nothing, nothing is used."""
    return float(100 * (row.held + row.consumed) / row.granted) if row.granted else 0.0


def _people(row: Row) -> list[User]:
    if row.account.owner_kind == OwnerKind.ORGANISATION:
        return quota_mail.referents(row.account.owner_key)
    return quota_mail.quota_administrators()


def _words(period: Period, row: Row, level: int) -> Callable[[User], Words]:
    def words(person: User) -> Words:
        name = quota.owner_name(row.account) or row.account.get_kind_display()
        facts = {"level": formats.percent(level), "name": name, "period": period}
        unit = period.unit
        return Words(
            subject=_("%(level)s of the quota are used: %(name)s, %(period)s") % facts,
            paragraphs=[
                _("Of %(given)s, %(held)s are held, %(consumed)s consumed and %(free)s free.")
                % {
                    "given": in_words(row.granted, unit),
                    "held": in_words(row.held, unit),
                    "consumed": in_words(row.consumed, unit),
                    "free": in_words(row.free, unit),
                }
            ],
            label=_("See the statement"),
            url=reverse("quota_account", args=[row.account.pk]),
        )

    return words
