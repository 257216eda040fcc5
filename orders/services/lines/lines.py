"""What becomes of a line, as verbs: each locks it, takes one step of its tables, and returns it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.licences.licences import check_signed
from catalogue.models import Product
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotFound, NotNow
from dinamis.outbox import after_commit
from orders.models import Line, Offer, Quote
from orders.policies.lines import check_may_take, needs_referent
from orders.pricing.words import Kind
from orders.services.asking import ceilings, quotes, reuse
from orders.services.desk import approving
from orders.services.lines.history import locked, note
from orders.services.lines.merging import hold_organisation_of
from orders.services.lines.steps import take
from orders.services.projects import project_use
from orders.services.purse import payments, waiting
from orders.services.tasking import acquisitions, cancelling
from orders.states import APPROVAL, Approval


@transaction.atomic
def submit(line: Line, *, by: Actor) -> Line:
    """Send a draft: the licence signed, the quote still valid, the quantity held, the desk (or referent) told.

    Raises NotAllowed (rights), NotNow (licence_not_signed, quote_expired, others_wait, quota_too_small
    with available and required). On a refusal nothing is held and the draft stays.
    """
    hold_organisation_of(line.order_id)
    line = locked(line)
    step = "submit_to_referent" if needs_referent(line) else "submit"
    check_ready(line)
    waiting.check_turn(line)
    take(line, "approval", step, by=by, changed=waiting.left(line))
    if line.kind == Kind.TASKING and line.order.joins_requests:
        after_commit("orders.tasks.find_joint", line.pk)
    if line.approval == Approval.SUBMITTED:
        approving.arrive(line)
    return line


@transaction.atomic
def wait(line: Line, *, by: Actor) -> Line:
    """Put a draft on the waiting list of its purse, at the end or in the place it had before.

    Nothing is held. Raises what `submit` raises but for the quota, and NotNow (no_quota_open,
    nothing_to_wait_for).
    """
    hold_organisation_of(line.order_id)
    line = locked(line)
    check_ready(line)
    line.waits_on = waiting.purse_of(line).first
    line.queued_at = line.queued_at or timezone.now()
    due_at, places = line.quote.expires_at, ("waits_on", "queued_at")
    take(line, "approval", "wait", by=by, due_at=due_at, changed=places, units=line.quote.units)
    # Quota that came back a moment ago told nobody of this line.
    after_commit("orders.tasks.serve", line.waits_on_id)
    if line.kind == Kind.TASKING and line.order.joins_requests:
        after_commit("orders.tasks.find_joint", line.pk)
    return line


def submit_or_wait(line: Line, *, by: Actor) -> Line:
    """Send a draft; where the quota cannot hold it now, put it on the waiting list."""
    try:
        return submit(line, by=by)
    except NotNow as refused:
        if refused.code not in waiting.WORTH_WAITING:
            raise
    return wait(line, by=by)


@transaction.atomic
def stay(line: Line, *, by: Actor) -> Line:
    """Price a line on a waiting list under the rules of today; it keeps its place."""
    line = locked(line)
    check_may_take(by, "stay", APPROVAL.steps["stay"], line)
    APPROVAL.check("stay", line.approval)
    quote = quotes.renew(line, by=by)
    take(line, "approval", "stay", by=by, due_at=quote.expires_at, quote=quote)
    quotes.apply(line, quote)
    after_commit("orders.tasks.serve", line.waits_on_id)
    return line


@transaction.atomic
def leave_list(line: Line, *, by: Actor) -> Line:
    """Give the place in the waiting list up; the line is a draft again."""
    line = locked(line)
    due_at = max(line.quote.expires_at, timezone.now())
    take(line, "approval", "leave_list", by=by, due_at=due_at, changed=waiting.left(line))
    return line


@transaction.atomic
def quote_again(line: Line, *, by: Actor) -> Line:
    """Price a lapsed line under the rules of today; it is a draft again."""
    line = locked(line)
    line.quote = quotes.renew(line, by=by)
    take(line, "approval", "quote_again", by=by, changed=("quote",), quote=line.quote)
    return line


@transaction.atomic
def approve(line: Line, *, by: Actor) -> Line:
    """The referent agrees; the desk has it."""
    line = locked(line)
    take(line, "approval", "approve", by=by)
    approving.arrive(line)
    return line


@transaction.atomic
def accept(line: Line, *, by: Actor) -> Line:
    """The desk agrees: the line is ready to be placed. Refused while its quote is provisional."""
    line = locked(line)
    take(line, "approval", "accept", by=by)
    take(line, "supply", "prepare", by=Actor.system("orders"))
    return line


@transaction.atomic
def ask_to_complete(line: Line, *, by: Actor, reason: str) -> Line:
    """The desk asks the requester something; what is held stays held."""
    line = locked(line)
    take(line, "approval", "ask_to_complete", by=by, reason=reason)
    return line


@transaction.atomic
def complete(line: Line, *, by: Actor, reason: str) -> Line:
    """The requester answers the desk."""
    line = locked(line)
    take(line, "approval", "complete", by=by, reason=reason)
    approving.arrive(line)
    return line


@transaction.atomic
def confirm(line: Line, *, by: Actor) -> Line:
    """The requester agrees to the new quote of a completed image: the difference is held too."""
    line = locked(line)
    quote = line.proposed_quote
    take(line, "approval", "confirm", by=by, booking={"quote": quote}, quote=quote)
    quotes.apply(line, quote)
    approving.arrive(line)
    return line


@transaction.atomic
def offer_part(line: Line, *, quote: Quote, by: Actor, reason: str) -> Line:
    """The desk offers less than was asked, priced by `quotes.less`; what is held stays held."""
    line = locked(line)
    line.proposed_quote = quote
    due_at = quote.expires_at
    changed = ("proposed_quote",)
    words = {"reason": reason, "quote": quote, "units": quote.units, "unit": quote.unit}
    take(line, "approval", "offer_part", by=by, due_at=due_at, changed=changed, **words)
    return line


@transaction.atomic
def take_part(line: Line, *, by: Actor) -> Line:
    """The requester agrees to the part: accepted, and what is not needed goes back to the quota."""
    line = locked(line)
    quote = line.proposed_quote
    take(line, "approval", "take_part", by=by, booking={"quote": quote}, quote=quote)
    quotes.apply(line, quote)
    take(line, "supply", "prepare", by=Actor.system("orders"))
    return line


@transaction.atomic
def leave_part(line: Line, *, by: Actor, reason: str) -> Line:
    """The requester does not agree, or never answered: the desk decides again on the whole."""
    line = locked(line)
    line.proposed_quote = None
    take(line, "approval", "leave_part", by=by, reason=reason, changed=("proposed_quote",))
    return line


@transaction.atomic
def refuse(line: Line, *, by: Actor, reason: str) -> Line:
    """The desk or the referent says no, and why; everything held goes back."""
    line = locked(line)
    take(line, "approval", "refuse", by=by, reason=reason)
    return line


@transaction.atomic
def withdraw(line: Line, *, by: Actor, reason: str = "") -> Line:
    """The requester gives up while the supplier has nothing yet; everything held goes back."""
    line = locked(line)
    take(line, "approval", "withdraw", by=by, reason=reason, changed=waiting.left(line))
    _stop(line)
    return line


@transaction.atomic
def convert(line: Line, *, by: Actor, product: Product | int | str | None = None) -> Line:
    """Take an existing product instead of waiting: the hold goes back, the product is the line's.

    `product` is one of those offered, or its key; without it the one that covers most, the newest image
    first. Raises NotNow when none was offered, or it is gone.
    """
    line = locked(line)
    offers = Offer.objects.filter(line=line, product__state=Product.State.PUBLISHED)
    if product:
        key = str(getattr(product, "pk", product))
        offers = offers.filter(product=key) if key.isdecimal() else offers.none()
    chosen = offers.order_by("-overlap_km2", "-product__scene__datetime", "pk").first()
    line.product = chosen.product if chosen else None
    changed = ("product", *waiting.left(line))
    take(line, "approval", "convert", by=by, changed=changed, product=line.product)
    if chosen is None:
        raise NotNow("nothing_offered", _("No existing image is offered for this line."))
    chosen.taken_at = timezone.now()
    chosen.save(update_fields=["taken_at"])
    reuse.converted(line, product=chosen.product, overlap_km2=chosen.overlap_km2)
    _stop(line)
    return line


@transaction.atomic
def lapse(line: Line, *, by: Actor) -> Line:
    """Its quote or its window ended before anybody decided; everything held goes back."""
    line = locked(line)
    take(line, "approval", "lapse", by=by, changed=waiting.left(line))
    return line


@transaction.atomic
def place(line: Line, *, by: Actor, supplier_reference: str) -> Line:
    """The desk has placed the line with the supplier, who calls it `supplier_reference`."""
    line = locked(line)
    if not supplier_reference.strip():
        raise Invalid("supplier_reference_missing", _("Type the supplier's reference."))
    line.supplier_reference = supplier_reference.strip()
    take(
        line,
        "supply",
        "place",
        by=by,
        changed=("supplier_reference",),
        supplier_reference=line.supplier_reference,
    )
    return line


@transaction.atomic
def start_production(line: Line, *, by: Actor) -> Line:
    line = locked(line)
    take(line, "supply", "start_production", by=by)
    return line


@transaction.atomic
def start_attempts(line: Line, *, by: Actor) -> Line:
    line = locked(line)
    take(line, "supply", "start_attempts", by=by)
    return line


@transaction.atomic
def fail(line: Line, *, by: Actor, reason: str) -> Line:
    """The supplier cannot; what attempts have not counted goes back."""
    line = locked(line)
    take(line, "supply", "fail", by=by, reason=reason)
    return line


@transaction.atomic
def close(line: Line, *, by: Actor) -> Line:
    """The window is over without an image; unused attempts go back."""
    line = locked(line)
    take(line, "supply", "close", by=by)
    return line


@transaction.atomic
def deliver(line: Line, *, product: Product, delivered_overlap_km2: Decimal, by: Actor) -> Line:
    """The product is here: count max(minimum, min(held, delivered ∩ asked)), give the rest back, tell.

    `delivered_overlap_km2` is the area of the product inside the area asked.
    """
    line = locked(line)
    line.product = product
    acquisitions.delivered(line)
    take(
        line,
        "supply",
        "deliver",
        by=by,
        changed=("product",),
        booking={"delivered_km2": delivered_overlap_km2},
        product=product,
        delivered_km2=delivered_overlap_km2,
    )
    return line


# The steps that a person may ask for by name, on a page or by the API, and what they take with them.
VERBS: dict[str, tuple[Callable[..., Line], tuple[str, ...]]] = {
    "submit": (submit, ()),
    "submit_to_referent": (submit, ()),
    "wait": (wait, ()),
    "stay": (stay, ()),
    "leave_list": (leave_list, ()),
    "quote_again": (quote_again, ()),
    "approve": (approve, ()),
    "accept": (accept, ()),
    "ask_to_complete": (ask_to_complete, ("reason",)),
    "complete": (complete, ("reason",)),
    "confirm": (confirm, ()),
    "take_part": (take_part, ()),
    "leave_part": (leave_part, ("reason",)),
    "refuse": (refuse, ("reason",)),
    "withdraw": (withdraw, ("reason",)),
    "convert": (convert, ("product",)),
    "record_order": (payments.record_order, ("order_number", "payer")),
    "record_invoice": (payments.record_invoice, ("invoice_reference",)),
    "record_payment": (payments.record_payment, ("paid_on",)),
    "record_refund": (payments.record_refund, ("reason",)),
    "place": (place, ("supplier_reference",)),
    "start_production": (start_production, ()),
    "start_attempts": (start_attempts, ()),
    "fail": (fail, ("reason",)),
    "close": (close, ()),
    "cancel": (cancelling.cancel, ("reason",)),
}
# Everything that some step takes with it.
FACTS = sorted({name for _verb, wanted in VERBS.values() for name in wanted})


@again
def take_step(line: Line, name: str, *, by: Actor, **facts: Any) -> Line:
    """Take a step by its name, as a button or a program asks; unknown names raise NotFound."""
    if name not in VERBS:
        raise NotFound("step_unknown", _("There is no step called “%(step)s”.") % {"step": name})
    verb, wanted = VERBS[name]
    return verb(line, by=by, **{key: facts.get(key) or "" for key in wanted})


@transaction.atomic
def offer(line: Line, *, product: Product, overlap_km2: Decimal, by: Actor) -> Offer | None:
    """Offer an existing product to a line that still waits; once, and None when it waits no more."""
    line = locked(line)
    if not Line.objects.waiting().filter(pk=line.pk).exists():
        return None
    made, new = Offer.objects.get_or_create(
        line=line,
        product=product,
        defaults={"overlap_km2": overlap_km2, "made_at": timezone.now()},
    )
    if new:
        note(line, "offer", by=by, product=product, overlap_km2=overlap_km2)
    return made


def check_ready(line: Line) -> None:
    """What must be so whenever a line is sent: licence, quote, ceilings. Raises NotNow."""
    asked = line.quote.licence
    if asked is not None and asked.before_order:
        check_signed(line.order.requester, asked.code)
    if line.quote.has_expired(timezone.now()):
        raise NotNow(
            "quote_expired",
            _("The quote %(quote)s has expired; ask for a new one, nothing was held.")
            % {"quote": line.quote},
            quote=str(line.quote),
        )
    project_use.check_runs(line.order.project)
    ceilings.check(line)


def _stop(line: Line) -> None:
    take(line, "supply", "stop", by=Actor.system("orders"))
