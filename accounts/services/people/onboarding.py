"""What a person needs before a first image: what is done, what comes now, whose turn it is.

The steps towards the image itself follow in orders/services/lines/first_steps.py.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Affiliation, Licence
from accounts.policies import (
    current_affiliation,
    has_second_factor,
    must_have_second_factor,
)
from accounts.services.licences.licences import (
    concerning,
    counts_until,
    sign_url,
    signature_of,
)
from accounts.states.affiliation import State
from dinamis.formats import day


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """One line of the checklist.

    `state` is done, now (the reader's turn), wait (another's), offered (as one likes) or "" (later).
    """

    label: str
    state: str
    sub: str = ""
    url: str = ""
    action: str = ""

    @property
    def is_yours(self) -> bool:
        return self.state == "now"


def steps(user: Any) -> list[OnboardingStep]:
    """Return what a person's right to images needs: account, organisation, second factor, licence."""
    affiliation = current_affiliation(user)
    return [
        _account(user),
        _organisation(user, affiliation),
        _second_factor(user),
        _licences(user, affiliation),
    ]


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


def _second_factor(user: Any) -> OnboardingStep:
    """Demanded where a duty demands it, else offered."""
    label = _("Second factor")
    if has_second_factor(user):
        return OnboardingStep(label, "done", _("Set up."))
    url, action = reverse("mfa_index"), _("Set up a second factor")
    if must_have_second_factor(user):
        return OnboardingStep(label, "now", _("Your duty demands it."), url, action)
    sub = _("Optional: a stolen password is then not enough.")
    return OnboardingStep(label, "offered", sub, url, action)


def _licences(user: Any, affiliation: Affiliation | None) -> OnboardingStep:
    label = _("Licence")
    if affiliation is None:
        return OnboardingStep(label, "")
    once = concerning(affiliation.organisation).filter(
        signer=Licence.Signer.USER, scope=Licence.Scope.USER
    )
    if not once:
        return OnboardingStep(label, "done", _("Signed at each image."))
    unsigned = _unsigned(user, once)
    if not unsigned:
        return OnboardingStep(label, "done", _("Signed, once for this version."))
    first, until = unsigned[0]
    sub = first.name
    if until:
        sub = _("%(licence)s: the text has changed, sign it again until %(day)s.") % {
            "licence": first.name,
            "day": day(until),
        }
    return OnboardingStep(label, "now", sub, sign_url(first.code), _("Read and sign"))


def _unsigned(user: Any, once: QuerySet[Licence]) -> list[tuple[Licence, date | None]]:
    """The licences signed once per person that this person has still to sign.

    Beside each the last day on which a signature of its former version counts.
    """
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
