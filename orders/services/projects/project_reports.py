"""After the images: reports asked by the clock, reminded, escalated; publications; how to thank."""

import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import check_may_take
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.models import Line, Project, ProjectReport, Publication
from orders.policies.projects import roles
from orders.services.projects import project_decisions
from orders.services.projects.project_steps import locked, note
from orders.states import Supply
from orders.states.project import ProjectState
from orders.states.report import ESCALATE, FIRST_AFTER, PATIENCE, REMIND, REPORT, ReportState

BY_CLOCK = Actor.system("projects")
MOST_PUBLICATIONS = 100
MOST_WORDS = 8000
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,200}")
_BEFORE_DOI = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
Kind = ProjectReport.Kind


def ask_due(most: int) -> int:
    """Ask the reports whose time has come; return how many."""
    now = timezone.now()
    first = _without(Kind.FIRST).filter(_had_images(before=now - FIRST_AFTER))
    last = _without(Kind.FINAL).filter(_had_images(), ends_on__lt=timezone.localdate(now))
    closed = _without(Kind.FINAL).filter(_had_images(), state=ProjectState.CLOSED)
    done = 0
    for kind, rows in ((Kind.FIRST, first), (Kind.FINAL, last | closed)):
        for project in rows.order_by("pk")[:most]:
            done += _ask(project, kind)
    return done


def _without(kind: str) -> QuerySet[Project]:
    """Projects that were approved, and not asked this report yet."""
    asked = ProjectReport.objects.filter(project=OuterRef("pk"), kind=kind)
    states = [ProjectState.APPROVED, ProjectState.CLOSED]
    return Project.objects.filter(~Exists(asked), state__in=states)


def _had_images(before: datetime | None = None) -> Exists:
    delivered = Line.objects.filter(order__project=OuterRef("pk"), supply=Supply.DELIVERED)
    return Exists(delivered.filter(state_since__lte=before) if before else delivered)


@transaction.atomic
def _ask(project: Project, kind: str) -> bool:
    project = locked(project)
    now = timezone.now()
    report, new = ProjectReport.objects.get_or_create(
        project=project,
        kind=kind,
        defaults={"asked_at": now, "state_since": now, "due_at": now + PATIENCE},
    )
    if new:
        note(project, "ask_report", by=BY_CLOCK, report=report.pk)
        after_commit("orders.tasks.tell_report", report.pk, "asked")
    return new


def remind(most: int) -> int:
    """Remind the leads whose report is nearly due, once each; return how many."""
    now = timezone.now()
    soon = ProjectReport.objects.filter(
        state=ReportState.ASKED, asked_again_at=None, due_at__lt=now + REMIND
    )
    return _mark(soon.order_by("pk")[:most], "asked_again_at", "reminded")


def escalate(most: int) -> int:
    """Tell the desk of reports that are long overdue, once each; return how many."""
    now = timezone.now()
    late = ProjectReport.objects.filter(
        state=ReportState.ASKED, escalated_at=None, due_at__lt=now - ESCALATE
    )
    return _mark(late.order_by("pk")[:most], "escalated_at", "escalated")


def _mark(rows: Any, column: str, what: str) -> int:
    done = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            waiting = ProjectReport.objects.filter(pk=pk, state=ReportState.ASKED, **{column: None})
            if waiting.update(**{column: timezone.now()}):
                after_commit("orders.tasks.tell_report", pk, what)
                done += 1
    return done


def close_ended(most: int) -> int:
    """Close the projects whose last day has passed; return how many."""
    ended = Project.objects.filter(
        state=ProjectState.APPROVED, ends_on__lt=timezone.localdate()
    ).order_by("pk")
    done = 0
    for project in ended[:most]:
        with translation.override(project.lead.language):
            words = _("Its last day has passed.")
        project_decisions.close(project, reason=words, by=BY_CLOCK)
        done += 1
    return done


@transaction.atomic
def give(report: ProjectReport, text: str, *, by: Actor) -> ProjectReport:
    """The lead hands the report in. Raises NotAllowed, NotNow (given, waived), Invalid (no words)."""
    project, report = _both(report)
    row = REPORT.check("give", report.state)
    check_may_take(by, row, roles(by, project))
    text = text.strip()
    if not text or len(text) > MOST_WORDS:
        raise Invalid(
            "report_missing",
            _("Say what came of the images, in at most %(most)s characters.")
            % {"most": MOST_WORDS},
            field="text",
        )
    now = timezone.now()
    advance(report, REPORT, "give", at=now)
    report.text, report.given_at = text, now
    report.save()
    note(project, "give_report", by=by, report=report.pk)
    after_commit("orders.tasks.tell_report", report.pk, "given")
    return report


