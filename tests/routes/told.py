"""The rows of what people are told: notices, choices, webhooks, the calendar feed."""

from tests.routes.table import DONE, SIGNED_IN, Route, anyone, for_programs, only, signed_in

NOBODY = 9_999_999
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
    Route("api_notices", get=for_programs(SIGNED_IN), as_json=True),
    Route("api_notices_read", post=for_programs(SIGNED_IN), as_json=True),
]
