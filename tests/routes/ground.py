"""The rows of the ground: health, language, theme."""

from tests.routes.table import ABSENT, DONE, PUBLIC, Route, anyone

ROUTES = [
    Route("healthz", get=PUBLIC, is_public=True),
    # No worker runs in the tests: it says so.
    Route("readyz", get=anyone(503), is_public=True),
    # From loopback; from elsewhere it wants the token (tests/dinamis).
    Route("metrics", get=PUBLIC, is_public=True),
    Route("set_language", post=anyone(DONE), sent=lambda w: {"language": "en"}, is_public=True),
    Route("set_theme", post=anyone(DONE), sent=lambda w: {"theme": "dark"}, is_public=True),
    # For the demonstration and for staff.
    Route("components", get=ABSENT | {"administrator": 200}, is_public=True),
]
