"""The mails that time sends: a last day comes near, a request or a review waits, an account sleeps."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails.message import Message
from accounts.models import Affiliation, Change, Review
from dinamis.formats import ago, day


def end_near(affiliation: Affiliation, reader: Any) -> Message:
    """30 and 7 days before: to the person, and to each referent, who can prolong."""
    name, when = affiliation.organisation.name, day(affiliation.ends_on)
    if reader.pk == affiliation.user_id:
        return Message(
            to=reader.email,
            language=reader.language,
            subject=_("Your affiliation with %(name)s ends on %(day)s")
            % {"name": name, "day": when},
            paragraphs=(
                _("After that day you neither download nor ask for images for %(name)s.")
                % {"name": name},
                _("If you stay, ask your referent to prolong it: one click."),
            ),
            label=_("My account"),
            path=reverse("account"),
        )
    return Message(
        to=reader.email,
        language=reader.language,
        subject=_("Your turn: %(person)s leaves %(name)s on %(day)s, unless you prolong")
        % {"person": affiliation.user.full_name, "name": name, "day": when},
        paragraphs=(affiliation.position,),
        turn=_("Your turn, until %(day)s. Without an answer the affiliation ends.") % {"day": when},
        label=_("See and prolong"),
        path=f"{reverse('organisation_people')}?flag=ending&of={affiliation.organisation_id}",
    )


def request_waits(affiliation: Affiliation, reader: Any) -> Message:
    """The one reminder to each referent."""
    return Message(
        to=reader.email,
        language=reader.language,
        subject=_("Reminder, your turn: %(person)s waits for %(name)s")
        % {"person": affiliation.user.full_name, "name": affiliation.organisation.name},
        paragraphs=(affiliation.position, affiliation.statement),
        turn=_("Your turn: accept or refuse. Without an answer the DINAMIS desk is told."),
        facts=((_("Asked"), ago(affiliation.requested_at)),),
        label=_("Accept or refuse…"),
        path=reverse("organisation"),
    )


def request_escalated(affiliation: Affiliation) -> Message:
    """To the desk, once."""
    return to_desk(
        lambda: (
            _("To decide: %(person)s waits for %(name)s, unanswered")
            % {"person": affiliation.user.full_name, "name": affiliation.organisation.name}
        ),
        lambda: (_("The referents were asked and reminded."),),
        reverse("desk_unanswered"),
    )


def change_waits(change: Change) -> Message:
    """To the desk, once."""
    return to_desk(
        lambda: _("Reminder, to decide: %(what)s") % {"what": _change(change)},
        lambda: (
            _("Asked %(ago)s; an answer is expected by %(day)s.")
            % {"ago": ago(change.asked_at), "day": day(change.due_at)},
            _("Without a decision the administrators are told."),
        ),
        reverse("desk_change", args=[change.pk]),
    )


def change_escalated(change: Change, reader: Any) -> Message:
    """To an administrator, once."""
    return Message(
        to=reader.email,
        language=reader.language,
        subject=_("To watch: the desk has not decided %(what)s") % {"what": _change(change)},
        paragraphs=(
            _("Asked %(ago)s; the desk was asked and reminded.") % {"ago": ago(change.asked_at)},
            _("Its address: %(email)s.") % {"email": settings.DESK_EMAIL},
        ),
        turn=_("The desk's turn."),
        why=_("You receive this mail because you are an administrator of DINAMIS."),
    )


def _change(change: Change) -> str:
    return _("a change of %(name)s (%(what)s)") % {
        "name": change.organisation.name,
        "what": change.get_kind_display(),
    }


def review(row: Review, what: str, count: int, reader: Any) -> Message:
    """To a referent: a review opens, or waits still."""
    subject = (
        _("Reminder, your turn: are these people still at %(name)s?")
        if what == "reminded"
        else _("Your turn: are these people still at %(name)s?")
    )
    said = ngettext("%(count)s person to confirm.", "%(count)s people to confirm.", count)
    return Message(
        to=reader.email,
        language=reader.language,
        subject=subject % {"name": row.organisation.name},
        paragraphs=(said % {"count": count}, _("One screen; those who left lose their rights.")),
        turn=_("Your turn, until %(day)s. After it the DINAMIS desk is told.")
        % {"day": day(row.due_at)},
        label=_("Open the review"),
        path=f"{reverse('organisation_review')}?of={row.organisation_id}",
    )


def review_escalated(row: Review) -> Message:
    return to_desk(
        lambda: (
            _("To watch: %(name)s has not reviewed its people") % {"name": row.organisation.name}
        ),
        lambda: (_("The referents were asked and reminded."),),
        reverse("desk_unanswered"),
    )


def sleeping(person: Any, closing: datetime) -> Message:
    """The warning before an account is closed."""
    when = day(closing)
    return Message(
        to=person.email,
        language=person.language,
        subject=_("Your turn: your DINAMIS account closes on %(day)s") % {"day": when},
        paragraphs=(_("It was not used for a long time. Signing in once keeps it."),),
        turn=_("Your turn, before %(day)s.") % {"day": when},
        label=_("Sign in"),
        path=reverse("account_login"),
    )


def closed(person: Any) -> Message:
    return Message(
        to=person.email,
        language=person.language,
        subject=_("Your DINAMIS account is closed"),
        paragraphs=(
            _("Its affiliations, keys and sessions have ended. What you signed stays on record."),
            _("To open it again, write to the DINAMIS desk: %(email)s.")
            % {"email": settings.DESK_EMAIL},
        ),
    )


def strays(rows: list[dict[str, Any]]) -> Message:
    """What the nightly check found, to the desk."""

    def lines() -> tuple[str, ...]:
        first = [f"{row['kind']} {row['key']}, {row['who']}: {row['why']}" for row in rows[:50]]
        return (*first, _("All of it: ./run manage check_rights"))

    count = len(rows)
    return to_desk(
        lambda: (
            ngettext(
                "%(count)s right stands without a membership",
                "%(count)s rights stand without a membership",
                count,
            )
            % {"count": count}
        ),
        lines,
        "",
    )


def to_desk(subject: Any, paragraphs: Any, path: str) -> Message:
    """The desk reads the site's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return Message(
            to=settings.DESK_EMAIL,
            language=settings.LANGUAGE_CODE,
            subject=subject(),
            paragraphs=paragraphs(),
            turn=_("The desk's turn."),
            label=_("Open the list") if path else "",
            path=path,
        )
