"""Licences: which text is in force, who has signed it, and signing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import entitlements
from accounts.models import Licence, LicenceText, Organisation, Signature
from accounts.policies import check_is_member, current_affiliation
from accounts.services.licences import chain, licence_versions, receipts
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow, WayOn


@dataclass(frozen=True, slots=True)
class Circumstances:
    """From where something was signed, and whether the session had a second factor."""

    ip: str = ""
    user_agent: str = ""
    session_mfa: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands with one licence, for the list of licences.

    `until` is the last day on which a signature of a former version counts; None of the one in force.
    """

    licence: Licence
    text: LicenceText
    signature: Signature | None
    until: date | None = None

    @property
    def is_signed(self) -> bool:
        return self.signature is not None

    @property
    def is_yours_to_sign(self) -> bool:
        """Once per person, and not signed in its present version."""
        once = self.licence.scope == Licence.Scope.USER
        return once and (self.signature is None or self.until is not None)


def version_in_force(code: str) -> str:
    """The newest whole version of a licence that has taken effect; raises NotFound when there is none."""
    return licence_versions.in_force(code).name


def text_in_force(code: str, language: str) -> LicenceText:
    """The text to show now, in this language if it exists, else in another."""
    texts = list(
        LicenceText.objects.filter(licence=code, version=version_in_force(code)).order_by("pk")
    )
    return next((text for text in texts if text.language == language[:2]), texts[0])


def text_shown(code: str, shown_sha256: str) -> LicenceText:
    """The text in force whose digest was on the page, whatever its language; raises NotNow when none is."""
    texts = LicenceText.objects.filter(licence=code, version=version_in_force(code))
    text = texts.filter(sha256=shown_sha256).first()
    if text is None:
        raise _text_changed(code)
    return text


def concerning(organisation: Organisation | None) -> QuerySet[Licence]:
    """The licences of what such a body may have; all of them for somebody of none.

    The licence of a sensor has the sensor's code.
    """
    if organisation is None:
        return Licence.objects.all()
    closed = entitlements.closed_to(organisation.category, organisation.country)
    return Licence.objects.exclude(code__in=closed)


def texts_at_joining(language: str, organisation: Organisation) -> list[LicenceText]:
    """What the legal representative of a body reads and accepts, in order."""
    codes = concerning(organisation).filter(at_joining=True).values_list("code", flat=True)
    return [text_in_force(code, language) for code in codes]


def signature_of(user: Any, code: str, *, subject: str = "") -> Signature | None:
    """The signature of this person that still counts for this licence and subject, or None."""
    if not user.is_authenticated:
        return None
    signed = Signature.objects.filter(
        user=user, licence_code=code, subject=subject, capacity=Signature.Capacity.USER
    )
    counted = licence_versions.counting(Licence.objects.get(code=code))
    return signed.filter(version__in=counted).order_by("-number").first()


def counts_until(licence: Licence, signature: Signature | None) -> date | None:
    """The last day on which this signature of a former version counts; None when it has no end."""
    if signature is None:
        return None
    return licence_versions.counting(licence).get(signature.version)


def has_signed(user: Any, code: str, *, subject: str = "") -> bool:
    """True when nothing remains to be signed: an open licence, or a signature that still counts.

    `subject` is `product:<pk>` for a licence signed at each product, `order:<pk>` for one signed at
    each order, and empty otherwise.
    """
    licence = Licence.objects.get(code=code)
    return not licence.needs_signature or signature_of(user, code, subject=subject) is not None


def check_signed(user: Any, code: str, *, subject: str = "") -> None:
    """Raise NotNow, with the way to the page that signs, when the licence is not signed."""
    if has_signed(user, code, subject=subject):
        return
    licence = Licence.objects.get(code=code)
    raise NotNow(
        "licence_not_signed",
        _("The licence “%(licence)s” is not signed yet.") % {"licence": licence.name},
        ways_on=[WayOn(_("Read and sign"), sign_url(code, subject=subject))],
        licence=code,
    )


def sign_url(code: str, *, subject: str = "", then: str = "") -> str:
    """The page on which a licence is read and signed; `then` is where it leads afterwards."""
    asked = {name: value for name, value in (("subject", subject), ("next", then)) if value}
    url = reverse("licence_sign", args=[code])
    return f"{url}?{urlencode(asked)}" if asked else url


def standings(user: Any, language: str) -> list[Standing]:
    """Every licence a user may have to sign, with the text in force and this person's signature."""
    affiliation = current_affiliation(user)
    licences = concerning(affiliation and affiliation.organisation).filter(
        signer=Licence.Signer.USER
    )
    return [_standing(user, licence, language) for licence in licences]


