"""A pool (cagnotte): several organisations put quota together for an aim, and draw on it by a rule."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.policies import is_member, may_read_budget, organisations_led_by
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.ledger.models import Period
from orders.models.line import Line
from orders.states.approval import Approval
from orders.states.pool import DrawState, PledgeState, PoolState

# Where the purse of a line is not chosen yet: a pool may be asked, and answer.
UNSENT = (Approval.DRAFT, Approval.WAITING_QUOTA)


class PoolQuerySet(models.QuerySet["Pool"]):
    def visible_to(self, user: Any) -> "PoolQuerySet":
        """A pool is an invitation: every member reads it, and who reads the budget."""
        return self if is_member(user) or may_read_budget(user) else self.none()

    def drawn_by(self, organisation: Organisation) -> "PoolQuerySet":
        """Those reached that an organisation has put something in."""
        paid = Pledge.objects.filter(organisation=organisation, state=PledgeState.PAID_IN)
        return self.filter(state=PoolState.REACHED, pk__in=paid.values("pool"))


class Pool(Living):
    """Pledged until `due_at`; reached, its account in the ledger is owned by its key."""

    class Rule(models.TextChoices):
        SHARE = "share", _("each draws up to what it put in")
        VOTE = "vote", _("the members vote on each draw")
        KEEPER = "keeper", _("the keeper decides each draw")

    title = models.CharField(_("title"), max_length=200)
    aim = models.TextField(_("aim"), max_length=2000)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name=_("period"))
    threshold = models.DecimalField(_("threshold"), max_digits=14, decimal_places=2)
    rule = models.CharField(_("who may draw"), max_length=10, choices=Rule)
    vote_days = models.PositiveSmallIntegerField(_("days to vote"), default=7)
    keeper = models.ForeignKey(Organisation, models.PROTECT, related_name="pools_kept")
    founder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submission = models.CharField(_("key of the form"), max_length=80)
    state = models.CharField(_("state"), max_length=15, choices=PoolState, default=PoolState.OPEN)
    made_at = models.DateTimeField(_("made at"))

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        constraints = [
            models.UniqueConstraint(fields=["founder", "submission"], name="pool_sent_once"),
            models.CheckConstraint(condition=Q(threshold__gt=Decimal(0)), name="pool_has_an_aim"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(due_at__isnull=False), name="pool_has_a_deadline"
            ),
            models.CheckConstraint(
                condition=Q(vote_days__gte=1, vote_days__lte=60), name="pool_votes_within_days"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pool", args=[self.pk])


class Pledge(Living):
    """What one organisation promised: held on its allotment until the pool is reached or given up."""

    HOLDER = "pledge:"

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="pledges")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pledges")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("pledged"), max_digits=14, decimal_places=2)
    submission = models.CharField(_("key of the form"), max_length=80)
    state = models.CharField(
        _("state"), max_length=15, choices=PledgeState, default=PledgeState.HELD
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [
            models.UniqueConstraint(fields=["person", "submission"], name="pledge_sent_once"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="pledge_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.pool_id}"

    @property
    def holder(self) -> str:
        """Whose hold it is in the ledger."""
        return f"{self.HOLDER}{self.pk}"


class PoolDrawQuerySet(models.QuerySet["PoolDraw"]):
    def open(self) -> "PoolDrawQuerySet":
        """Asked, and the line has not gone another way since."""
        return self.filter(state=DrawState.ASKED, line__approval__in=UNSENT)

    def to_answer(self, user: Any) -> "PoolDrawQuerySet":
        """Those that a referent has to vote on or, as the pool's keeper, to decide."""
        led = organisations_led_by(user).values("pk")
        paid = Pledge.objects.filter(organisation__in=led, state=PledgeState.PAID_IN)
        bought = Contribution.objects.filter(organisation__in=led, pool__isnull=False)
        shares = Q(pool__in=paid.values("pool")) | Q(pool__in=bought.values("pool"))
        answered = PoolVote.objects.filter(organisation__in=led)
        votes = Q(pool__rule=Pool.Rule.VOTE) & shares & ~Q(pk__in=answered.values("draw"))
        return self.open().filter(votes | Q(pool__rule=Pool.Rule.KEEPER, pool__keeper__in=led))


class PoolDraw(Living):
    """A line that is to be carried by a pool; `due_at` is when the vote ends."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="draws")
    line = models.ForeignKey(Line, models.PROTECT, related_name="draws")
    units = models.DecimalField(_("asked"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=15, choices=DrawState, default=DrawState.ASKED)
    made_at = models.DateTimeField(_("made at"))

    objects = PoolDrawQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("draw on a pool")
        verbose_name_plural = _("draws on pools")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["asked", "granted"]),
                name="draw_one_pool_a_line",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} ← {self.pool_id}"


class PoolVote(ActedBy):
    """One member's answer to a draw: one an organisation, the first that its referents give."""

    draw = models.ForeignKey(PoolDraw, models.PROTECT, related_name="votes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agrees = models.BooleanField(_("agrees"))
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("vote on a draw")
        verbose_name_plural = _("votes on a draw")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["draw", "organisation"], name="vote_once_an_organisation"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="pool_vote_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.agrees}"


class PoolEvent(ActedBy):
    """One step of a pool, a pledge or a draw: who, when, why. Only ever added."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="events")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    draw = models.ForeignKey(PoolDraw, models.PROTECT, related_name="events", null=True)
    life = models.CharField(_("life"), max_length=10)
    step = models.CharField(_("step"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a pool")
        verbose_name_plural = _("events of a pool")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="pool_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.life}.{self.step}"


class Contribution(ActedBy):
    """A contributor's offer that was bought: euros outside, attempts into a pool or an allotment."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contributions")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name=_("period"))
    pool = models.ForeignKey(
        Pool, models.PROTECT, related_name="contributions", null=True, blank=True
    )
    eur = models.DecimalField(_("euros"), max_digits=12, decimal_places=2)
    attempts = models.PositiveIntegerField(_("attempts"))
    rule_version = models.CharField(_("version of the rules"), max_length=60)
    order_number = models.CharField(_("payer's order number"), max_length=60)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["-at", "-pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "order_number"], name="contribution_once_an_order"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="contribution_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.eur} € → {self.attempts}"