@transaction.atomic
def waive(report: ProjectReport, *, reason: str, by: Actor) -> ProjectReport:
    """The desk asks for it no more, and says why."""
    project, report = _both(report)
    row = REPORT.check("waive", report.state)
    check_may_take(by, row, roles(by, project))
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why, in a few words."), field="reason")
    advance(report, REPORT, "waive", at=timezone.now())
    report.save()
    note(project, "waive_report", by=by, reason=reason.strip()[:4000], report=report.pk)
    return report


def _both(report: ProjectReport) -> tuple[Project, ProjectReport]:
    project = locked(report.project)
    rows = ProjectReport.objects.select_for_update(of=("self",), no_key=True)
    return project, rows.get(pk=report.pk)


def bare_doi(text: str) -> str:
    """A DOI without what stands before it, in lower case; raises Invalid (doi_malformed).

    Its form alone is looked at: nobody outside is asked.
    """
    doi = _BEFORE_DOI.sub("", text.strip()).rstrip(".,;").lower()
    if not _DOI.fullmatch(doi):
        raise Invalid(
            "doi_malformed", _("A DOI looks like 10.1016/j.rse.2021.112345."), field="doi"
        )
    return doi


@transaction.atomic
def publish(project: Project, *, doi: str, title: str, year: int, by: Actor) -> Publication:
    """Link a publication to a project: by its lead or a partner. Raises NotAllowed, Invalid, NotNow."""
    project = locked(project)
    _check_takes_part(project, by)
    doi = bare_doi(doi)
    if project.publications.filter(removed_at=None).count() >= MOST_PUBLICATIONS:
        raise NotNow(
            "too_many_publications",
            _("At most %(most)s publications.") % {"most": MOST_PUBLICATIONS},
        )
    try:
        with transaction.atomic():
            publication = Publication.objects.create(
                project=project, doi=doi, title=title.strip()[:300], year=year, **by.columns()
            )
    except IntegrityError as error:
        if "publication_once_a_project" not in str(error):
            raise
        raise NotNow("publication_known", _("This DOI is linked already.")) from error
    note(project, "add_publication", by=by, doi=doi)
    return publication


@transaction.atomic
def take_back(publication: Publication, *, by: Actor) -> None:
    """Take a publication off the project, by its lead or whoever added it."""
    project = locked(publication.project)
    user = by.user
    if user is None or user.pk not in (project.lead_id, publication.by_user_id):
        raise NotAllowed("lead_only", _("This is for the lead of the project."))
    off = Publication.objects.filter(pk=publication.pk, removed_at=None)
    if not off.update(removed_at=timezone.now()):
        raise NotFound("publication_unknown", _("There is no such publication."))
    note(project, "remove_publication", by=by, doi=publication.doi)


def _check_takes_part(project: Project, by: Actor) -> None:
    theirs = Project.objects.of_person(by.user) if by.user is not None else Project.objects.none()
    if not theirs.filter(pk=project.pk).exists():
        raise NotAllowed("partners_only", _("This is for the people of the project."))
    if project.state not in (ProjectState.APPROVED, ProjectState.CLOSED):
        raise NotNow("project_not_approved", _("The project is not approved."))


def acknowledgement(project: Project, language: str) -> str:
    """The sentence to print in a publication, with the credit line of each sensor delivered."""
    products = {
        line.product_id: line.product
        for line in Line.objects.filter(order__project=project, product__isnull=False)
        .select_related("product__licence", "product__scene", "sensor")
        .order_by("pk")
    }
    sensors = Line.objects.filter(order__project=project, product__isnull=False)
    with translation.override(language):
        names = sorted({str(line.sensor) for line in sensors.select_related("sensor")})
        credit = sorted({one.credit for one in products.values() if one and one.credit})
        if not names:
            return _(
                "This work used satellite images obtained through DINAMIS (project %(reference)s)."
            ) % {"reference": project.reference}
        sentence = ngettext(
            "This work used one %(sensors)s image obtained through DINAMIS (project %(reference)s).",
            "This work used %(count)s %(sensors)s images obtained through DINAMIS (project "
            "%(reference)s).",
            len(products),
        ) % {
            "count": len(products),
            "sensors": _(" and ").join(names),
            "reference": project.reference,
        }
        return f"{sentence} {'; '.join(credit)}.".replace("..", ".") if credit else sentence
