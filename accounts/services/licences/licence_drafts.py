"""New versions of licences: written by one administrator, approved by another, then in force from their day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    Licence,
    LicenceDraft,
    LicenceDraftEvent,
    LicenceText,
    Membership,
    Signature,
)
from accounts.services.licences import comparing, licence_versions
from accounts.services.licences.licence_texts import write_text
from accounts.states.licence_draft import LIFE, State
from accounts.states.membership import State as MembershipState
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import advance


@dataclass(frozen=True, slots=True)
class Wording:
    """What a writer says: the whole version, both languages, its day and why."""

    version: str
    title_fr: str
    body_fr: str
    title_en: str
    body_en: str
    markup: str
    effective_on: date
    is_placeholder: bool
    reason: str

    @property
    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Reach:
    """Who will be asked again once a version is in force: people and members' legal representatives."""

    people: int
    members: int


@transaction.atomic
def write(licence: Licence, wording: Wording, *, by: Actor) -> LicenceDraft:
    """Begin a new version; raises NotAllowed for others than administrators, NotNow for a version that exists."""
    policies.check_is_administrator(by.user)
    _check_version(licence, wording.version)
    now = timezone.now()
    draft = LicenceDraft.objects.create(
        licence=licence, **wording.columns, state_since=now, **by.columns()
    )
    _note(draft, "write", "", by=by, at=now)
    return draft


@transaction.atomic
def change(draft: LicenceDraft, wording: Wording, *, by: Actor) -> LicenceDraft:
    """Put new words in a draft. Only its writer does, so that whoever approves has written none of it."""
    draft = _locked(draft)
    _check_writer(draft, by)
    if draft.state != State.DRAFT:
        raise NotNow("not_a_draft", _("It is not a draft any more: drop it and write another."))
    if wording.version != draft.version:
        _check_version(draft.licence, wording.version)
    for name, value in wording.columns.items():
        setattr(draft, name, value)
    draft.save()
    _note(draft, "change", State.DRAFT, by=by, at=timezone.now())
    return draft


@transaction.atomic
def take(draft: LicenceDraft, name: str, *, by: Actor, reason: str = "") -> LicenceDraft:
    """Propose, approve, send back or drop a draft.

    Raises NotAllowed (not_yours_to_do, second_person_needed), NotNow (not_in_this_state, day_is_past,
    reason_missing).
    """
    draft = _locked(draft)
    row = LIFE.steps[name]
    if name in ("approve", "send_back"):
        policies.check_is_administrator(by.user)
        policies.check_is_second_person(draft, by)
    policies.check_may_take(by, row, policies.roles_in_licence_draft(by, draft))
    LIFE.check(name, draft.state)
    if name in ("propose", "approve") and draft.effective_on < timezone.localdate():
        raise NotNow("day_is_past", _("Its day is past: send it back and choose another."))
    source, now = draft.state, timezone.now()
    advance(draft, LIFE, name, at=now)
    draft.save(update_fields=["state", "state_since", "due_at"])
    _note(draft, name, source, by=by, at=now, reason=reason)
    if name == "approve":
        _write_texts(draft, by)
    return draft


def reach(licence: Licence) -> Reach:
    """Who has a signature that would have to be given again, were a new version in force."""
    if not licence.resign_on_new_version:
        return Reach(0, 0)
    members = Membership.objects.filter(state=MembershipState.ACTIVE)
    signed = members.filter(signatures__licence_code=licence.code).distinct()
    return Reach(people_of(licence).count(), signed.count() if _binds_members(licence) else 0)


def people_of(licence: Licence) -> Any:
    """The people, in force, whose last signature of this licence counts."""
    if licence.signer != Licence.Signer.USER:
        return Signature.objects.none().values("user")
    attached = Affiliation.objects.in_force().values("user")
    rows = Signature.objects.filter(
        licence_code=licence.code,
        capacity=Signature.Capacity.USER,
        version__in=licence_versions.counting(licence),
        user__in=attached,
    )
    return rows.order_by().values("user").distinct()


def difference(draft: LicenceDraft, language: str) -> list[comparing.Change]:
    """The draft beside the text in force, line by line; all added where there is none."""
    return comparing.difference(text_before(draft, language), draft.text(language))


def text_before(draft: LicenceDraft, language: str) -> LicenceText | None:
    """The text in force that the draft would replace, in one language."""
    versions = [
        one
        for one in licence_versions.whole(draft.licence_id, until=timezone.localdate())
        if one.name != draft.version
    ]
    if not versions:
        return None
    return LicenceText.objects.get(
        licence=draft.licence_id, version=versions[0].name, language=language
    )


def _binds_members(licence: Licence) -> bool:
    return licence.at_joining or licence.signer == Licence.Signer.LEGAL_REPRESENTATIVE


def _write_texts(draft: LicenceDraft, by: Actor) -> None:
    for language, _name in settings.LANGUAGES:
        text = draft.text(language)
        write_text(
            draft.licence_id,
            version=text.version,
            language=language,
            title=text.title,
            body=text.body,
            markup=text.markup,
            effective_on=text.effective_on,
            is_placeholder=text.is_placeholder,
            by=by,
        )


def _check_version(licence: Licence, version: str) -> None:
    drafted = LicenceDraft.objects.exclude(state=State.DROPPED).filter(
        licence=licence, version=version
    )
    written = LicenceText.objects.filter(licence=licence, version=version)
    if drafted.exists() or written.exists():
        raise NotNow("version_exists", _("This version exists already: give it another name."))


def _check_writer(draft: LicenceDraft, by: Actor) -> None:
    policies.check_is_administrator(by.user)
    if by.user.pk != draft.by_user_id:
        raise NotAllowed(
            "not_the_writer",
            _("Only its writer changes a draft: whoever approves it must have written none of it."),
        )


def _locked(draft: LicenceDraft) -> LicenceDraft:
    rows = LicenceDraft.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("licence").get(pk=draft.pk)


def _note(
    draft: LicenceDraft, step: str, source: str, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    LicenceDraftEvent.objects.create(
        draft=draft,
        step=step,
        source=source,
        target=draft.state,
        reason=reason,
        at=at,
        **by.columns(),
    )
