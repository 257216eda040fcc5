"""The yearly review: are these people still with you? Decided in acts, each of which may be undone for a moment."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.affiliation import Affiliation
from accounts.models.organisation import Organisation
from dinamis.actors import ActedBy


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        return self.filter(closed_at=None)


class Review(models.Model):
    """One review of the people of one organisation."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="reviews", verbose_name=_("organisation")
    )
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("expected by"))
    reminded_at = models.DateTimeField(_("referent reminded"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("desk told"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("yearly review")
        verbose_name_plural = _("yearly reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(closed_at=None),
                name="one_open_review_per_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.opened_at:%Y-%m-%d}"


class ReviewActQuerySet(models.QuerySet["ReviewAct"]):
    def standing(self) -> "ReviewActQuerySet":
        return self.filter(undone_at=None)


class ReviewAct(ActedBy):
    """One answer for several people at once. It takes effect at `applies_at` unless undone before."""

    class Verdict(models.TextChoices):
        KEEP = "keep", _("still with us")
        END = "end", _("has left")

    review = models.ForeignKey(Review, models.PROTECT, related_name="acts")
    verdict = models.CharField(_("answer"), max_length=10, choices=Verdict)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))
    applies_at = models.DateTimeField(_("takes effect"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = ReviewActQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["-at", "-pk"]
        verbose_name = _("answer in a review")
        verbose_name_plural = _("answers in reviews")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(applied_at=None),
                name="review_act_is_applied_or_undone",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(applied_at__gte=F("applies_at")),
                name="review_act_waits_for_its_hour",
            ),
            models.CheckConstraint(
                condition=Q(verdict="keep") | ~Q(reason=""), name="review_end_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.verdict}"

    @property
    def count(self) -> int:
        return self.decisions.count()

    @property
    def label(self) -> Any:
        return self.get_verdict_display()


class ReviewDecision(models.Model):
    """One person in one act."""

    act = models.ForeignKey(ReviewAct, models.CASCADE, related_name="decisions")
    affiliation = models.ForeignKey(Affiliation, models.PROTECT, related_name="decisions")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision in a review")
        verbose_name_plural = _("decisions in reviews")
        constraints = [
            models.UniqueConstraint(fields=["act", "affiliation"], name="decided_once_in_an_act")
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.affiliation_id}"
