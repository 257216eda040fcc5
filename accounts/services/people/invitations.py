"""Invitations: judged, sent, resent, withdrawn, accepted by the link that proves the address."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policies
from accounts.emails import invitations as mails
from accounts.models import Affiliation, Invitation, InvitationEvent, MailedLink, Organisation, User
from accounts.services import links
from accounts.services.people import affiliations, terms
from accounts.states.invitation import DESK, LIFE, PATIENCE, REFERENT, SYSTEM, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow, TooLarge
from dinamis.lifecycle import advance

PURPOSE = "invitation"
MOST = 200  # lines of one file
RESENDS_A_DAY = 3
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


class Verdict(models.TextChoices):
    """What is said of a line before anything is sent."""

    OK = "ok", gettext_lazy("can be invited")
    ATTACHED = "attached", gettext_lazy("already attached")
    INVITED = "invited", gettext_lazy("already invited")
    OUTSIDE = "outside", gettext_lazy("outside the organisation's domains")
    REPEATED = "repeated", gettext_lazy("twice in the list")
    MALFORMED = "malformed", gettext_lazy("not understood")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line: an address, a name, a position, a last day; `raw` is the line as it was written."""

    email: str
    full_name: str = ""
    position: str = ""
    ends_on: date | None = None
    raw: str = ""
    verdict: Verdict = Verdict.OK
    say: str = ""


def read(text: str) -> list[list[str]]:
    """The lines of a pasted or sent list: comma, semicolon or tab; a first line of titles is passed over.

    Raises TooLarge for more than 200 lines.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip(" ,;\t")]
    if not lines:
        return []
    marks = {mark: lines[0].count(mark) for mark in ";\t,"}
    mark = max(marks, key=lambda one: marks[one])
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    if "@" not in "".join(rows[0]):
        rows = rows[1:]
    if len(rows) > MOST:
        raise TooLarge(
            "too_many_lines",
            _("A list holds at most %(most)s people: send it in parts.") % {"most": MOST},
            most=MOST,
        )
    return rows


def judge(organisation: Organisation, rows: Sequence[Sequence[str]]) -> list[Asked]:
    """Each line with its verdict, in the order of the list. Nothing is sent.

    It says what the organisation knows already, never whether an address has an account elsewhere.
    """
    emails = [row[0].lower() for row in rows if row]
    attached = _attached(organisation, emails)
    pending = set(
        Invitation.objects.pending()
        .filter(organisation=organisation, email__in=emails)
        .values_list("email", flat=True)
    )
    seen: set[str] = set()
    judged = []
    for row in rows:
        asked = _parsed(row)
        judged.append(_judged(organisation, asked, attached, pending, seen))
        seen.add(asked.email)
    return judged


@transaction.atomic
def send(
    organisation: Organisation,
    people: Sequence[Asked],
    *,
    language: str,
    outside_too: bool = False,
    by: Actor,
) -> list[Invitation]:
    """Invite whom the list says; what was judged otherwise meanwhile is passed over.

    Raises NotAllowed for anybody but a referent of the organisation or the desk, Invalid for a line
    that cannot be invited when it is alone.
    """
    _check_may(by, organisation)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    good = {Verdict.OK, Verdict.OUTSIDE} if outside_too else {Verdict.OK}
    judged = judge(organisation, [_row(one) for one in people])
    if len(judged) == 1 and judged[0].verdict not in good:
        raise Invalid(f"invitation_{judged[0].verdict}", judged[0].say, field="email")
    return [_sent(organisation, one, language, by) for one in judged if one.verdict in good]


@transaction.atomic
def resend(invitation: Invitation, *, by: Actor) -> Invitation:
    """Send a new link to the same person; the old one stops.

    Raises NotNow after three in a day, or when the person was attached meanwhile.
    """
    invitation = _locked(invitation)
    _check_step(invitation, "resend", by)
    day_ago = timezone.now() - timedelta(days=1)
    sent = MailedLink.objects.filter(purpose=PURPOSE, subject_key=str(invitation.pk))
    if sent.filter(made_at__gt=day_ago).count() >= RESENDS_A_DAY:
        raise NotNow("too_many_links", _("Several links were sent today: open the latest mail."))
    if _attached(invitation.organisation, [invitation.email]):
        raise NotNow("already_attached", _("This person is attached already."))
    others = Invitation.objects.pending().filter(
        organisation=invitation.organisation, email=invitation.email
    )
    if others.exclude(pk=invitation.pk).exists():
        raise NotNow("already_invited", _("A newer invitation waits for this person."))
    _step(invitation, "resend", by)
    invitation.by_user, invitation.by_link, invitation.by_part = by.user, by.link, by.part
    invitation.save(update_fields=["by_user", "by_link", "by_part"])
    _promise(invitation)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor) -> Invitation:
    """Stop an invitation and its link at once."""
    invitation = _locked(invitation)
    _check_step(invitation, "withdraw", by)
    _step(invitation, "withdraw", by)
    links.stop(PURPOSE, subject_key=str(invitation.pk))
    return invitation


def withdraw_all(organisation: Organisation, *, by: Actor) -> None:
    """Stop every open invitation, inside the caller's transaction: the organisation is to end."""
    for invitation in Invitation.objects.pending().filter(organisation=organisation).order_by("pk"):
        withdraw(invitation, by=by)


