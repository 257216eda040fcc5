"""Outside opinions: asked by the desk, answered on a mailed page, reminded, given up after a time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.emails import opinions as mails
from accounts.models import Adviser, MailedLink, Membership, Opinion, OpinionEvent, OpinionRule
from accounts.services import links
from accounts.services.membership import membership_steps as steps
from accounts.states import opinion as life
from accounts.states.membership import State as MembershipState
from accounts.states.opinion import LIFE, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

PURPOSE = "opinion"
BY_CLOCK = Actor.system("opinions")


def needed(membership: Membership) -> frozenset[str]:
    """The advisers whose opinion the membership's category needs today."""
    return OpinionRule.objects.needed_of(membership.organisation.category)


def missing(membership: Membership) -> list[str]:
    """The advisers still to ask or to wait for: neither answered, nor silent past their time."""
    closed = membership.opinions.counted().exclude(state__in=[State.ASKED, State.WITHDRAWN])
    return sorted(needed(membership) - set(closed.values_list("adviser_id", flat=True)))


def check_in(membership: Membership) -> None:
    """Raise NotNow while an opinion that the category needs is open."""
    if lacking := missing(membership):
        names = ", ".join(str(name) for name in Adviser.objects.filter(code__in=lacking))
        raise NotNow(
            "opinion_missing",
            _("An opinion is still open: %(names)s.") % {"names": names},
            opinions=lacking,
        )


@transaction.atomic
def ask(membership: Membership, *, by: Actor) -> Membership:
    """The desk asks every adviser whose opinion is missing, or who did not answer in time.

    Raises NotNow when all have answered, or when an adviser has no address yet.
    """
    membership = steps.take(membership, "ask_opinions", by=by)
    membership.opinions.counted().filter(state__in=[State.SILENT, State.WITHDRAWN]).update(
        is_counted=False
    )
    advisers = list(Adviser.objects.filter(code__in=missing(membership)))
    if not advisers:
        raise NotNow("opinions_in", _("No opinion is missing."))
    for adviser in advisers:
        _ask(membership, adviser, by=by)
    return membership


def _ask(membership: Membership, adviser: Adviser, *, by: Actor) -> None:
    if not adviser.email:
        raise NotNow(
            "adviser_without_address",
            _("%(name)s has no address: an administrator sets it first.") % {"name": adviser.name},
        )
    now = timezone.now()
    opinion = Opinion.objects.create(
        membership=membership,
        adviser=adviser,
        asked_at=now,
        state_since=now,
        due_at=now + life.PATIENCE,
    )
    _note(opinion, "ask", source="", reason="", by=by)
    promise(opinion)


def promise(opinion: Opinion) -> MailedLink:
    """Promise the adviser a link that answers, until the time to answer is over."""
    adviser = opinion.adviser
    return links.promise(
        PURPOSE,
        to=links.Person(adviser.name, adviser.email, adviser.language),
        subject_key=str(opinion.pk),
        until=opinion.due_at,
    )


@transaction.atomic
def answer(opinion: Opinion, name: str, *, words: str, by: Actor) -> Opinion:
    """The adviser answers, or the desk notes an answer that came another way.

    The membership is locked before the opinion: of two advisers who answer at once, the second finds
    that no other is open and the review goes on, once.
    """
    if name not in life.ANSWERS:
        raise NotFound("no_such_answer", _("This is not one of the answers."))
    membership = steps.locked(opinion.membership)
    opinion = _take(opinion, name, words=words, by=by)
    _conclude(membership)
    return opinion


def _take(opinion: Opinion, name: str, *, words: str, by: Actor) -> Opinion:
    """One step, its membership being locked by the caller."""
    rows = Opinion.objects.select_for_update(of=("self",), no_key=True)
    opinion = rows.select_related("adviser", "membership__organisation").get(pk=opinion.pk)
    row = LIFE.check(name, opinion.state)
    policies.check_may_take(by, row, policies.roles_in_opinion(by, opinion))
    if row.needs_reason and not words.strip():
        raise Invalid("words_missing", _("Say why, in a few words."), field="words")
    now, source = timezone.now(), opinion.state
    if by.link is not None:
        links.use(by.link, at=now)
    advance(opinion, LIFE, name, at=now)
    opinion.words = words.strip()
    opinion.answered_at = now if name in life.ANSWERS else None
    opinion.save()
    _note(opinion, name, source=source, reason=opinion.words, by=by)
    return opinion


def _note(opinion: Opinion, name: str, *, source: str, reason: str, by: Actor) -> None:
    event = OpinionEvent.objects.create(
        opinion=opinion, step=name, source=source, target=opinion.state, reason=reason,
        at=timezone.now(), **by.columns(),
    )  # fmt: skip
    if name in (*life.ANSWERS, "fall_silent"):
        after_commit("accounts.tasks.tell_opinion", event.pk)


def _conclude(membership: Membership) -> None:
    """Let the review go on once no opinion is open."""
    waits = membership.state == MembershipState.AWAITING_OPINIONS
    if waits and not membership.opinions.counted().open().exists():
        steps.take(membership, "note_opinions", by=BY_CLOCK)


@transaction.atomic
def close(membership: Membership, *, anew: bool, by: Actor) -> None:
    """Nothing is asked any more; `anew` where the file changes, so that answers count no longer."""
    opinions = membership.opinions.counted()
    for opinion in opinions.filter(state__in=sorted(LIFE.steps["withdraw"].sources)):
        _take(opinion, "withdraw", words="", by=by)
    if anew:
        opinions.update(is_counted=False)


def fall_silent_overdue() -> int:
    """Give up the opinions whose time is over, so that the desk may go on; return how many."""
    late = Opinion.objects.open().filter(due_at__lt=timezone.now()).values_list("pk", flat=True)
    return sum(_fall_silent(pk) for pk in list(late))


@transaction.atomic
def _fall_silent(pk: int) -> bool:
    opinion = Opinion.objects.select_related("membership__organisation").get(pk=pk)
    membership = steps.locked(opinion.membership)
    opinion.refresh_from_db()
    if opinion.state != State.ASKED:
        return False
    _take(opinion, "fall_silent", words="", by=BY_CLOCK)
    _conclude(membership)
    return True


def of_link(link: MailedLink) -> Opinion:
    """The opinion that a link was sent for; raises NotFound."""
    rows = Opinion.objects.select_related("adviser", "membership__organisation")
    opinion = rows.filter(pk=link.subject_key or None).first()
    if link.purpose != PURPOSE or opinion is None:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))
    return opinion


def _is_needed(link: MailedLink) -> bool:
    opinion = of_link(link)
    return opinion.state == State.ASKED and opinion.due_at > timezone.now()


def _lock(link: MailedLink) -> Membership:
    return steps.locked(of_link(link).membership)


def register() -> None:
    """Called once, when the app is ready."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="join_opinion",
            lives=life.PATIENCE,
            is_needed=_is_needed,
            mail=lambda link, path: mails.asked(link, of_link(link), path),
            lock=_lock,
            renew=lambda link: promise(of_link(link)),
            follow="join_follow",
        )
    )
