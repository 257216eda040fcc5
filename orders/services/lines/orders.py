"""Orders: quotes put together under one reference, submitted line by line in one transaction."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.ledger import services as ledger
from orders.models import Line, LineEvent, Order, Project, Quote
from orders.services.asking.quotes import WISH, line_of
from orders.services.lines import lines
from orders.services.lines.merging import acting_organisation, hold_organisation_of
from orders.services.lines.references import next_reference
from orders.services.purse.purses import carrier_of
from orders.states import Approval

MOST_LINES = 20


@again
@transaction.atomic
def place(
    quotes: Sequence[Quote],
    *,
    title: str,
    purpose: str,
    submission: str,
    by: Actor,
    wait: bool = False,
    alone: bool = False,
) -> Order:
    """Make an order of quotes and submit it; all of it or nothing.

    `submission` names the form: sent twice (a double click, two tabs), it is one order. With `wait`,
    what the quota cannot hold now waits for it; `alone` keeps it out of joint requests. Raises what
    `draft` and `lines.submit` raise; then nothing is kept.
    """
    words = {"title": title, "purpose": purpose, "submission": submission}
    order = draft(quotes, **words, by=by, alone=alone)
    return submit(order, by=by, wait=wait)


@transaction.atomic
def draft(
    quotes: Sequence[Quote],
    *,
    title: str,
    purpose: str,
    submission: str,
    by: Actor,
    alone: bool = False,
) -> Order:
    """Make an order of quotes, one line each, and submit nothing yet.

    The same `submission` returns the order it made. Raises Invalid (words missing, no quote, too
    many), NotFound (a quote of another), NotAllowed (no affiliation), NotNow (quote_used).
    """
    organisation = acting_organisation(by.user)
    title, purpose = title.strip(), purpose.strip()
    _check_words(title, purpose, submission)
    order, new = Order.objects.get_or_create(
        requester=by.user,
        submission=submission,
        defaults={
            "reference": next_reference("C"),
            "organisation": organisation,
            "title": title,
            "purpose": purpose,
            "joins_requests": not alone,
            "made_at": timezone.now(),
        },
    )
    if not new:
        return order
    made_for = _check_quotes(quotes, by=by)
    if project := _project_of(quotes):
        order.project = project
        order.save(update_fields=["project"])
    for number, quote in enumerate(quotes, start=1):
        if made_for[quote.pk] != organisation.pk:
            raise NotAllowed(
                "quote_of_another_organisation",
                _("The quote %(quote)s was made for another organisation; ask for a new one.")
                % {"quote": quote},
            )
        _add_line(order, number, quote, by=by)
    return order


@again
@transaction.atomic
def submit(order: Order, *, by: Actor, wait: bool = False) -> Order:
    """Submit every draft line of an order; when one cannot be, none is.

    With `wait`, a line that the quota cannot hold goes on its purse's waiting list instead. Submitted
    already, it is returned as it is.
    """
    hold_organisation_of(order.pk)
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)
    waiting = order.lines.filter(approval=Approval.DRAFT).select_related("quote__rule_version")
    found = list(waiting.order_by("pk"))
    _lock_purses(order, found)
    act = lines.submit_or_wait if wait else lines.submit
    for line in found:
        act(line, by=by)
    return order


def _add_line(order: Order, number: int, quote: Quote, *, by: Actor) -> Line:
    now = timezone.now()
    line = Line.objects.create(
        **{name: getattr(quote, name) for name in WISH},
        order=order,
        number=number,
        reference=f"{order.reference}-{number}",
        quote=quote,
        state_since=now,
        due_at=quote.expires_at if quote.expires_at > now else None,
    )
    LineEvent.objects.create(
        line=line,
        life=LineEvent.Life.APPROVAL,
        step="draft",
        target=Approval.DRAFT,
        facts={"quote": quote.reference},
        at=now,
        **by.columns(),
    )
    return line


def _check_words(title: str, purpose: str, submission: str) -> None:
    if not title or len(title) > 200:
        raise Invalid("title_missing", _("Give the order a title of at most 200 characters."))
    if not purpose or len(purpose) > 4000:
        raise Invalid("purpose_missing", _("Say what the images are for, in a sentence or two."))
    if not submission or len(submission) > 80:
        raise Invalid("submission_missing", _("The form has lost its key: open it again."))


def _check_quotes(quotes: Sequence[Quote], *, by: Actor) -> dict[int, int]:
    """Lock the quotes of a form and return the organisation of each, as it is now."""
    if not 1 <= len(quotes) <= MOST_LINES:
        raise Invalid(
            "lines_out_of_range",
            _("An order has between 1 and %(most)s lines.") % {"most": MOST_LINES},
        )
    if any(quote.requester_id != by.user.pk for quote in quotes):
        raise NotFound("quote_unknown", _("There is no such quote."))
    chosen = {quote.pk for quote in quotes}
    # Locked, so that two forms that use the same quote at once find out here.
    rows = Quote.objects.select_for_update(of=("self",), no_key=True)
    made_for = dict(rows.filter(pk__in=chosen).order_by("pk").values_list("pk", "organisation_id"))
    used = next(filter(None, map(line_of, quotes)), None)
    if used is not None or len(chosen) < len(quotes):
        raise NotNow(
            "quote_used",
            _("This quote is used already, by %(line)s.") % {"line": used or _("another line")},
            line=str(used or ""),
        )
    return made_for


def _project_of(quotes: Sequence[Quote]) -> Project | None:
    """The one project that all quotes of an order are priced under, or none."""
    projects = {quote.project_id: quote.project for quote in quotes}
    if len(projects) > 1:
        raise Invalid(
            "quotes_of_several_projects",
            _("An order is asked under one project: send the others apart."),
        )
    return next(iter(projects.values()))


def _lock_purses(order: Order, found: Sequence[Line]) -> None:
    """Several lines book several deeds: their purses are taken together, in order of id."""
    if len(found) < 2:
        return
    carriers = [carrier_of(line, line.quote.rule_version.rules) for line in found]
    ledger.lock(account for one in carriers if one for account in one.accounts)
