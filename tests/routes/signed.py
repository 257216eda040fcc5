"""What the matrix knows of the lines that requests leave: exceptions, each with its reason."""

# Routes where a mailed link is the actor, whoever's browser opened it.
BY_LINK = {
    "accept_again",
    "invitation",
    "join_correct",
    "join_legal",
    "join_proved",
    "legal_change",
    "project_partner",
    "project_review",
    "receive",
}

# Tables that are no change of anybody's affairs: promises of later work, answers kept for a retry.
NOT_TOLD = {"dinamis_promise", "dinamis_idempotentanswer"}

# Rows that change something and need no line in a history. A new one gives its reason here.
UNSIGNED: dict[str, str] = {
    "api_supplier_callback": "the message is its own line; no person sends it",
    "join_again": "the new link is its own line: to whom, when, in place of which",
    "order_new": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "line_again": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "tasking_new": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "api_quotes": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "quote_subtract": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "quote_existing": "the row names the person, the quote, the image and the instant",
    "quote_beyond": "a quote binds nobody and expires; it is kept, dated, with its owner",
    "notice_open": "what one has read is one's own: no right, nobody else sees it",
    "notice_mark": "what one has read is one's own: no right, nobody else sees it",
    "notices_read": "what one has read is one's own: no right, nobody else sees it",
    "api_notices_read": "what one has read is one's own: no right, nobody else sees it",
    "notice_choices": "how one is told is one's own: the choice stands as its own row",
    "notices_stop": "how one is told is one's own: the choice stands as its own row",
    **dict.fromkeys(
        (
            "search_new",
            "search_pause",
            "search_resume",
            "search_delete",
            "api_searches",
            "api_search_pause",
            "api_search_resume",
            "api_search_delete",
        ),
        "what one watches is one's own: no right, no quota, nobody else sees it",
    ),
    "area_keep": "one's own library of drawings: no right, no quota, nobody else sees it",
    "area_let_go": "one's own library of drawings: no right, no quota, nobody else sees it",
    "product_use": "the statement is its own line: who, when, theme, use, of which project",
    "catalogue_area": "a drawing that serves one search and is forgotten",
    "organisation_review": "the answer is its own line: who, when, why, of whom, undone or not",
    "review_undo": "the answer is its own line: who, when, why, of whom, undone or not",
    "review_open": "a review takes and gives nothing: it asks",
    "delivery_refuse": "to be told in a history of deliveries",
}

# Posts that no form of ours sends, by design: what says who may is in the address itself.
FROM_ANYWHERE: dict[str, str] = {
    "api_supplier_callback": "a supplier's program; what is not signed is a hint to look, and nothing else",
    "stac_items": "by key or token alone: a session is not read, so another site's page has none to use",
    "notices_stop": "a mail program leaves a digest in one click (RFC 8058)",
}
