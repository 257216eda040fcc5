"""A supplier's study or quotation, asked of the requester in their inbox; the answer is the desk's to pass on.

The row of the question says of which report it was asked, so that the same report asks once.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dinamis.actors import Actor
from orders.models import Line, Question, SupplierOrder
from orders.services.tasking import question_rows, questions
from orders.suppliers.protocol import Offer, Report

MARK = "report"  # the key of a question's facts that names the report
Kind = Question.Kind


def ask(line: Line, order: SupplierOrder, report: Report, *, by: Actor) -> str:
    """Ask what a report offers, once; return what an officer should look at, or "".

    Options make it a study, a price or words alone a quotation. Raises what `questions.ask` raises.
    """
    asked = _of_report(line, report)
    if asked is not None:
        return _to_pass_on(asked)
    leave(line, by=by)
    facts = {MARK: _mark(report), "reference": order.their_reference}
    if report.price is not None:
        facts["price_eur"] = float(report.price)
    wanted = questions.Asked(
        kind=Kind.FEASIBILITY if report.offers else Kind.QUOTATION,
        said=report.reason[:2000],
        facts=facts,
        options=[_option(one) for one in report.offers[: questions.MOST_OPTIONS]],
        due_at=report.answer_by if report.answer_by and report.answer_by > timezone.now() else None,
    )
    questions.ask(line, wanted, by=by)
    return ""


def leave(line: Line, *, by: Actor) -> None:
    """The supplier went on without an answer: its question is taken back."""
    waiting = question_rows.open_of(line)
    if waiting is not None and MARK in waiting.facts:
        with override(line.order.requester.language):
            reason = _("The supplier went on without waiting for the answer.")
        question_rows.free(line, waiting, "take_back", by=by, reason=reason)


def _of_report(line: Line, report: Report) -> Question | None:
    asked = line.questions.filter(**{f"facts__{MARK}": _mark(report)})
    return asked.order_by("-pk").first()


def _to_pass_on(question: Question) -> str:
    """Once it is answered, the officer says so at the supplier's."""
    option = question.option(question.answer)
    if question.state == "open" or option is None:
        return ""
    return _("The answer is “%(answer)s”: say so at the supplier.") % {"answer": _(option["label"])}


def _mark(report: Report) -> str:
    return report.at.isoformat()


def _option(offer: Offer) -> dict[str, object]:
    facts = {
        "label": offer.label[:300],
        "ends_on": offer.ends_on.isoformat() if offer.ends_on else None,
        "max_cloud": offer.max_cloud,
        "max_incidence": offer.max_incidence,
    }
    return {name: value for name, value in facts.items() if value is not None}
