"""Theme and use, asked once per project: before the first file leaves, and no more for a year.

A person states for what they take images for their organisation; each download is written down under the
statement that was newest then. Saying another (of another project, or of none) is one form away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.policies import check_is_member, current_affiliation
from catalogue.models import Product, StatedUse, Theme
from catalogue.rights import OPEN_LICENCE
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow, WayOn

LONGEST = 500  # characters


@dataclass(frozen=True, slots=True)
class ProjectOption:
    """A project of the room above that this person may take images for."""

    reference: str
    title: str
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a room above knows already of why this person wants this product: the form begins with it."""

    use: str
    project: str = ""
    theme: str = ""


Projects = Callable[[User, Organisation], list[ProjectOption]]
Suggests = Callable[[User, Product], Suggestion | None]
_projects: list[Projects] = []
_suggests: list[Suggests] = []


def register(projects: Projects) -> None:
    """Let a room above say which projects a person has; registering twice is once."""
    if projects not in _projects:
        _projects.append(projects)


def register_suggestion(suggests: Suggests) -> None:
    """Let a room above say what it knows of a person's use of a product; registering twice is once."""
    if suggests not in _suggests:
        _suggests.append(suggests)


def suggested(user: Any, product: Product) -> Suggestion | None:
    """The first that any room knows."""
    return next((found for asked in _suggests if (found := asked(user, product))), None)


def projects_of(user: Any) -> list[ProjectOption]:
    """The projects that the person may name now, for the organisation they act for."""
    affiliation = current_affiliation(user)
    if affiliation is None:
        return []
    return [one for asked in _projects for one in asked(user, affiliation.organisation)]


def themes() -> list[Theme]:
    return list(Theme.objects.filter(is_offered=True))


def is_asked(product: Product) -> bool:
    """What is open to everybody is taken without a word; all else says what it is for."""
    return product.licence_id != OPEN_LICENCE


def stated(user: Any, *, project: str | None = None) -> StatedUse | None:
    """The newest statement of this person for their present organisation, of one project or of any."""
    affiliation = current_affiliation(user)
    if affiliation is None:
        return None
    since = timezone.now() - timedelta(days=settings.USE_LASTS_DAYS)
    found = StatedUse.objects.filter(
        user=user, organisation=affiliation.organisation, said_at__gt=since
    )
    if project is not None:
        found = found.filter(project=project)
    return found.select_related("theme").first()


def earlier(user: Any) -> list[StatedUse]:
    """The newest statement of each project of this person, the present one left out; at most ten."""
    present, found = stated(user), {}
    if present is None:
        return []
    rows = StatedUse.objects.filter(user=user, organisation=present.organisation_id)
    for row in rows.select_related("theme")[:100]:
        found.setdefault((row.project, row.theme_id, row.use), row)
    found.pop((present.project, present.theme_id, present.use), None)
    return list(found.values())[:10]


def check(user: Any, product: Product, *, project: str | None = None) -> StatedUse | None:
    """The statement under which this person takes files of this product; None where none is asked.

    Raises NotNow (use_not_said), which says what is missing and where to say it.
    """
    if not is_asked(product):
        return None
    found = stated(user, project=project)
    if found is None:
        raise not_said(product, project=project)
    return found


def say(user: User, *, theme: str, use: str, project: str = "", by: Actor) -> StatedUse:
    """State what images are taken for. Said the same again within the day, it is the same row.

    Raises NotAllowed (for another, no member), Invalid (use_incomplete, theme_unknown, project_unknown,
    use_too_long).
    """
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person says this."))
    organisation = check_is_member(user).organisation
    use, missing = " ".join(use.split()), []
    if not theme:
        missing.append("theme")
    if not use:
        missing.append("use")
    if missing:
        raise Invalid(
            "use_incomplete",
            _("Say the theme and what the image is for."),
            field=missing[0],
            missing=missing,
            themes=[one.code for one in themes()],
        )
    if len(use) > LONGEST:
        raise Invalid(
            "use_too_long", _("Say it in at most 500 characters."), field="use", most=LONGEST
        )
    found = Theme.objects.filter(code=theme, is_offered=True).first()
    if found is None:
        raise Invalid(
            "theme_unknown",
            _("There is no such theme."),
            field="theme",
            themes=[one.code for one in themes()],
        )
    if project and project not in {one.reference for one in projects_of(user)}:
        raise Invalid("project_unknown", _("You have no such project now."), field="project")
    return _written(user, organisation, found, use, project)


@transaction.atomic
def _written(
    user: User, organisation: Organisation, theme: Theme, use: str, project: str
) -> StatedUse:
    # One person says one thing at a time: a double click is one statement.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    facts = {"theme": theme, "use": use, "project": project}
    newest = StatedUse.objects.filter(user=user, organisation=organisation).first()
    same = newest is not None and all(getattr(newest, name) == facts[name] for name in facts)
    if same and newest.said_at > timezone.now() - timedelta(days=1):
        return newest
    return StatedUse.objects.create(user=user, organisation=organisation, **facts)


def say_url(product: Product) -> str:
    """The page that asks, and then leads back to the product."""
    return reverse("product_use", args=[product.pk])


def not_said(product: Product, *, project: str | None = None) -> NotNow:
    return NotNow(
        "use_not_said",
        _("Say first what the image is for: a theme and a sentence, once per project."),
        ways_on=[WayOn(_("Say it"), say_url(product))],
        missing=["theme", "use"],
        themes=[one.code for one in themes()],
        product=product.pk,
        say_at=f"{settings.SITE_URL}{say_url(product)}",
        **({"project": project} if project else {}),
    )
