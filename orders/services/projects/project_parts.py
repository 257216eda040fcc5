"""The places and the partners of a project."""

from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MailedLink, Organisation
from accounts.policies import check_may_take
from accounts.services import links
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from dinamis.geo import CheckedArea
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.emails import projects as mails
from orders.models import Project, ProjectArea, ProjectPartner
from orders.policies.projects import check_may_write, roles_in_partnership
from orders.services.projects.project_steps import locked, note
from orders.states.partner import PARTNERSHIP, PartnerState
from orders.states.project import ProjectState

PURPOSE = "project_partner"
LIVES = timedelta(days=30)
MOST_AREAS = 20
MOST_PARTNERS = 30
# A project that is over takes no partner any more.
OVER = frozenset({ProjectState.DISMISSED, ProjectState.WITHDRAWN, ProjectState.CLOSED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a lead names: a person of a member, or of a body named in words."""

    name: str
    email: str
    role: str
    language: str
    organisation: Organisation | None = None
    body: str = ""


@transaction.atomic
def add_area(project: Project, checked: CheckedArea, *, name: str, by: Actor) -> ProjectArea:
    """Add a place that kept every rule of `dinamis.geo.check_area`. Raises NotNow past twenty."""
    project = locked(project)
    check_may_write(by, project)
    if project.areas.count() >= MOST_AREAS:
        raise NotNow(
            "too_many_areas", _("A project names at most %(most)s areas.") % {"most": MOST_AREAS}
        )
    area = ProjectArea.objects.create(
        project=project,
        name=" ".join(name.split())[:120],
        geometry=geo.to_geos(checked.geometry, multi=True),
        area_km2=checked.area_km2,
    )
    note(project, "add_area", by=by, km2=area.area_km2)
    return area


@transaction.atomic
def remove_area(project: Project, pk: int, *, by: Actor) -> None:
    project = locked(project)
    check_may_write(by, project)
    if not project.areas.filter(pk=pk).delete()[0]:
        raise NotFound("area_unknown", _("The project has no such area."))
    note(project, "remove_area", by=by)


@transaction.atomic
def invite(project: Project, asked: Asked, *, by: Actor) -> ProjectPartner:
    """Name a partner, who receives a mailed link to answer. By the lead, until the project is over.

    Raises Invalid (partner_is_the_lead, partner_without_a_body), NotNow (partner_known, too many).
    """
    project = _ours(project, by)
    email = asked.email.strip().lower()
    if project.lead.emailaddress_set.filter(email__iexact=email).exists():
        raise Invalid("partner_is_the_lead", _("The lead is not a partner."), field="email")
    if asked.organisation is None and not asked.body.strip():
        raise Invalid(
            "partner_without_a_body", _("Say where this person works."), field="organisation"
        )
    if project.partners.filter(email=email).exists():
        raise NotNow("partner_known", _("This person is named already."))
    if project.partners.count() >= MOST_PARTNERS:
        raise NotNow(
            "too_many_partners",
            _("A project names at most %(most)s partners.") % {"most": MOST_PARTNERS},
        )
    now = timezone.now()
    partner = ProjectPartner.objects.create(
        project=project,
        organisation=asked.organisation,
        body="" if asked.organisation else asked.body.strip()[:200],
        name=asked.name.strip()[:150],
        email=email,
        role=asked.role,
        language=asked.language,
        state_since=now,
        due_at=now + LIVES,
    )
    _promise(partner)
    note(project, "invite_partner", by=by, partner=partner.pk)
    return partner


@transaction.atomic
def invite_again(partner: ProjectPartner, *, by: Actor) -> ProjectPartner:
    """Send the link anew. Raises NotNow after five in a day."""
    project = _ours(partner.project, by)
    partner = _locked(partner)
    day_ago = timezone.now() - timedelta(days=1)
    sent = MailedLink.objects.filter(purpose=PURPOSE, subject_key=str(partner.pk))
    if sent.filter(made_at__gt=day_ago).count() >= links.LINKS_A_DAY:
        raise NotNow("too_many_links", _("Several links were sent today: open the latest mail."))
    _step(partner, "invite_again", by=by)
    _promise(partner)
    note(project, "invite_partner", by=by, partner=partner.pk)
    return partner


@transaction.atomic
def remove(partner: ProjectPartner, *, by: Actor) -> ProjectPartner:
    """Take a partner out; their link works no longer."""
    project = _ours(partner.project, by)
    partner = _locked(partner)
    _step(partner, "remove", by=by)
    links.stop(PURPOSE, subject_key=str(partner.pk))
    note(project, "remove_partner", by=by, partner=partner.pk)
    return partner


@transaction.atomic
def answer(partner: ProjectPartner, name: str, *, by: Actor) -> ProjectPartner:
    """Take part, or not: by the mailed link, or signed in with the address that was invited.

    An account with that address proved becomes the partner's. Raises NotFound (no such answer),
    NotAllowed (somebody else), NotNow (answered, removed, over), Gone (the link).
    """
    if name not in ("accept", "decline"):
        raise NotFound("no_such_answer", _("This is not one of the answers."))
    project = locked(partner.project)
    partner = _locked(partner)
    check_may_take(by, PARTNERSHIP.steps[name], roles_in_partnership(by, partner))
    claims = name == "accept" and partner.state == PartnerState.ACCEPTED and partner.user is None
    if by.link is not None:
        links.use(by.link, at=timezone.now())
    if name == "accept":
        partner.user = by.user or _account_of(partner)
    if claims and by.user is not None:
        partner.save(update_fields=["user"])
    else:
        _step(partner, name, by=by, changed=("user",))
        links.stop(PURPOSE, subject_key=str(partner.pk))
        after_commit("orders.tasks.tell_partner", partner.pk)
    note(project, f"partner_{name}", by=by, partner=partner.pk)
    return partner


def of_link(link: MailedLink) -> ProjectPartner:
    """The partner whom a link asks; raises NotFound when the row is gone."""
    rows = ProjectPartner.objects.select_related("project__organisation", "project__lead")
    found = rows.filter(pk=int(link.subject_key)).first()
    if found is None:
        raise NotFound("partner_unknown", _("This invitation does not exist any more."))
    return found


def register() -> None:
    """Called once, when the app is ready."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="project_partner",
            lives=LIVES,
            is_needed=_is_needed,
            mail=lambda link, path: mails.invited(link, of_link(link), path),
            nothing_left=gettext_lazy("You have answered, or the project is over."),
            lock=lambda link: _locked(of_link(link)),
        )
    )


