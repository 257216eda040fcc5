"""What a requester is asked of a line while it is with the supplier, with the clock that runs on it."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.models.acquisition import Acquisition
from orders.models.attempt import Attempt
from orders.models.line import Line
from orders.models.order import seen_by
from orders.models.standin import Standin
from orders.states import QuestionState


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """The questions of the lines that the reader sees."""
        return self.filter(seen_by(user, "line__order__"))

    def to_answer(self, user: Any) -> "QuestionQuerySet":
        """Open, and this person's to answer: their own lines, and those of whom they stand in for."""
        if not user.is_authenticated:
            return self.none()
        lent = Standin.objects.in_force().filter(receiver=user)
        theirs = Q(
            line__order__requester__in=lent.values("giver"),
            line__order__organisation__in=lent.values("organisation"),
        )
        mine = Q(line__order__requester=user) | theirs
        return self.filter(mine, state=QuestionState.OPEN)

    def unanswered(self, at: Any) -> "QuestionQuerySet":
        """Still open after their deadline; proposed images have their own clock."""
        return self.filter(state=QuestionState.OPEN, due_at__lte=at, acquisition=None)


class Question(Living):
    """One question. `options` are what may be answered: {"key", "label"} and what the kind tells of each.

    `silence` is the key that is answered for whoever does not. `facts` are what the page tells: a
    class and a chance, a price in euros, a forecast in %.
    """

    class Kind(models.TextChoices):
        PROPOSAL = "proposal", _("Image proposed")
        FEASIBILITY = "feasibility", _("Feasibility study")
        QUOTATION = "quotation", _("Supplier's quotation")
        WEATHER = "weather", _("Weather notice")

    line = models.ForeignKey(Line, models.PROTECT, related_name="questions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    acquisition = models.OneToOneField(
        Acquisition, models.PROTECT, related_name="question", null=True, blank=True
    )
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, related_name="questions", null=True, blank=True
    )
    said = models.TextField(_("what is asked"), max_length=2000, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    options = models.JSONField(_("what may be answered"), default=list)
    silence = models.CharField(_("silence means"), max_length=20)
    state = models.CharField(
        _("state"), max_length=12, choices=QuestionState, default=QuestionState.OPEN
    )
    answer = models.CharField(_("answer"), max_length=20, blank=True)
    asked_at = models.DateTimeField(_("asked at"))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="open"), name="question_one_open_a_line"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(due_at__isnull=False),
                name="question_open_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""),
                name="question_answered_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(kind="proposal", acquisition__isnull=False)
                | Q(kind="weather", acquisition=None, attempt__isnull=False)
                | Q(kind__in=["feasibility", "quotation"], acquisition=None),
                name="question_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.kind}"

    def option(self, key: str) -> dict[str, Any] | None:
        """The option of a key, or None."""
        return next((one for one in self.options if one["key"] == key), None)


class QuestionEvent(ActedBy):
    """What became of a question: asked, answered with what, by whom. Only ever added."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    answer = models.CharField(_("answer"), max_length=20, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a question")
        verbose_name_plural = _("events of a question")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="question_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.step}"
