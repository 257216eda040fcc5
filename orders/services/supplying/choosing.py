"""A supplier's study, quotation or weather notice, asked of the requester in their inbox.

No interface takes an answer back: it is the desk's to pass on.

The row of the question says of which report it was asked, so that the same report asks once.
"""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from catalogue.models import Platform
from dinamis.actors import Actor
from dinamis.said import gettext as _
from orders.models import Attempt, Line, Question, SupplierOrder
from orders.services.tasking import question_rows, questions, tasking
from orders.states import AttemptState
from orders.suppliers.protocol import Forecast, Offer, Report, Stage

MARK = "report"  # the key of a question's facts that names the report
Kind = Question.Kind


def ask(line: Line, order: SupplierOrder, report: Report, *, by: Actor) -> str:
    """Ask what a report offers, once; return what an officer should look at, or "".

    Options make it a study, a price or words alone a quotation. Raises what `questions.ask` raises.
    """
    facts: dict[str, object] = {"reference": order.their_reference}
    if report.price is not None:
        facts["price_eur"] = float(report.price)
    wanted = questions.Asked(
        kind=Kind.FEASIBILITY if report.offers else Kind.QUOTATION,
        said=report.reason[:2000],
        facts=facts,
        options=[_option(one) for one in report.offers[: questions.MOST_OPTIONS]],
        due_at=_in_future(report.answer_by),
    )
    return _once(line, wanted, mark_of(report), by=by)


def warn(line: Line, order: SupplierOrder, forecast: Forecast, *, by: Actor) -> str:
    """Ask about a pass that clouds threaten, once; a pass that is over is not asked about."""
    if forecast.planned_at <= timezone.now():
        return ""
    mark = _mark_of_pass(forecast)
    if (asked := _asked(line, mark)) is not None:
        return _to_pass_on(asked)
    facts: dict[str, object] = {"reference": order.their_reference}
    if forecast.cloud_cover is not None:
        facts["cloud"] = forecast.cloud_cover
    wanted = questions.Asked(
        kind=Kind.WEATHER,
        said=forecast.said[:2000],
        facts=facts,
        due_at=_in_future(forecast.answer_by),
        attempt=_pass(line, forecast, by=by),
    )
    return _once(line, wanted, mark, by=by)


def leave(line: Line, *, by: Actor, but: str = "") -> None:
    """The supplier went on without an answer: its question is taken back, unless it is asked still."""
    waiting = question_rows.open_of(line)
    if waiting is not None and waiting.facts.get(MARK, but) != but:
        with override(line.order.requester.language):
            reason = _("The supplier went on without waiting for the answer.")
        question_rows.free(line, waiting, "take_back", by=by, reason=reason)


def mark_of(report: Report) -> str:
    """What a report waits an answer to, in one word; "" where it waits for none."""
    if report.stage == Stage.CHOICE:
        return report.at.isoformat()
    return _mark_of_pass(report.forecast) if report.forecast else ""


def _once(line: Line, wanted: questions.Asked, mark: str, *, by: Actor) -> str:
    """Ask, in the place of whatever else this supplier asked; what it asked before is not asked again."""
    if (asked := _asked(line, mark)) is not None:
        return _to_pass_on(asked)
    leave(line, by=by, but=mark)
    questions.ask(line, replace(wanted, facts={MARK: mark, **wanted.facts}), by=by)
    return ""


def _asked(line: Line, mark: str) -> Question | None:
    return line.questions.filter(**{f"facts__{MARK}": mark}).order_by("-pk").first()


def _pass(line: Line, forecast: Forecast, *, by: Actor) -> Attempt:
    """The attempt planned for that pass, written down where we had not heard of it."""
    planned = line.attempts.filter(
        state=AttemptState.PLANNED, planned_at=forecast.planned_at
    ).first()
    platform = Platform.objects.filter(code=forecast.platform, sensor=line.sensor_id).first()
    return planned or tasking.plan(line, planned_at=forecast.planned_at, by=by, platform=platform)


def _mark_of_pass(forecast: Forecast) -> str:
    return f"pass {forecast.planned_at.isoformat()}"


def _in_future(at: datetime | None) -> datetime | None:
    return at if at is not None and at > timezone.now() else None


def _to_pass_on(question: Question) -> str:
    """Once it is answered, the officer says so at the supplier's."""
    option = question.option(question.answer)
    if question.state == "open" or option is None:
        return ""
    return _("The answer is “%(answer)s”: say so at the supplier.") % {"answer": _(option["label"])}


def _option(offer: Offer) -> dict[str, object]:
    facts = {
        "label": offer.label[:300],
        "ends_on": offer.ends_on.isoformat() if offer.ends_on else None,
        "max_cloud": offer.max_cloud,
        "max_incidence": offer.max_incidence,
    }
    return {name: value for name, value in facts.items() if value is not None}
