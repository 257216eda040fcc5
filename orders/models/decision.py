"""What the desk decides, with its reason texts, and the notes that it keeps for itself."""

import uuid
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from dinamis.actors import ActedBy
from orders.models.line import Line
from orders.models.order import Order
from orders.models.quote import Quote
from orders.states.decision import DecisionState, obstacle_sentence


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """The desk's alone: the requester reads what came of it in the history of the line."""
        return self.all() if is_desk(user) else self.none()

    def pending(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.PENDING)

    def due(self, at: datetime) -> "DecisionQuerySet":
        """Pending, and past the moment in which they could be undone."""
        return self.pending().filter(takes_effect_at__lte=at)


class Decision(ActedBy):
    """One decision on one line. Until `takes_effect_at` nothing has happened, and it can be undone."""

    class Verb(models.TextChoices):
        ACCEPT = "accept", _("Accept")
        OFFER_PART = "offer_part", _("Offer a part")
        ASK_TO_COMPLETE = "ask_to_complete", _("Ask to complete")
        REFUSE = "refuse", _("Refuse")

    line = models.ForeignKey(Line, models.PROTECT, related_name="decisions")
    verb = models.CharField(_("decision"), max_length=20, choices=Verb)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    # What is offered instead, priced when it was decided.
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="+", null=True, blank=True)
    # Decided together from one preview.
    batch = models.UUIDField(_("decided together"), default=uuid.uuid4)
    state = models.CharField(
        _("state"), max_length=10, choices=DecisionState, default=DecisionState.PENDING
    )
    made_at = models.DateTimeField(_("made at"))
    takes_effect_at = models.DateTimeField(_("takes effect at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # Why it could not be taken: the refusal's code and its facts, told in each reader's language.
    obstacle_code = models.CharField(_("what stood in the way"), max_length=60, blank=True)
    obstacle_facts = models.JSONField(_("facts of what stood in the way"), default=dict, blank=True)
    # The sentence itself, in the language of then, for what was left before codes were kept.
    obstacle = models.TextField(_("why it could not be taken"), max_length=2000, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(
                fields=["takes_effect_at"], condition=Q(state="pending"), name="decision_due"
            ),
            models.Index(fields=["batch"], name="decision_batch"),
        ]
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="pending"), name="decision_one_pending_a_line"
            ),
            models.CheckConstraint(
                condition=Q(takes_effect_at__gte=F("made_at")), name="decision_takes_effect_later"
            ),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None)
                | Q(~Q(state="pending"), settled_at__isnull=False),
                name="decision_settled_has_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(~Q(state="taken")) | Q(settled_at__gte=F("takes_effect_at")),
                name="decision_taken_not_too_early",
            ),
            models.CheckConstraint(
                condition=Q(verb="accept") | ~Q(reason=""), name="decision_says_why"
            ),
            models.CheckConstraint(
                condition=Q(verb="offer_part", quote__isnull=False)
                | Q(~Q(verb="offer_part"), quote=None),
                name="decision_offers_a_quote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.get_verb_display()}"

    @property
    def obstacle_told(self) -> str:
        """Why it could not be taken, in the reader's language; empty while nothing stood in the way."""
        if not self.obstacle_code:
            return self.obstacle
        return obstacle_sentence(
            self.obstacle_code,
            self.obstacle_facts,
            person=self.line.order.requester,
            organisation=self.line.order.organisation,
        )

    @property
    def seconds_left(self) -> int:
        """Seconds in which it can still be undone."""
        if self.state != DecisionState.PENDING:
            return 0
        return max(0, int((self.takes_effect_at - timezone.now()).total_seconds()))


class DecisionEvent(ActedBy):
    """One step of a decision's life: decided, undone, taken, left. Only ever added; the desk's alone."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    target = models.CharField(_("to"), max_length=10, choices=DecisionState)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a decision")
        verbose_name_plural = _("events of a decision")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="decision_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.step}"


class ReasonText(models.Model):
    """A reason written once and used often, sent in the requester's language; edited at /admin/."""

    class Step(models.TextChoices):
        REFUSE = "refuse", _("Refuse")
        ASK_TO_COMPLETE = "ask_to_complete", _("Ask to complete")
        OFFER_PART = "offer_part", _("Offer a part")

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    step = models.CharField(_("decision"), max_length=20, choices=Step)
    title_fr = models.CharField(_("title in French"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    text_fr = models.TextField(_("text in French"), max_length=1500)
    text_en = models.TextField(_("text in English"), max_length=1500)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered in forms"), default=True)

    class Meta:
        ordering = ["step", "order", "code"]
        verbose_name = _("reason text")
        verbose_name_plural = _("reason texts")

    def __str__(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_fr

    def text(self, language: str) -> str:
        return self.text_en if language.startswith("en") else self.text_fr


class DeskNote(ActedBy):
    """What the desk writes down about an order for itself. Only ever added."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="desk_notes")
    text = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("note of the desk")
        verbose_name_plural = _("notes of the desk")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="desk_note_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.text[:40]}"
