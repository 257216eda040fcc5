"""A question put to the requester of a line: answered, by a person or by silence, or taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class QuestionState(models.TextChoices):
    OPEN = "open", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    LAPSED = "lapsed", _("Not answered in time")
    TAKEN_BACK = "taken_back", _("Taken back")


STEPS = {
    "answer": step(
        QuestionState.OPEN,
        to=QuestionState.ANSWERED,
        by=("owner", "delegate", "system"),
        label=_("Answer"),
        style="primary",
        consequence=_("The desk and the supplier go on with the answer."),
    ),
    "lapse": step(
        QuestionState.OPEN,
        to=QuestionState.LAPSED,
        by="system",
        label=_("Let it lapse"),
        consequence=_("What silence means is done."),
    ),
    "take_back": step(
        QuestionState.OPEN,
        to=QuestionState.TAKEN_BACK,
        by=("desk", "system"),
        label=_("Take the question back"),
        needs_reason=True,
        style="stop",
        consequence=_("Nothing is answered; the line goes on as before."),
    ),
}

QUESTION = Life(
    name="question",
    title=_("Question to the requester"),
    states=QuestionState,
    initial=QuestionState.OPEN,
    steps=STEPS,
    turns={
        QuestionState.OPEN: "owner",
        QuestionState.ANSWERED: "",
        QuestionState.LAPSED: "",
        QuestionState.TAKEN_BACK: "",
    },
)
