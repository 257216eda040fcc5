"""Which steps of a line are told, and to whom. The words are those of the page: orders.services.lines.reading."""

# (life, step) → who is told, in the words of the tables.
TOLD: dict[tuple[str, str], tuple[str, ...]] = {
    ("approval", "submit"): ("owner", "desk"),
    ("approval", "submit_to_referent"): ("owner", "referent"),
    ("approval", "wait"): ("owner",),
    ("approval", "serve"): ("owner", "desk"),
    ("approval", "serve_to_referent"): ("owner", "referent"),
    ("approval", "set_aside"): ("owner",),
    ("note", "expiring"): ("owner",),
    ("approval", "approve"): ("owner", "desk"),
    ("approval", "ask_to_complete"): ("owner",),
    ("approval", "complete"): ("desk",),
    ("approval", "ask_to_confirm"): ("owner",),
    ("approval", "accept"): ("owner",),
    ("approval", "accept_by_rule"): ("owner",),
    ("approval", "offer_part"): ("owner",),
    ("approval", "take_part"): ("owner", "desk"),
    ("approval", "leave_part"): ("owner", "desk"),
    ("approval", "refuse"): ("owner",),
    ("approval", "withdraw"): ("owner",),
    ("approval", "convert"): ("owner",),
    ("approval", "lapse"): ("owner",),
    ("supply", "place"): ("owner",),
    ("supply", "propose"): ("owner", "delegate"),
    ("supply", "take_image"): ("desk",),
    ("supply", "leave_image"): ("desk",),
    ("supply", "deliver"): ("owner",),
    ("supply", "fail"): ("owner",),
    ("supply", "close"): ("owner",),
    ("supply", "cancel"): ("owner", "desk"),
    ("note", "ask_feasibility"): ("owner", "delegate"),
    ("note", "ask_quotation"): ("owner", "delegate"),
    ("note", "ask_weather"): ("owner", "delegate"),
    ("note", "answer_feasibility"): ("desk",),
    ("note", "answer_quotation"): ("desk",),
    ("note", "answer_weather"): ("desk",),
    ("note", "lapse_feasibility"): ("owner", "desk"),
    ("note", "lapse_quotation"): ("owner", "desk"),
    ("note", "lapse_weather"): ("owner", "desk"),
    ("note", "not_cancelled_there"): ("desk",),
    ("note", "offer"): ("owner",),
}
TEMPLATE = "order_line"

# What the reader loses by not reading it, and the images themselves, each a family of its own.
FAMILIES: dict[tuple[str, str], str] = {
    ("approval", "lapse"): "deadlines",
    ("approval", "offer_part"): "deadlines",
    ("approval", "ask_to_confirm"): "deadlines",
    ("note", "expiring"): "deadlines",
    ("supply", "propose"): "deadlines",
    ("note", "ask_feasibility"): "deadlines",
    ("note", "ask_quotation"): "deadlines",
    ("note", "ask_weather"): "deadlines",
    ("supply", "deliver"): "images",
    ("supply", "fail"): "images",
    ("supply", "close"): "images",
    ("note", "offer"): "images",
}


def family_of(life: str, step: str) -> str:
    """The kind of news that a step is, for the reader's choices."""
    return FAMILIES.get((life, step), "orders")
