"""What each step of a line is called where its history is read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dinamis import formats
from orders.models import LineEvent
from orders.states import LINE_LIVES

TITLES: dict[tuple[str, str], Any] = {
    ("approval", "draft"): _("Quote accepted"),
    ("approval", "submit"): _("Sent to the DINAMIS desk"),
    ("approval", "submit_to_referent"): _("Sent to the referent"),
    ("approval", "wait"): _("On the waiting list of the quota"),
    ("approval", "stay"): _("Place in the waiting list kept, quoted again"),
    ("approval", "leave_list"): _("Waiting list left"),
    ("approval", "serve"): _("Quota came back: sent to the DINAMIS desk"),
    ("approval", "serve_to_referent"): _("Quota came back: sent to the referent"),
    ("approval", "set_aside"): _("Set aside, with its place in the list"),
    ("note", "expiring"): _("Its quote expires soon: the place in the list must be kept"),
    ("approval", "approve"): _("The referent agrees"),
    ("approval", "accept"): _("Request accepted"),
    ("approval", "accept_by_rule"): _("Accepted at once by the rules %(rules)s"),
    ("approval", "offer_part"): _("A part is offered"),
    ("approval", "take_part"): _("The offer is accepted"),
    ("approval", "leave_part"): _("The offer is not accepted"),
    ("approval", "ask_to_complete"): _("The desk asks something"),
    ("approval", "complete"): _("Answered"),
    ("approval", "ask_to_confirm"): _("A new quote to confirm"),
    ("approval", "confirm"): _("New quote confirmed"),
    ("approval", "refuse"): _("Refused"),
    ("approval", "withdraw"): _("Withdrawn"),
    ("approval", "convert"): _("Existing image taken instead"),
    ("approval", "lapse"): _("Lapsed"),
    ("approval", "quote_again"): _("Quoted again"),
    ("supply", "place"): _("Placed with the supplier"),
    ("supply", "send"): _("Sent to %(supplier)s"),
    ("supply", "acknowledge"): _("Taken by %(supplier)s"),
    ("supply", "put_back"): _("Not taken by %(supplier)s: back at the desk"),
    ("supply", "take_as_ordered"): _("Image taken within the ceilings asked"),
    ("supply", "start_production"): _("Production has begun"),
    ("supply", "start_attempts"): _("Tasking has begun"),
    ("supply", "propose"): _("An image is proposed"),
    ("supply", "take_image"): _("Image accepted"),
    ("supply", "leave_image"): _("Image refused"),
    ("supply", "deliver"): _("Delivered, free for every member"),
    ("supply", "fail"): _("The supplier could not deliver"),
    ("supply", "cancel"): _("The tasking is cancelled; %(given_back)s went back to the quota"),
    ("supply", "close"): _("The window closed without an image"),
    ("note", "plan_attempt"): _("Attempt %(attempt)s planned"),
    ("note", "attempt_attempted"): _("Attempt %(attempt)s made"),
    ("note", "attempt_missed"): _("Attempt %(attempt)s was not made"),
    ("note", "attempt_cloudy"): _("Attempt %(attempt)s: too cloudy"),
    ("note", "attempt_proposed"): _("Attempt %(attempt)s gave an image"),
    ("note", "sheet_sent"): _("Order sheet mailed to %(supplier)s"),
    ("note", "image_produced"): _("The supplier has produced the image"),
    ("note", "ask_feasibility"): _("A feasibility study with options to choose from"),
    ("note", "ask_quotation"): _("A quotation of the supplier to answer"),
    ("note", "ask_weather"): _("A weather notice before a pass"),
    ("note", "answer_feasibility"): _("Study answered: %(answer)s"),
    ("note", "answer_quotation"): _("Quotation answered: %(answer)s"),
    ("note", "answer_weather"): _("Weather notice answered: %(answer)s"),
    ("note", "lapse_feasibility"): _("Study not answered in time: %(answer)s"),
    ("note", "lapse_quotation"): _("Quotation not answered in time: %(answer)s"),
    ("note", "lapse_weather"): _("Weather notice not answered in time: %(answer)s"),
    ("note", "take_back_feasibility"): _("The study is taken back"),
    ("note", "take_back_quotation"): _("The quotation is taken back"),
    ("note", "take_back_weather"): _("The weather notice is taken back"),
    ("note", "cancelled_there"): _("%(supplier)s has stopped the order"),
    ("note", "not_cancelled_there"): _("%(supplier)s does not stop the order"),
    ("note", "from_series"): _("Asked by the programme %(series)s"),
    ("note", "offer"): _("An existing image is offered"),
    ("money", "count_attempt"): _("One attempt is counted"),
    ("money", "capture"): _("Counted; the rest went back to the quota"),
    ("money", "release"): _("Given back to the quota"),
    ("money", "bill"): _("An order number is asked for"),
    ("money", "record_order"): _("Order number %(order_number)s received from %(payer)s"),
    ("money", "record_invoice"): _("Invoice %(invoice_reference)s sent"),
    ("money", "record_payment"): _("Payment received on %(paid_on)s"),
    ("money", "void"): _("Nothing is to be paid any more"),
    ("money", "owe_back"): _("The payment is owed back"),
    ("money", "record_refund"): _("Refunded"),
    ("note", "count_attempt"): _("One attempt is counted"),
    ("note", "capture_share"): _("The quota's share is counted; the rest went back to it"),
}


def title_of(event: LineEvent) -> str:
    """The step in the reader's words, with its facts."""
    known = TITLES.get((event.life, event.step))
    if known is None:
        life = LINE_LIVES.get(event.life)
        known = life.steps[event.step].label if life and event.step in life.steps else event.step
    facts = {name: formats.dated(value) for name, value in event.facts.items()}
    return str(known) % facts if "%(" in str(known) else str(known)