def expire_overdue() -> int:
    """Let invitations lapse that nobody accepted in time; return how many."""
    late = Invitation.objects.pending().filter(due_at__lte=timezone.now())
    count = 0
    for pk in late.values_list("pk", flat=True):
        with transaction.atomic():
            row = Invitation.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.state == State.SENT:
                _step(row, "expire", Actor.system("clock"))
                links.stop(PURPOSE, subject_key=str(row.pk))
                count += 1
    return count


def account_at(invitation: Invitation) -> User | None:
    """The account of the invited address: the one that has proved it, else the one made with it."""
    proved = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True)
    address = proved.select_related("user").first()
    if address is not None:
        return address.user
    return User.objects.filter(email__iexact=invitation.email).first()


def needs_password(invitation: Invitation, user: User | None) -> bool:
    """True when whoever accepts chooses a password: there is no account, or nobody proved its address.

    The latter may have been opened by anybody who guessed that an invitation would come: its password
    is not that of whoever reads the mail.
    """
    person = account_at(invitation)
    if person is None:
        return user is None
    return person != user and not _has_proved(person, invitation.email)


@transaction.atomic
def accept(
    link: MailedLink,
    *,
    user: User | None = None,
    full_name: str = "",
    password: str = "",
    language: str = "fr",
) -> Affiliation:
    """Attach whoever holds the link: its account, the person signed in, or a new account.

    Following the link proves the address. An address that has an account goes to that account, whoever
    is signed in; one that nobody had proved gets the new password. Raises Gone for a link that is over,
    NotNow when the invitation is, NotAllowed when whoever invited may no longer, or invited themselves.
    """
    now = timezone.now()
    invitation = _locked(of(link))
    inviter = _inviter(invitation)
    links.use(link, at=now)
    if needs_password(invitation, user):
        person = _opened(invitation, full_name, password, language)
    else:
        person = account_at(invitation) or user
    if not person.is_active:
        raise NotAllowed("account_closed", _("This account is closed: write to the DINAMIS desk."))
    _prove(person, invitation.email)
    affiliation = affiliations.invited(
        invitation.organisation,
        user=person,
        position=invitation.position,
        ends_on=invitation.ends_on,
        by=Actor.of(inviter),
    )
    invitation.affiliation = affiliation
    advance(invitation, LIFE, "accept", at=now)
    invitation.save(update_fields=["affiliation", "state", "state_since", "due_at"])
    _note(invitation, "accept", Actor.through(link))
    return affiliation


def of(link: MailedLink) -> Invitation:
    return Invitation.objects.select_related("organisation", "by_user").get(pk=link.subject_key)