def _standing(user: Any, licence: Licence, language: str) -> Standing:
    once = licence.scope == Licence.Scope.USER
    signature = signature_of(user, licence.code) if once else None
    text = text_in_force(licence.code, language)
    return Standing(licence, text, signature, counts_until(licence, signature))


@transaction.atomic
def sign(
    text: LicenceText,
    *,
    subject: str = "",
    shown_sha256: str,
    by: Actor,
    capacity: str,
    circumstances: Circumstances,
    position: str = "",
) -> Signature:
    """Write the evidence that `by` accepted this text; signing again what is signed returns what stands.

    `shown_sha256` is the digest of the text that was on the page; `position` says for whom the receiver
    of a product passed on acts. Raises NotNow when that is not the
    text in force, NotAllowed for a user without an active affiliation.
    """
    chain.lock()
    _check_text(text, shown_sha256)
    _check_subject(text.licence, capacity, subject)
    standing = _standing_signature(text, subject, by, capacity)
    if standing is not None:
        return standing
    columns, facts = _signer(by, capacity, text, position)
    signature = chain.append(
        columns
        | {
            "text": text,
            "licence_code": text.licence_id,
            "version": text.version,
            "language": text.language,
            "text_sha256": text.sha256,
            "subject": subject,
            "capacity": capacity,
            "session_mfa": circumstances.session_mfa,
            "signed_at": timezone.now(),
        }
        | by.columns(),
        facts | {"ip": circumstances.ip[:45], "user_agent": circumstances.user_agent[:300]},
        keep_until=timezone.localdate() + settings.RETENTION["evidence"],
    )
    receipts.promise(signature)
    return signature


def _check_text(text: LicenceText, shown_sha256: str) -> None:
    in_force = text.version == version_in_force(text.licence_id)
    if not in_force or shown_sha256 != text.sha256 or text.digest != text.sha256:
        raise _text_changed(text.licence_id)


def _text_changed(code: str) -> NotNow:
    return NotNow(
        "text_changed",
        _("The text has changed since the page was shown. Read the new version before signing."),
        ways_on=[WayOn(_("Read the text in force"), sign_url(code))],
    )


def check_all_accepted(
    accepted: Sequence[tuple[LicenceText, str]], organisation: Organisation
) -> None:
    """Raise Invalid when a text that its legal representative accepts is not among these."""
    asked = concerning(organisation).filter(at_joining=True)
    needed = set(asked.values_list("code", flat=True))
    if missing := needed - {text.licence_id for text, _shown in accepted}:
        raise Invalid(
            "text_not_accepted",
            _("Every text must be accepted, one by one."),
            missing=sorted(missing),
        )


def _check_subject(licence: Licence, capacity: str, subject: str) -> None:
    if capacity == Signature.Capacity.LEGAL_REPRESENTATIVE and subject.startswith("change:"):
        return  # a new legal representative accepts anew, for the same membership
    if capacity == Signature.Capacity.RECEIVER:
        needed = True  # whatever its scope, what is passed on is one product
    else:
        needed = licence.has_subject and capacity == Signature.Capacity.USER
    if needed != bool(subject):
        raise NotNow("subject_missing", _("This licence is signed on the page of a product."))


def _standing_signature(
    text: LicenceText, subject: str, by: Actor, capacity: str
) -> Signature | None:
    same = Signature.objects.filter(
        licence_code=text.licence_id, version=text.version, subject=subject, capacity=capacity
    )
    if capacity == Signature.Capacity.USER:
        return same.filter(user=by.user).first()
    if capacity == Signature.Capacity.RECEIVER:
        return same.filter(by_link=by.link).first()
    return same.filter(membership=by.link.membership).first()


def _signer(
    by: Actor, capacity: str, text: LicenceText, position: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Who signs, as columns of the chain and as personal facts."""
    if capacity == Signature.Capacity.USER:
        if by.user is None or text.licence.signer != Licence.Signer.USER:
            raise NotAllowed("not_the_signer", _("This licence is not signed by users."))
        affiliation = check_is_member(by.user)
        return (
            {"user": by.user, "organisation": affiliation.organisation},
            {"name": by.user.full_name, "email": by.user.email, "position": affiliation.position},
        )
    if by.link is not None and capacity == Signature.Capacity.RECEIVER:
        return {}, {"name": by.link.name, "email": by.link.email, "position": position[:150]}
    membership = by.link.membership if by.link else None
    if membership is None:
        raise NotAllowed("not_the_signer", _("Only the legal representative accepts this."))
    return (
        {"membership": membership, "organisation": membership.organisation},
        {
            "name": membership.legal_name,
            "email": membership.legal_email,
            "position": membership.legal_position,
        },
    )
