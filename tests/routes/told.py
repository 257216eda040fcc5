"""The rows of what people are told: notices, choices, webhooks, the calendar feed."""

from tests.routes.table import (
    ABSENT,
    DONE,
    SIGNED_IN,
    Route,
    anyone,
    for_programs,
    only,
    signed_in,
)

NOBODY = 9_999_999
LEADS = only("referent", "other_referent")
# The laboratory's: the referent of another leads an area where it does not exist.
THEIRS = only("referent", status=200, other_referent=404)
THEIRS_422 = only("referent", status=422, other_referent=404)
THEIRS_DONE = only("referent", status=DONE, other_referent=404)
MINE = only("researcher", status=DONE, others=404)

ROUTES = [
    Route("notices", get=SIGNED_IN),
    Route("notices_read", post=signed_in(DONE)),
    Route("notice_open", args=lambda w: [w.notice.pk], absent=[NOBODY], post=MINE),
    Route("notice_mark", args=lambda w: [w.notice.pk, "read"], absent=[NOBODY, "read"], post=MINE),
    Route("notice_choices", get=SIGNED_IN, post=signed_in(422)),
    Route(
        "notices_stop",
        args=lambda w: [w.stop],
        get=anyone(),
        post=anyone(),
        is_public=True,
    ),
    Route(
        "notices_stop",
        case="unknown",
        args=lambda w: ["x" * 40],
        get=anyone(410),
        post=anyone(410),
        is_public=True,
    ),
    Route(
        "webhooks",
        get=LEADS,
        post=only("referent", "other_referent", status=422),
    ),
    Route("webhook", args=lambda w: [w.webhook.pk], absent=[NOBODY], get=THEIRS, post=THEIRS_422),
    Route("webhook_rotate", args=lambda w: [w.webhook.pk], absent=[NOBODY], post=THEIRS),
    Route("webhook_ping", args=lambda w: [w.webhook.pk], absent=[NOBODY], post=THEIRS_DONE),
    Route(
        "webhook_step",
        args=lambda w: [w.webhook.pk, "pause"],
        absent=[NOBODY, "pause"],
        post=THEIRS_DONE,
    ),
    Route(
        "webhook_step",
        case="of_the_system",
        args=lambda w: [w.webhook.pk, "disable"],
        post=only("referent", "other_referent", status=404),
    ),
    Route(
        "webhook_replay",
        args=lambda w: [w.webhook.pk, w.ping.pk],
        absent=[NOBODY, NOBODY],
        post=THEIRS_DONE,
    ),
    Route("calendar", get=SIGNED_IN, post=signed_in(200)),
    Route("calendar_stop", post=signed_in(DONE)),
    Route(
        "calendar_feed",
        args=lambda w: [w.calendar],
        absent=["x" * 43],
        get=anyone(),
        is_public=True,
    ),
    Route("calendar_feed", case="unknown", args=lambda w: ["x" * 43], get=ABSENT, is_public=True),
    Route("api_notices", get=for_programs(SIGNED_IN), as_json=True),
    Route("api_notices_read", post=for_programs(SIGNED_IN), as_json=True),
]