def _is_needed(link: MailedLink) -> bool:
    waiting = ProjectPartner.objects.filter(pk=int(link.subject_key), state=PartnerState.INVITED)
    return waiting.exclude(project__state__in=OVER).exists()


def _ours(project: Project, by: Actor) -> Project:
    """The locked project, for its lead, while it is not over."""
    project = locked(project)
    if by.user is None or by.user.pk != project.lead_id:
        raise NotAllowed("lead_only", _("This is for the lead of the project."))
    if project.state in OVER:
        raise NotNow("project_over", _("The project is over."))
    return project


def _locked(partner: ProjectPartner) -> ProjectPartner:
    rows = ProjectPartner.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("project__organisation", "project__lead").get(pk=partner.pk)


def _step(partner: ProjectPartner, name: str, *, by: Actor, changed: tuple[str, ...] = ()) -> None:
    row = PARTNERSHIP.check(name, partner.state)
    check_may_take(by, row, roles_in_partnership(by, partner))
    now = timezone.now()
    due_at = now + LIVES if row.target == PartnerState.INVITED else None
    advance(partner, PARTNERSHIP, name, at=now, due_at=due_at)
    partner.save(update_fields=["state", "state_since", "due_at", *changed])


def _account_of(partner: ProjectPartner) -> object:
    """The account with the address that the link has just proved, if there is one."""
    proved = EmailAddress.objects.filter(email__iexact=partner.email, verified=True)
    found = proved.select_related("user").first()
    return found.user if found and found.user.is_active else None


def _promise(partner: ProjectPartner) -> None:
    links.promise(
        PURPOSE,
        to=links.Person(partner.name, partner.email, partner.language),
        subject_key=str(partner.pk),
        until=partner.due_at,
    )
