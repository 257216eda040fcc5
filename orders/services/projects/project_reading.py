"""A project in one sentence for a reader: where it stands, whose turn it is, since when, until when."""

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalogue.models import Sensor
from dinamis import formats
from dinamis.actors import Actor
from orders.models import Project, ProjectEvent, ProjectReport
from orders.policies.projects import roles
from orders.pricing.explain import quantity
from orders.services.lines.reading import BAD, DONE, HOUSE, OFF, OUT, YOU, Turn
from orders.states.project import LEAD
from orders.states.report import ReportState

REPORT_DUE = (
    _("Yours: a report on the images is asked."),
    _("It is expected by %(until)s; one page at most."),
)
MINE = {
    "draft": (
        _("Yours: this project is not sent."),
        _("Finish it and submit it; it is kept until %(until)s."),
    ),
    "to_complete": (
        _("Yours: the desk asks you something."),
        _("Change the form and submit it again before %(until)s."),
    ),
    "offered": (
        _("Yours: a part is offered."),
        _("Accept it, or say why not, before %(until)s. Nothing is allotted before."),
    ),
    "submitted": (_("Yours: a project to review."), _("Since %(since)s.")),
    "reviewed": (_("Yours: a reviewed project to decide."), _("Since %(since)s.")),
    "appealed": (
        _("Yours: an appeal to decide."),
        _("Another officer than the one who refused decides."),
    ),
}
OTHERS = {
    "draft": (_("A draft, not sent yet."), ""),
    "submitted": (_("The DINAMIS desk has it since %(since)s."), ""),
    "to_complete": (_("The lead was asked something on %(since)s."), ""),
    "in_review": (
        _("The reviewers have it since %(since)s."),
        _("Their answers are expected by %(until)s; the desk decides then."),
    ),
    "reviewed": (_("Reviewed on %(since)s."), _("The DINAMIS desk decides.")),
    "offered": (_("A part was offered on %(since)s."), _("The lead answers by %(until)s.")),
    "approved": (
        _("Approved on %(since)s."),
        _("Images are ordered under it from %(from)s to %(to)s."),
    ),
    "refused": (
        pgettext_lazy("a project", "Refused on %(since)s."),
        _("The lead may appeal until %(until)s."),
    ),
    "appealed": (_("Refused; the appeal is read since %(since)s."), ""),
    "dismissed": (_("Refused; the refusal was confirmed on %(since)s."), ""),
    "withdrawn": (pgettext_lazy("a project", "Withdrawn on %(since)s."), ""),
    "closed": (_("Closed on %(since)s."), _("What was free went back to the budget.")),
}
ENDED = {"approved": DONE, "refused": BAD, "dismissed": BAD, "withdrawn": OFF, "closed": OFF}
HOLDERS = {
    "lead": (HOUSE, _("With the lead")),
    "desk": (HOUSE, _("With the DINAMIS desk")),
    "reviewer": (OUT, _("With the reviewers")),
}


def turn_of(project: Project, reader: Any) -> Turn:
    """The sentence of a project for a reader, in the active language."""
    whose = project.turn
    mine = bool(whose) and whose in roles(Actor.of(reader), project)
    text, detail = (MINE if mine else OTHERS)[project.state]
    since, until = project.state_since, project.due_at
    if (report := _report_due(project, reader)) is not None:
        whose, mine, since, until = LEAD, True, report.asked_at, report.due_at
        text, detail = REPORT_DUE
    values = {
        "since": formats.day(since),
        "until": formats.day(until) if until else "",
        "from": formats.day(project.starts_on) if project.starts_on else "",
        "to": formats.day(project.ends_on) if project.ends_on else "",
    }
    if mine:
        badge, label = YOU, _("Yours")
    elif whose:
        badge, label = HOLDERS[whose]
    else:
        badge, label = ENDED[project.state], project.get_state_display()
    return Turn(
        text=str(text) % values,
        detail=str(detail) % values if detail else "",
        whose=whose,
        since=since,
        until=until,
        badge=badge,
        label=str(label),
        is_yours=mine,
    )


def _report_due(project: Project, reader: Any) -> ProjectReport | None:
    """The first report that the reader owes as its lead; `reports` may be fetched before."""
    if reader.pk != project.lead_id or project.turn:
        return None
    asked = (one for one in project.reports.all() if one.state == ReportState.ASKED)
    return next(asked, None)


