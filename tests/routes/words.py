"""What the rows of orders say again and again: names of nothing, forms, and who does what."""

from tests.routes.table import (
    DONE,
    only,
    signed_in,
)

NOTHING = 9_999_999
NO_KEY = "00000000-0000-4000-8000-000000000000"
NO_ORDER = "C-1999-9999"
NOBODY_KNOWS = "DS_PHR1B_201312021402555_FR1_PX_W053N04_0922_01804"
NO_PROJECT = "P-1999-9999"
PROJECT = {
    "title": "Coast",
    "track": "dinamis",
    "wish-TOTAL_FORMS": "0",
    "wish-INITIAL_FORMS": "0",
}
QUOTA = only("quota_administrator", status=DONE)
ADMINISTRATOR_DOES = only("administrator", status=DONE)
SIZE = {"amount": "200", "reason": "More for the coast.", "submission": "form-routes"}


MEMBER_ALONE = {"researcher": 200, "other_researcher": 200, "referent": 200}


def anyone_in(status: int, **other: int) -> dict[str, int | str]:
    """Every member and whoever reads the budget; for the others there is no pool."""
    return signed_in(status, unaffiliated=404, **other)


def size(what: str, **more: object) -> dict[str, object]:
    return {f"{what}-{key}": value for key, value in {**SIZE, **more}.items()}
