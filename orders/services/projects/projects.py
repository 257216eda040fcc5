"""A project as its lead writes it: begun, changed, submitted, withdrawn, handed over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Affiliation, User
from accounts.policies import is_desk, is_referent_of
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.models import Project, ProjectWish, Track
from orders.policies.projects import check_may_write
from orders.services.lines.merging import acting_organisation
from orders.services.lines.references import next_reference
from orders.services.projects import project_reviews
from orders.services.projects.project_steps import locked, note, step
from orders.states.project import PATIENCE, PROJECT, ProjectState

WORDS = ("abstract", "objectives", "method", "expected")
MOST_WORDS = 4000
MOST_WISHES = 20
MOST_DRAFTS = 20  # of one person, under way at once
MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Wished:
    """Images wished for: how many of a sensor and service, over how many km² in all."""

    sensor: Sensor
    kind: str
    images: int
    km2: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What a lead writes. Everything but the title may be empty until the project is submitted."""

    title: str
    track: str = Track.DINAMIS
    abstract: str = ""
    objectives: str = ""
    method: str = ""
    expected: str = ""
    themes: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    joins_requests: bool = True
    wishes: tuple[Wished, ...] = ()


@transaction.atomic
def begin(facts: Facts, *, by: Actor) -> Project:
    """Keep a project that is being written, for the organisation the person acts for.

    Raises NotAllowed (no active affiliation), Invalid (the words), NotNow (too many drafts).
    """
    organisation = acting_organisation(by.user)
    _check(facts)
    drafts = Project.objects.filter(lead=by.user, state=ProjectState.DRAFT)
    if drafts.count() >= MOST_DRAFTS:
        raise NotNow(
            "too_many_drafts",
            _("You have %(most)s projects being written: submit or withdraw one first.")
            % {"most": MOST_DRAFTS},
        )
    now = timezone.now()
    project = Project.objects.create(
        reference=next_reference("P"),
        organisation=organisation,
        lead=by.user,
        made_at=now,
        state_since=now,
        due_at=now + PATIENCE[ProjectState.DRAFT],
        **_columns(facts),
    )
    _set_parts(project, facts)
    note(project, "begin", by=by)
    return project


@transaction.atomic
def write(project: Project, facts: Facts, *, by: Actor) -> Project:
    """Change what was written. Raises NotAllowed (another's), NotNow (sent already), Invalid."""
    project = locked(project)
    check_may_write(by, project)
    _check(facts)
    for name, value in _columns(facts).items():
        setattr(project, name, value)
    if project.state == ProjectState.DRAFT:
        project.due_at = timezone.now() + PATIENCE[ProjectState.DRAFT]
    project.save()
    _set_parts(project, facts)
    note(project, "write", by=by)
    return project


@transaction.atomic
def submit(project: Project, *, by: Actor) -> Project:
    """Send a whole project to the desk. Raises Invalid, saying everything that is missing."""
    project = locked(project)
    lacking = missing(project)
    if lacking:
        raise Invalid(
            "project_not_complete",
            _("Still missing: %(what)s.") % {"what": ", ".join(str(one) for one in lacking)},
            missing=[str(one) for one in lacking],
        )
    project.submitted_at = timezone.now()
    project.wishes.update(offered=None)
    step(project, "submit", by=by, changed=("submitted_at",))
    return project


@transaction.atomic
def withdraw(project: Project, *, by: Actor, reason: str = "") -> Project:
    """Give the project up before it is approved."""
    project = locked(project)
    step(project, "withdraw", by=by, reason=reason)
    project_reviews.withdraw_all(project)
    return project


@transaction.atomic
def hand_over(project: Project, *, to: User, by: Actor) -> Project:
    """Give the project another lead of the same organisation.

    By the lead, a referent of the organisation or the desk. Raises NotAllowed, Invalid (new_lead_unknown).
    """
    project = locked(project)
    check_may_hand_over(project, by=by)
    if not possible_leads(project).filter(pk=to.pk).exists():
        raise Invalid(
            "new_lead_unknown",
            _("The new lead must be attached to %(name)s.") % {"name": project.organisation},
            field="lead",
        )
    project.lead = to
    project.save(update_fields=["lead"])
    note(project, "hand_over", by=by, lead=to.pk)
    return project