def words_of(project: Project) -> tuple[str, str] | None:
    """What was written with the step that brought it where it is: a title, and the words; or nothing."""
    last = project.events.exclude(source=F("target")).order_by("at", "pk").last()
    if last is None or not last.reason or last.step not in SAID:
        return None
    return str(SAID[last.step]), last.reason


# Over the words of a step, where the page says what the reader has to know first.
SAID = {
    "ask_to_complete": _("The desk asks:"),
    "offer": _("Why not all:"),
    "leave_offer": _("Why the offer was not accepted:"),
    "refuse": _("Why it was refused:"),
    "appeal": _("The appeal says:"),
    "grant": _("Why the appeal was granted:"),
    "dismiss": _("Why the refusal was confirmed:"),
    "close": _("Why it was closed:"),
}

TITLES = {
    "begin": _("Begun"),
    "write": _("Words changed"),
    "add_area": _("Area added"),
    "remove_area": _("Area removed"),
    "put_in_basket": _("Image put into the basket"),
    "take_out_of_basket": _("Image taken out of the basket"),
    "invite_partner": _("Partner invited"),
    "remove_partner": _("Partner removed"),
    "partner_accept": _("A partner takes part"),
    "partner_decline": _("A partner does not take part"),
    "hand_over": _("Another lead"),
    "lead_left": _("Its lead left the organisation; its referents are asked for another"),
    "lead_missing": _("Still without a lead; the desk is told"),
    "submit": _("Submitted"),
    "ask_reviews": _("Reviewers asked"),
    "name_reviewer": _("A reviewer named"),
    "allot_more": _("More is allotted"),
    "plan_year": _("A later year is planned"),
    "give_year": _("What was planned for the year is allotted"),
    "drop_year": _("A planned year is given up"),
    "note_reviews": _("No review is open any more"),
    "ask_to_complete": _("The desk asks something"),
    "approve": _("Approved in full"),
    "offer": _("A part is offered"),
    "take_offer": _("The offer is accepted"),
    "leave_offer": _("The offer is not accepted"),
    "refuse": pgettext_lazy("a project", "Refused"),
    "appeal": _("Appeal"),
    "grant": _("Appeal granted"),
    "dismiss": _("Refusal confirmed"),
    "withdraw": pgettext_lazy("a project", "Withdrawn"),
    "close": pgettext_lazy("a project", "Closed"),
    "ask_report": _("A report is asked"),
    "give_report": _("Report handed in"),
    "waive_report": _("The report is not asked any more"),
    "add_publication": _("Publication linked"),
    "remove_publication": _("Publication taken off"),
}
# What a reader who is not of the house is shown nothing of.
QUIET = {
    "write", "add_area", "remove_area", "name_reviewer", "put_in_basket", "take_out_of_basket",
}  # fmt: skip
BAD_STEPS = {"refuse", "dismiss", "withdraw", "leave_offer"}


def timeline(project: Project) -> list[dict[str, Any]]:
    """The history for components/timeline.html, oldest first."""
    shown = []
    names = {str(one.pk): one.name for one in project.partners.all()}
    sensors = {one.code: one for one in Sensor.objects.all()}
    for event in project.events.select_related("by_user", "by_link"):
        if event.step in QUIET:
            continue
        title = str(TITLES.get(event.step, event.step))
        if what := _particulars(event, names, sensors):
            title = str(_("%(title)s: %(what)s")) % {"title": title, "what": what}
        kind = "bad" if event.step in BAD_STEPS else ""
        shown.append({"title": title, "who": event.by_name, "at": event.at, "kind": kind})
    return shown


def _particulars(event: ProjectEvent, names: dict[str, str], sensors: dict[str, Sensor]) -> str:
    """Who was invited or removed; how much was offered or allotted, of which year; and why."""
    facts = event.facts
    said = [names[facts["partner"]]] if facts.get("partner") in names else []
    amounts = {facts["sensor"]: facts["units"]} if {"sensor", "units"} <= facts.keys() else facts
    for code, sensor in sensors.items():
        if code in amounts:
            said.append(f"{sensor} {quantity(Decimal(amounts[code]), sensor.unit)}")
    if "year" in facts:
        said.append(facts["year"])
    return " · ".join([*said, *([event.reason] if event.reason else [])])
