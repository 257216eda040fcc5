"""Mail about projects, sent by tasks: to the lead, the partners, the desk, each in their language."""

from django.utils import translation

from accounts.models import Affiliation
from accounts.services.notices import telling
from orders.emails import projects as mails
from orders.models import Project, ProjectEvent, ProjectPartner, ProjectReport
from orders.states.partner import PartnerState
from orders.states.project import ProjectState
from orders.states.report import ReportState


def tell(event: ProjectEvent) -> int:
    """Send what a step of a project gives to tell; return how many mails went."""
    roles, _subject = mails.TOLD[event.step]
    if event.source == ProjectState.DRAFT and event.step == "withdraw":
        roles = ("lead",)  # the desk never saw it
    addressees = [one for role in roles for one in _addressees(event, role)]
    for to, language in addressees:
        with translation.override(language):
            said = [mails.told(event, to=to, language=language)]
            telling.tell(said, key=f"project:{event.pk}", family="projects")
    return len(addressees)


def tell_partner(partner: ProjectPartner) -> None:
    """Tell the lead what a partner answered, while it is still the answer."""
    if partner.state in (PartnerState.ACCEPTED, PartnerState.DECLINED):
        with translation.override(partner.project.lead.language):
            key = f"partner:{partner.pk}:{partner.state}"
            telling.tell([mails.answered(partner)], key=key, family="projects")


def tell_report(report: ProjectReport, what: str) -> None:
    """Tell the lead that a report is asked, or the desk that it was given or is long overdue."""
    if (what == "given") != (report.state == ReportState.GIVEN):
        return
    lead = report.project.lead
    to, language = (
        (lead.email, lead.language) if what in ("asked", "reminded") else mails.desk_address()
    )
    with translation.override(language):
        said = [mails.report(report, what, to=to, language=language)]
        family = "projects" if what == "given" else "deadlines"
        telling.tell(said, key=f"report:{report.pk}:{what}", family=family)


def _addressees(event: ProjectEvent, role: str) -> list[tuple[str, str]]:
    project = event.project
    if role == "desk":
        return [mails.desk_address()]
    if role == "lead":
        return [(project.lead.email, project.lead.language)]
    if role == "referents":
        return _referents(project) or [mails.desk_address()]
    taking_part = project.partners.filter(state=PartnerState.ACCEPTED, user__isnull=False)
    return [
        (one.user.email, one.user.language)
        for one in taking_part.select_related("user")
        if one.user.is_active
    ]


def _referents(project: Project) -> list[tuple[str, str]]:
    leads = Affiliation.objects.in_force().filter(
        organisation=project.organisation_id, is_referent=True
    )
    return [
        (one.user.email, one.user.language) for one in leads.select_related("user").order_by("pk")
    ]
