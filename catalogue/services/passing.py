"""Passing a product on: asked by a member, signed by the receiver through a mailed link, revoked or ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Affiliation, LicenceAnswer, MailedLink, Merger, Signature
from accounts.policies import check_is_member, check_may_take
from accounts.services import links
from accounts.services.licences import licences
from accounts.services.notices.telling import tell as tell_once
from catalogue import policies
from catalogue.emails import passing as mails
from catalogue.models import Passing, PassingEvent, Product
from catalogue.services import downloads
from catalogue.states import LIFE, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

PURPOSE = "receive"
LIVES = timedelta(days=30)
A_DAY = 20  # by one person
# A colleague signs in and takes the files from here.
INSIDE = (LicenceAnswer.Receiver.ORGANISATION,)


@dataclass(frozen=True, slots=True)
class Handing:
    """To whom, for what, and for a contractor inside which public order, until which day."""

    receiver: str
    body: str
    name: str
    email: str
    language: str
    use: str
    order_reference: str = ""
    ends_on: date | None = None


def receivers(product: Product) -> list[LicenceAnswer]:
    """Those to whom the licence lets a product be handed once they have signed."""
    rows = product.licence.answers.filter(verdict=LicenceAnswer.Verdict.WITH_SIGNATURE)
    return list(rows.exclude(receiver__in=INSIDE))


@transaction.atomic
def hand(product: Product, handing: Handing, *, by: Actor) -> Passing:
    """Ask the receiver to sign, by a mailed link.

    Raises what `downloads.check` raises, Invalid (not_to_be_passed_on, public_order_missing,
    public_order_over), NotNow (already_passed_on, too_many_passed_on).
    """
    downloads.check(by.user, product)
    organisation = check_is_member(by.user).organisation
    _check_handing(product, handing)
    _check_number(by)
    now = timezone.now()
    facts = {name: getattr(handing, name) for name in Handing.__slots__}
    try:
        with transaction.atomic():
            passing = Passing.objects.create(
                product=product,
                organisation=organisation,
                state_since=now,
                due_at=now + LIVES,
                **facts | {"email": handing.email.lower()},
                **by.columns(),
            )
    except IntegrityError as error:
        if "passed_on_once_to_a_person" not in str(error):
            raise
        raise NotNow(
            "already_passed_on", _("This person has this product already, or was asked to sign.")
        ) from error
    _note(passing, "ask", "", by=by, at=now)
    _promise(passing)
    return passing


@transaction.atomic
def sign(link: MailedLink, shown: str, *, circumstances: licences.Circumstances) -> Passing:
    """The receiver accepts the licence for this product; the link is used and the giver is told.

    `shown` is the digest of the text that was on the page. Raises Gone, NotNow (text_changed,
    not_in_this_state).
    """
    passing, by, now = _locked(int(link.subject_key)), Actor.through(link), timezone.now()
    if not passing.product.is_published:
        raise downloads.withdrawn(passing.product)
    LIFE.check("sign", passing.state)
    links.use(link, at=now)
    passing.signature = licences.sign(
        licences.text_shown(passing.product.licence_id, shown),
        subject=passing.product.licence_subject,
        shown_sha256=shown,
        by=by,
        capacity=Signature.Capacity.RECEIVER,
        circumstances=circumstances,
        position=passing.body,
    )
    return _step(passing, "sign", by=by, at=now)


@transaction.atomic
def revoke(passing: Passing, *, reason: str, by: Actor) -> Passing:
    """Take a product back: the receiver is told to delete it. Raises NotAllowed, NotNow, Invalid."""
    passing = _locked(passing.pk)
    check_may_take(by, LIFE.steps["revoke"], policies.roles_in_passing(by, passing))
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the receiver will read it."))
    return _stop(passing, "revoke", by=by, reason=reason.strip())


def revoke_unsigned_of(affiliation: Affiliation) -> None:
    """Revoke what this person asked for in this organisation and nobody signed, in the caller's transaction."""
    asked = Passing.objects.filter(
        by_user=affiliation.user, organisation=affiliation.organisation, state=State.ASKED
    )
    for passing in asked.order_by("pk"):
        reason = _("%(name)s has left %(organisation)s.") % {
            "name": affiliation.user.full_name,
            "organisation": affiliation.organisation.name,
        }
        revoke(passing, reason=reason, by=Actor.system("catalogue"))


