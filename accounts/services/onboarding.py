"""The first steps of a person, for the home page: what is done, what comes now, whose turn it is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Affiliation, Licence
from accounts.policies import current_affiliation
from accounts.services.licences import counts_until, sign_url, signature_of
from accounts.states.affiliation import State
from dinamis.formats import day


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """One line of the checklist: `state` is done, now (the reader's turn), wait (another's) or ""."""

    label: str
    state: str
    sub: str = ""
    url: str = ""
    action: str = ""


def steps(user: Any) -> list[OnboardingStep]:
    """Return the checklist of a signed-in person: account, organisation, licences, first image."""
    affiliation = current_affiliation(user)
    attached = affiliation is not None
    signed = attached and not _unsigned(user)
    return [
        _account(user),
        _organisation(user, affiliation),
        _licences(user, attached=attached, signed=signed),
        OnboardingStep(
            _("First image"),
            "now" if signed else "",
            _("Draw an area, see every way to an image.") if signed else "",
            reverse("catalogue"),
            _("Search for images"),
        ),
    ]


def is_finished(user: Any) -> bool:
    """True when nothing stands between the person and a first image."""
    return all(step.state == "done" for step in steps(user)[:3])


def _account(user: Any) -> OnboardingStep:
    proved = EmailAddress.objects.filter(user=user, verified=True).exists()
    sub = user.email if proved else _("Open the mail that was sent to you.")
    return OnboardingStep(
        _("Account"), "done" if proved else "now", sub, reverse("account_email"), _("My addresses")
    )


def _organisation(user: Any, affiliation: Affiliation | None) -> OnboardingStep:
    label = _("Organisation")
    if affiliation:
        return OnboardingStep(label, "done", str(affiliation.organisation))
    asked = Affiliation.objects.requested().filter(user=user).select_related("organisation").first()
    url = reverse("attach")
    if asked:
        sub = _("The referent of %(name)s has your request.") % {"name": asked.organisation}
        return OnboardingStep(label, "wait", sub, url, _("See my request"))
    return OnboardingStep(
        label, "now", _("Ask to be attached to yours."), url, _("Find my organisation")
    )


def _licences(user: Any, *, attached: bool, signed: bool) -> OnboardingStep:
    label = _("Licence")
    if signed:
        return OnboardingStep(label, "done", _("Signed, once for this version."))
    if not attached:
        return OnboardingStep(label, "")
    first, until = _unsigned(user)[0]
    sub = first.name
    if until:
        sub = _("%(licence)s: the text has changed, sign it again until %(day)s.") % {
            "licence": first.name,
            "day": day(until),
        }
    return OnboardingStep(label, "now", sub, sign_url(first.code), _("Read and sign"))


def _unsigned(user: Any) -> list[tuple[Licence, date | None]]:
    """The licences signed once per person that this person has still to sign.

    Beside each the last day on which a signature of its former version counts.
    """
    once = Licence.objects.filter(signer=Licence.Signer.USER, scope=Licence.Scope.USER)
    standings = [(licence, signature_of(user, licence.code)) for licence in once]
    return [
        (licence, counts_until(licence, signature))
        for licence, signature in standings
        if signature is None or counts_until(licence, signature)
    ]


def waiting(user: Any) -> Any:
    """The person's affiliations that are not settled, for the status page."""
    settled = [State.ACTIVE, State.ENDED]
    return (
        Affiliation.objects.filter(user=user)
        .exclude(state__in=settled)
        .select_related("organisation")
    )
