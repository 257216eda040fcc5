"""A changed text asks the right people again: each once, by mail; until the grace is over nothing is blocked.

A person is asked whose signature of the former version counts, a member's legal representative where the
member accepted the licence. Every row is written before its mail, so running twice asks once.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.emails import licences as mails
from accounts.models import Affiliation, Licence, LicenceNotice, Membership, Signature, User
from accounts.services import links
from accounts.services.licences import licence_versions, licences
from accounts.services.notices.telling import tell as tell_once
from accounts.states.membership import State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.outbox import after_commit

PURPOSE = "accept_again"
# Whoever hears of a change late still has some days; later than the grace nothing is lost, only blocked.
LIVES = timedelta(days=30)


def ask_again() -> int:
    """Ask everybody who has not been asked about a version that is in force; return how many were."""
    asked = 0
    for licence in Licence.objects.filter(resign_on_new_version=True):
        versions = licence_versions.whole(licence.code, until=timezone.localdate())
        if len(versions) < 2 or not licence.needs_signature:
            continue
        facts = {
            "licence": licence,
            "version": versions[0].name,
            "until": licence_versions.last_day(licence, versions[0]),
        }
        asked += sum(_ask_person(user, facts) for user in _people(licence, versions))
        asked += sum(_ask_member(member, facts) for member in _members(licence, versions))
    return asked


def tell(notice: LicenceNotice) -> None:
    """Mail a notice to a person, once."""
    if notice.sent_at:
        return
    with translation.override(notice.language):
        message = mails.asked_again(notice, licences.sign_url(notice.licence_id))
        tell_once([message], key=f"licence_notice:{notice.pk}", family="licences")
    LicenceNotice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())


def texts_to_accept(membership: Membership, language: str) -> list[Any]:
    """The texts in force that this member's legal representative has not accepted."""
    return [
        text
        for text in licences.texts_at_joining(language, membership.organisation)
        if not membership.signatures.filter(
            licence_code=text.licence_id, version=text.version
        ).exists()
    ]


@transaction.atomic
def accept(link: Any, shown: dict[str, str], *, circumstances: licences.Circumstances) -> int:
    """The legal representative accepts the changed texts; the link is used. Return how many.

    `shown` says for each licence the digest that was on the page. Raises Gone, Invalid (text_not_accepted),
    NotNow (text_changed).
    """
    needed = {text.licence_id for text in texts_to_accept(link.membership, link.language)}
    if not needed:
        raise NotNow("nothing_to_do", _("Nothing waits for you here any more."))
    if missing := needed - set(shown):
        raise Invalid(
            "text_not_accepted",
            _("Every text must be accepted, one by one."),
            missing=sorted(missing),
        )
    texts = [licences.text_shown(code, digest) for code, digest in shown.items()]
    links.use(link, at=timezone.now())
    for text in texts:
        licences.sign(
            text,
            shown_sha256=shown[text.licence_id],
            by=Actor.through(link),
            capacity=Signature.Capacity.LEGAL_REPRESENTATIVE,
            circumstances=circumstances,
        )
    return len(texts)


def register() -> None:
    """The link by which a legal representative accepts again."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="accept_again",
            lives=LIVES,
            is_needed=lambda link: (
                link.membership.state == State.ACTIVE
                and bool(texts_to_accept(link.membership, link.language))
            ),
            mail=mails.to_accept_again,
        )
    )


def _people(licence: Licence, versions: list[licence_versions.Version]) -> Any:
    """Those in force who signed a former version, not the present one, and were not asked."""
    if licence.signer != Licence.Signer.USER:
        return User.objects.none()
    signed = Signature.objects.filter(licence_code=licence.code, user__isnull=False).order_by()
    again = signed.filter(version=versions[0].name).values("user")
    asked = LicenceNotice.objects.filter(
        licence=licence, version=versions[0].name, user__isnull=False
    )
    return (
        User.objects.filter(
            pk__in=signed.filter(version__in=[one.name for one in versions[1:]]).values("user")
        )
        .filter(pk__in=Affiliation.objects.in_force().values("user"), is_active=True)
        .exclude(pk__in=again)
        .exclude(pk__in=asked.values("user"))
    )


def _members(licence: Licence, versions: list[licence_versions.Version]) -> Any:
    if not licence.at_joining:
        return Membership.objects.none()
    asked = LicenceNotice.objects.filter(
        licence=licence, version=versions[0].name, membership__isnull=False
    )
    accepted = Signature.objects.filter(licence_code=licence.code, membership__isnull=False)
    latest = accepted.order_by().values("membership").annotate(last=Max("number"))
    again = accepted.filter(version=versions[0].name).values("membership")
    return (
        Membership.objects.filter(state=State.ACTIVE, pk__in=latest.values("membership"))
        .exclude(pk__in=again)
        .exclude(pk__in=asked.values("membership"))
    )


@transaction.atomic
def _ask_person(user: User, facts: dict[str, Any]) -> bool:
    notice, new = LicenceNotice.objects.get_or_create(
        licence=facts["licence"],
        version=facts["version"],
        user=user,
        defaults={"until": facts["until"], "language": user.language},
    )
    if new:
        after_commit("accounts.tasks.tell_licence", notice.pk)
    return new


@transaction.atomic
def _ask_member(member: Membership, facts: dict[str, Any]) -> bool:
    _notice, new = LicenceNotice.objects.get_or_create(
        licence=facts["licence"],
        version=facts["version"],
        membership=member,
        defaults={"until": facts["until"], "language": member.language},
    )
    if new:
        person = links.Person(member.legal_name, member.legal_email, member.language)
        links.promise(PURPOSE, to=person, membership=member)
    return new