def follow(merger: Merger) -> None:
    """What an absorbed organisation passed on goes over to its successor, in the caller's transaction."""
    Passing.objects.filter(organisation=merger.absorbed).update(organisation=merger.successor)


def end_overdue() -> int:
    """End what was passed on inside a public order that is over; return how many."""
    rows = Passing.objects.overdue(timezone.localdate()).values_list("pk", flat=True)
    return sum(_end(pk) for pk in list(rows))


@transaction.atomic
def _end(pk: int) -> bool:
    passing = _locked(pk)
    if "end" not in LIFE.open_from(passing.state):
        return False
    _stop(passing, "end", by=Actor.system("clock"))
    return True


def of_link(link: MailedLink) -> Passing:
    """What a link is about."""
    rows = Passing.objects.select_related("product__licence", "product__scene", "organisation")
    return rows.get(pk=int(link.subject_key))


def tell(event: PassingEvent) -> None:
    """The giver hears of the signature, the receiver of the end."""
    passing = event.passing
    if event.step == "sign":
        language, write = passing.by_user.language, mails.signed
    else:
        language, write = passing.language, mails.over
    with translation.override(language):
        tell_once([write(event)], key=f"passing:{event.pk}", family="licences")


def register() -> None:
    """The link by which a receiver signs."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="receive",
            lives=LIVES,
            is_needed=lambda link: of_link(link).state == State.ASKED,
            mail=lambda link, path: mails.asked(of_link(link), link, path),
            lock=lambda link: _locked(int(link.subject_key)),
        )
    )


def _check_handing(product: Product, handing: Handing) -> None:
    if handing.receiver not in {one.receiver for one in receivers(product)}:
        raise Invalid(
            "not_to_be_passed_on", _("The licence does not let it be handed to this receiver.")
        )
    if handing.receiver != LicenceAnswer.Receiver.CONTRACTOR:
        return
    if not (handing.order_reference.strip() and handing.ends_on):
        raise Invalid(
            "public_order_missing",
            _("For a contractor, say the public order: its reference and its last day."),
        )
    if handing.ends_on < timezone.localdate():
        raise Invalid("public_order_over", _("This public order is over."))


def _check_number(by: Actor) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    asked = PassingEvent.objects.filter(by_user=by.user, step="ask", at__gt=yesterday)
    if asked.count() >= A_DAY:
        raise NotNow(
            "too_many_passed_on",
            _("You passed on %(number)s products within a day: go on tomorrow.")
            % {"number": A_DAY},
        )


def _promise(passing: Passing) -> None:
    to = links.Person(passing.name, passing.email, passing.language)
    links.promise(PURPOSE, to=to, subject_key=str(passing.pk))


def _stop(passing: Passing, name: str, *, by: Actor, reason: str = "") -> Passing:
    """The last step: a link that was not used stops with it."""
    now = timezone.now()
    links.withdraw(MailedLink(purpose=PURPOSE, subject_key=str(passing.pk)), at=now)
    return _step(passing, name, by=by, at=now, reason=reason)


def _step(passing: Passing, name: str, *, by: Actor, at: datetime, reason: str = "") -> Passing:
    source = passing.state
    advance(passing, LIFE, name, at=at)
    passing.save()
    event = _note(passing, name, source, by=by, at=at, reason=reason)
    after_commit("catalogue.tasks.tell_passing", event.pk)
    return passing


def _note(
    passing: Passing, name: str, source: str, *, by: Actor, at: datetime, reason: str = ""
) -> PassingEvent:
    return PassingEvent.objects.create(
        passing=passing,
        step=name,
        source=source,
        target=passing.state,
        reason=reason,
        at=at,
        **by.columns(),
    )


def _locked(pk: int) -> Passing:
    rows = Passing.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product__licence", "product__scene", "organisation").get(pk=pk)