def register() -> None:
    """Make the purpose of the link known; called once, when the app is ready."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="invitation",
            lives=PATIENCE,
            is_needed=lambda link: of(link).state == State.SENT,
            mail=lambda link, path: mails.invited(of(link), path),
            lock=lambda link: _locked(of(link)),
            nothing_left=gettext_lazy("This invitation is over: ask for a new one."),
        )
    )


def _parsed(row: Sequence[str]) -> Asked:
    cells = [*row, "", "", "", ""][:4]
    raw = "; ".join(cell for cell in row)
    email = cells[0].lower()
    try:
        validate_email(email)
    except ValidationError:
        return Asked(email, raw=raw, verdict=Verdict.MALFORMED, say=_("This is no address."))
    try:
        ends_on = _day(cells[3])
        position = cells[2][:150]
        terms.check_last_day(ends_on, position=position)
    except ValueError:
        say = _("The last day is written 2028-09-30 or 30/09/2028.")
        return Asked(email, cells[1][:150], cells[2][:150], None, raw, Verdict.MALFORMED, say)
    except Invalid as refused:
        say = str(refused.sentence)
        return Asked(email, cells[1][:150], cells[2][:150], None, raw, Verdict.MALFORMED, say)
    return Asked(email, cells[1][:150], position, ends_on, raw)


def _judged(
    organisation: Organisation,
    asked: Asked,
    attached: set[str],
    pending: set[str],
    seen: set[str],
) -> Asked:
    if asked.verdict != Verdict.OK:
        return asked
    if asked.email in seen:
        verdict, say = Verdict.REPEATED, _("This address stands above already.")
    elif asked.email in attached:
        verdict, say = Verdict.ATTACHED, _("This person is attached already.")
    elif asked.email in pending:
        verdict, say = Verdict.INVITED, _("An invitation waits for this person.")
    elif not organisation.covers(asked.email):
        verdict = Verdict.OUTSIDE
        say = _("The address lies outside the organisation's domains.")
    else:
        verdict, say = Verdict.OK, ""
    facts = (asked.email, asked.full_name, asked.position, asked.ends_on, asked.raw)
    return Asked(*facts, verdict, say)


def _row(asked: Asked) -> list[str]:
    last = asked.ends_on.isoformat() if asked.ends_on else ""
    return [asked.email, asked.full_name, asked.position, last]


def _day(text: str) -> date | None:
    if not text:
        return None
    if found := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


def _attached(organisation: Organisation, emails: Sequence[str]) -> set[str]:
    """Which of these addresses belong to people who are attached already, by any proved address."""
    people = Affiliation.objects.open().filter(organisation=organisation).exclude(state="requested")
    proved = EmailAddress.objects.filter(user__in=people.values("user"), verified=True)
    return {email.lower() for email in proved.values_list("email", flat=True)} & set(emails)


def _sent(organisation: Organisation, asked: Asked, language: str, by: Actor) -> Invitation:
    now = timezone.now()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=asked.email,
        full_name=asked.full_name,
        position=asked.position or _("Staff"),
        ends_on=asked.ends_on,
        language=language[:2],
        made_at=now,
        state_since=now,
        due_at=now + PATIENCE,
        **by.columns(),
    )
    _note(invitation, "send", by)
    _promise(invitation)
    return invitation


def _promise(invitation: Invitation) -> None:
    to = links.Person(invitation.full_name, invitation.email, invitation.language)
    links.promise(PURPOSE, to=to, subject_key=str(invitation.pk), until=invitation.due_at)


def _step(invitation: Invitation, name: str, by: Actor) -> None:
    now = timezone.now()
    _note(invitation, name, by)
    due_at: datetime | None = now + PATIENCE if name == "resend" else None
    advance(invitation, LIFE, name, at=now, due_at=due_at)
    invitation.save(update_fields=["state", "state_since", "due_at"])


def _note(invitation: Invitation, step: str, by: Actor) -> None:
    InvitationEvent.objects.create(
        invitation=invitation, step=step, at=timezone.now(), **by.columns()
    )


def _check_step(invitation: Invitation, name: str, by: Actor) -> None:
    row = LIFE.check(name, invitation.state)
    policies.check_may_take(by, row, _roles(by, invitation.organisation))


def _roles(by: Actor, organisation: Organisation) -> frozenset[str]:
    if by.part:
        return frozenset({SYSTEM})
    roles = {DESK} if policies.is_desk(by.user) else set()
    if policies.is_referent_of(by.user, organisation):
        roles.add(REFERENT)
    return frozenset(roles)


def _may_invite(user: User, organisation: Organisation) -> bool:
    return bool(_roles(Actor.of(user), organisation))


def _check_may(by: Actor, organisation: Organisation) -> None:
    if by.user is None or not _may_invite(by.user, organisation):
        policies.check_is_referent_of(by.user, organisation)


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "by_user").get(pk=invitation.pk)


def _inviter(invitation: Invitation) -> User:
    """Who invited, when the invitation still waits and they still may."""
    if invitation.state != State.SENT:
        raise NotNow("invitation_over", _("This invitation is over: ask for a new one."))
    if invitation.by_user is None or not _may_invite(invitation.by_user, invitation.organisation):
        raise NotAllowed(
            "inviter_may_no_longer",
            _("Whoever invited you may no longer: ask the organisation for a new invitation."),
        )
    return invitation.by_user


def _opened(invitation: Invitation, full_name: str, password: str, language: str) -> User:
    """A new account, or the one that nobody had proved: the password is that of whoever holds the link."""
    name = full_name.strip() or invitation.full_name
    person = account_at(invitation)
    if person is None:
        return User.objects.create_user(
            invitation.email, password, full_name=name, language=language[:2]
        )
    person.full_name = name or person.full_name
    person.set_password(password or None)
    person.save(update_fields=["full_name", "password"])
    return person


def _has_proved(user: User, email: str) -> bool:
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def _prove(user: User, email: str) -> None:
    primary = not EmailAddress.objects.filter(user=user, primary=True).exists()
    address, _new = EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": primary}
    )
    if not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])
