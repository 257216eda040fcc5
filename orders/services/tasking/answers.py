"""What may be answered to each kind of question, and what an answer does."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.said import gettext as _
from orders.models import Line, Question
from orders.services.tasking import cancelling, tasking
from orders.states import AttemptState, Supply

BY = Actor.system("answers")
Kind = Question.Kind

# Stored in English, translated when read: a question is read in any language.
FIXED: dict[str, list[dict[str, Any]]] = {
    Kind.PROPOSAL: [
        {"key": "accept", "label": gettext_noop("Accept")},
        {"key": "refuse", "label": gettext_noop("Refuse")},
    ],
    Kind.QUOTATION: [
        {"key": "accept", "label": gettext_noop("Accept the quotation")},
        {"key": "refuse", "label": gettext_noop("Refuse the quotation")},
    ],
    Kind.WEATHER: [
        {"key": "confirm", "label": gettext_noop("Confirm: try all the same")},
        {"key": "postpone", "label": gettext_noop("Postpone to a later pass")},
        {"key": "cancel", "label": gettext_noop("Cancel the tasking")},
    ],
}
NONE_OF_THEM = {"key": "none", "label": gettext_noop("None of these options")}
SILENCES = {
    Kind.PROPOSAL: "refuse",
    Kind.FEASIBILITY: "none",
    Kind.QUOTATION: "refuse",
    Kind.WEATHER: "confirm",
}
CEILINGS = {"max_cloud": (0, 100), "max_incidence": (5, 90)}


def options_of(asked: Any) -> list[dict[str, Any]]:
    """The options of a question as they are stored: a study's are numbered from 1, then "none"."""
    if asked.kind != Kind.FEASIBILITY:
        if asked.kind not in FIXED or asked.kind == Kind.PROPOSAL:
            raise Invalid("kind_unknown", _("There is no such kind of question."))
        return FIXED[asked.kind]
    return [*(_option(n, one) for n, one in enumerate(asked.options, start=1)), NONE_OF_THEM]


def act(question: Question, line: Line) -> None:
    """Do what the answer of a locked question says; what is only to be known is in the history.

    It is the answer that acts, whoever gave it: a stand-in could not cancel by themselves.
    """
    if question.kind == Kind.WEATHER and question.answer in {"postpone", "cancel"}:
        if question.attempt.state == AttemptState.PLANNED:
            tasking.missed(question.attempt, by=BY, reason=_("Put off after a weather notice."))
        if question.answer == "cancel":
            cancelling.cancel(line, by=BY, reason=_("Cancelled after a weather notice."))
    elif question.kind == Kind.FEASIBILITY and question.answer != "none":
        _adopt(line, question.option(question.answer) or {})
    if "report" in question.facts:
        _pass_on(question, line)


def _pass_on(question: Question, line: Line) -> None:
    """A supplier asked this by program: the desk is told to say the answer there."""
    label = (question.option(question.answer) or {}).get("label", "")
    with override(settings.LANGUAGE_CODE):  # the desk's, whoever answers
        said = _("The answer is “%(answer)s”: say so at the supplier.") % {"answer": _(label)}
    line.supplier_orders.filter(ended_at=None).update(trouble=said)


def _adopt(line: Line, option: dict[str, Any]) -> None:
    """The ceilings and the last day of a study's option become the line's; none changes its price."""
    if line.supply not in {Supply.TO_PLACE, Supply.PLACED, Supply.ATTEMPTING}:
        return
    changed = {name: option[name] for name in CEILINGS if name in option}
    if "ends_on" in option:
        changed["window_ends_on"] = date.fromisoformat(option["ends_on"])
    if "max_cloud" in changed and line.accept_cloud is not None:
        changed["accept_cloud"] = min(line.accept_cloud, changed["max_cloud"])
    for name, value in changed.items():
        setattr(line, name, value)
    if changed:
        line.save(update_fields=list(changed))


def _option(number: int, said: Any) -> dict[str, Any]:
    """One option of a study, checked."""
    label = str(said.get("label", "")).strip()
    if not label or len(label) > 300:
        raise Invalid("option_without_words", _("Say each option in at most 300 characters."))
    option: dict[str, Any] = {"key": str(number), "label": label}
    for name, (least, most) in CEILINGS.items():
        value = said.get(name)
        if value is None:
            continue
        if not least <= int(value) <= most:
            raise Invalid("option_out_of_range", _("An option's ceiling is out of range."))
        option[name] = int(value)
    if ends_on := said.get("ends_on"):
        if date.fromisoformat(str(ends_on)) <= timezone.localdate():
            raise Invalid("window_past", _("The window must end in the future."))
        option["ends_on"] = str(ends_on)
    return option
