"""Outside opinions: who is asked, for which category, and what each adviser answered."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from accounts.eligibility import Opinion as AdviserCode
from accounts.models.membership import Membership
from accounts.states.opinion import LIFE, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living

ANSWERED = ["favourable", "reserved", "unfavourable"]


class Adviser(models.Model):
    """A body outside that is asked for its opinion. The address is an administrator's to set."""

    code = models.CharField(_("adviser"), max_length=20, choices=AdviserCode, primary_key=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="fr"
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("adviser")
        verbose_name_plural = _("advisers")

    def __str__(self) -> str:
        return self.name


class OpinionRuleQuerySet(models.QuerySet["OpinionRule"]):
    def needed_of(self, category: str, *, on: date | None = None) -> frozenset[str]:
        """The advisers whose opinion a category needs, by the newest row of each on that day."""
        rows = self.filter(category=category, effective_on__lte=on or timezone.localdate())
        newest: dict[str, bool] = {}
        for row in rows.order_by("effective_on", "pk"):
            newest[row.adviser] = row.is_needed
        return frozenset(adviser for adviser, needed in newest.items() if needed)


class OpinionRule(models.Model):
    """Whether a category needs an adviser's opinion from a day on: the sources disagree, so it is data."""

    category = models.CharField(_("category"), max_length=20, choices=Category)
    adviser = models.CharField(_("adviser"), max_length=20, choices=AdviserCode)
    is_needed = models.BooleanField(_("opinion needed"), default=True)
    effective_on = models.DateField(_("from"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OpinionRuleQuerySet.as_manager()

    class Meta:
        ordering = ["category", "adviser", "effective_on"]
        verbose_name = _("opinion needed")
        verbose_name_plural = _("opinions needed")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "adviser", "effective_on"], name="opinion_rule_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.adviser}: {self.is_needed}"


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def open(self) -> "OpinionQuerySet":
        """Asked, and neither answered nor given up."""
        return self.filter(state=State.ASKED)

    def counted(self) -> "OpinionQuerySet":
        """Those of the present round: a corrected file is asked about anew."""
        return self.filter(is_counted=True)


class Opinion(Living):
    """One opinion asked of one adviser about one membership."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="opinions")
    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="opinions")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ASKED)
    words = models.TextField(_("opinion"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    is_counted = models.BooleanField(_("of the present round"), default=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "adviser"],
                condition=Q(is_counted=True),
                name="one_opinion_per_adviser_and_round",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False)
                | Q(~Q(state__in=ANSWERED), answered_at=None),
                name="opinion_answered_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser_id} {self.membership_id} {self.state}"

    @property
    def turn(self) -> str:
        """The role that must act now, or an empty string."""
        return LIFE.turns[State(self.state)]


class OpinionEvent(ActedBy):
    """One step of an opinion. Only ever added."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("opinion event")
        verbose_name_plural = _("opinion events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.step}"
