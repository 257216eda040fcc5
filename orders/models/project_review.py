"""Reviews of projects: who was asked, the scores on each criterion, the words for the desk and the lead."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.models.project import Project, Track
from orders.states.review import ReviewState

LEAST, MOST = 1, 5


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def of_track(self, track: str) -> "CriterionQuerySet":
        """The criteria asked today of a project of this track."""
        return self.filter(Q(track="") | Q(track=track), is_asked=True)


class Criterion(models.Model):
    """One question that a reviewer scores from 1 to 5. Rows, an administrator's to change."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    track = models.CharField(_("track, or empty for all"), max_length=10, choices=Track, blank=True)
    name_fr = models.CharField(_("question in French"), max_length=200)
    name_en = models.CharField(_("question in English"), max_length=200)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_asked = models.BooleanField(_("asked"), default=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_has_a_weight")
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_fr


class ProjectReview(Living):
    """One person asked once about one project. `for_lead` is read by the lead, without the name."""

    class Advice(models.TextChoices):
        APPROVE = "approve", _("approve")
        PART = "part", _("approve in part")
        REFUSE = "refuse", _("refuse")

    project = models.ForeignKey(Project, models.PROTECT, related_name="reviews")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    body = models.CharField(_("organisation"), max_length=200)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="fr"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState, default=ReviewState.ASKED
    )
    advice = models.CharField(_("advice"), max_length=10, choices=Advice, blank=True)
    for_desk = models.TextField(_("words for the desk"), max_length=4000, blank=True)
    for_lead = models.TextField(_("words for the lead"), max_length=4000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("review of a project")
        verbose_name_plural = _("reviews of a project")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "email"], name="project_review_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="given", answered_at__isnull=False) & ~Q(advice="")
                | ~Q(state="given") & Q(advice=""),
                name="project_review_given_has_its_advice",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mean(self) -> float | None:
        """The weighted mean of the scores, of 5; None without any."""
        scores = list(self.scores.all())
        weights = sum(score.weight for score in scores)
        if not weights:
            return None
        return sum(score.value * score.weight for score in scores) / weights


class ReviewScore(models.Model):
    """One score. The weight is the criterion's at that time."""

    review = models.ForeignKey(ProjectReview, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("score"))
    weight = models.PositiveSmallIntegerField(_("weight"))

    class Meta:
        ordering = ["review", "criterion"]
        verbose_name = _("score of a review")
        verbose_name_plural = _("scores of a review")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="review_scores_a_criterion_once"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=LEAST, value__lte=MOST), name="review_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class ProjectReviewEvent(ActedBy):
    """One step of a review. Only ever added."""

    review = models.ForeignKey(ProjectReview, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=10, choices=ReviewState, blank=True)
    target = models.CharField(_("to"), max_length=10, choices=ReviewState)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a review")
        verbose_name_plural = _("events of a review")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="review_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.step}"


def mean_of(reviews: Any) -> float | None:
    """The mean of the reviews that were given, of 5."""
    means = [mean for review in reviews if (mean := review.mean) is not None]
    return sum(means) / len(means) if means else None