def may_hand_over(project: Project, user: Any) -> bool:
    """The lead, a referent of the organisation, the desk; of a project that is not over."""
    if project.state in PROJECT.final or user is None:
        return False
    return user.pk == project.lead_id or is_desk(user) or is_referent_of(user, project.organisation)


def check_may_hand_over(project: Project, *, by: Actor) -> None:
    """Raise NotAllowed for others than those who may; NotNow where the project is over."""
    if may_hand_over(project, by.user):
        return
    if project.state in PROJECT.final:
        raise NotNow("project_over", _("This project is over."))
    raise NotAllowed("lead_only", _("This is for the lead of the project."))


def possible_leads(project: Project) -> QuerySet[User]:
    """Whoever is attached to the project's organisation now, but for its lead."""
    attached = Affiliation.objects.in_force().filter(organisation=project.organisation_id)
    found = User.objects.filter(pk__in=attached.values("user")).exclude(pk=project.lead_id)
    return found.order_by("full_name", "pk")


def missing(project: Project) -> list[Any]:
    """What a project lacks before it can be submitted, in the order of its form."""
    lacking = [
        project._meta.get_field(name).verbose_name
        for name in ("title", *WORDS)
        if not getattr(project, name).strip()
    ]
    if not project.themes.exists():
        lacking.append(_("a theme"))
    if not project.starts_on or not project.ends_on:
        lacking.append(_("its dates"))
    elif project.ends_on <= timezone.localdate():
        lacking.append(_("an end in the future"))
    if not project.areas.exists():
        lacking.append(_("an area"))
    if not project.wishes.exists():
        lacking.append(_("an image wished for"))
    return lacking


def _columns(facts: Facts) -> dict[str, Any]:
    names = ("track", "starts_on", "ends_on", "joins_requests")
    words = {name: getattr(facts, name).strip() for name in ("title", *WORDS)}
    return {name: getattr(facts, name) for name in names} | words


def _set_parts(project: Project, facts: Facts) -> None:
    project.themes.set(facts.themes)
    project.wishes.all().delete()
    ProjectWish.objects.bulk_create(
        ProjectWish(
            project=project, sensor=one.sensor, kind=one.kind, images=one.images, km2=one.km2
        )
        for one in facts.wishes
    )


def _check(facts: Facts) -> None:
    if not facts.title.strip() or len(facts.title) > 200:
        raise Invalid(
            "title_missing", _("Give the project a title of at most 200 characters."), field="title"
        )
    for name in WORDS:
        if len(getattr(facts, name)) > MOST_WORDS:
            raise Invalid(
                "words_too_long",
                _("At most %(most)s characters.") % {"most": MOST_WORDS},
                field=name,
            )
    if len(facts.wishes) > MOST_WISHES:
        raise Invalid(
            "too_many_wishes", _("At most %(most)s lines of images.") % {"most": MOST_WISHES}
        )
    _check_dates(facts.starts_on, facts.ends_on)


def _check_dates(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is None or ends_on is None:
        return
    if ends_on <= starts_on:
        raise Invalid(
            "project_ends_too_early", _("The project ends after it begins."), field="ends_on"
        )
    if (ends_on - starts_on).days > 366 * MOST_YEARS:
        raise Invalid(
            "project_too_long",
            _("A project lasts at most %(years)s years.") % {"years": MOST_YEARS},
            field="ends_on",
        )


def facts_of(project: Project) -> Mapping[str, Any]:
    """What was written, as the form shows it again."""
    names = ("title", "track", *WORDS, "starts_on", "ends_on", "joins_requests")
    return {name: getattr(project, name) for name in names} | {
        "themes": list(project.themes.values_list("pk", flat=True))
    }


def wished(rows: Iterable[Mapping[str, Any]]) -> tuple[Wished, ...]:
    """Rows of a form as wishes; a row without a number of images is none."""
    return tuple(
        Wished(row["sensor"], row["kind"], row["images"], row["km2"])
        for row in rows
        if row.get("images")
    )
