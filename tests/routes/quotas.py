"""The rows of the quota's own pages: periods, modulations."""

from decimal import Decimal
from typing import Any

from orders.services.purse.modulation_figures import Wish, figures
from tests.routes.table import BUDGET, DONE, MEMBER, Route, for_programs, only

NOTHING = 9_999_999
QUOTA = only("quota_administrator", status=DONE)
NOT_OVER = only("quota_administrator", status=409)
OWN_ACCOUNT = only(
    "researcher", "referent", "desk", "quota_administrator", "administrator", others=404
)
LOOKS = only("quota_administrator")
READS = only(
    "researcher", "other_researcher", "referent", "desk", "quota_administrator", "administrator"
)
QUOTA_REFUSED = only("quota_administrator", status=422)


def modulation(w: Any) -> dict[str, object]:
    """Two hundred km² taken back of the allotments, as it is typed."""
    return {
        "period": w.period.pk,
        "aim": "allotments",
        "rule": "pro_rata",
        "amount": "-200",
        "reason": "Less for the coast.",
    }


def seen(w: Any) -> str:
    """The figures of that, as a page shows them."""
    return figures(Wish(w.period, "allotments", "pro_rata", Decimal(-200))).digest


ROUTES = [
    # Statements.
    *(
        Route("quota_file", case=kind, args=lambda w, k=kind: [w.period.pk, k], get=MEMBER)
        for kind in ("xlsx", "pdf")
    ),
    Route(
        "quota_file",
        case="unknown",
        args=lambda w: [w.period.pk, "doc"],
        get=only("researcher", "other_researcher", "referent", status=404),
    ),
    Route("quota_period_file", args=lambda w: [w.period.pk, "xlsx"], get=BUDGET),
    Route(
        "quota_account",
        args=lambda w: [w.allotment.pk],
        absent=[NOTHING],
        get=OWN_ACCOUNT,
    ),
    Route(
        "quota_forecast",
        args=lambda w: [w.allotment.pk],
        absent=[NOTHING],
        get=OWN_ACCOUNT,
    ),
    Route("period_forecast", args=lambda w: [w.period.pk], get=BUDGET),
    Route(
        "quota_account_file",
        args=lambda w: [w.allotment.pk, "csv"],
        absent=[NOTHING, "csv"],
        get=OWN_ACCOUNT,
    ),
    # Periods.
    Route("periods", get=BUDGET),
    Route("ledger_reconcile", post=only("quota_administrator", status=DONE)),
    Route("period_close", args=lambda w: [w.period.pk], get=BUDGET, post=NOT_OVER),
    Route(
        "period_close",
        case="unknown",
        args=lambda w: [NOTHING],
        get=only("desk", "quota_administrator", "administrator", status=404),
        post=only("desk", "quota_administrator", "administrator", status=404),
    ),
    Route(
        "period_close",
        case="over",
        args=lambda w: [w.past_period.pk],
        get=BUDGET,
        post=QUOTA,
    ),
    Route(
        "period_close_step",
        args=lambda w: [w.past_period.pk, "close"],
        post=QUOTA,
    ),
    Route(
        "period_close_step",
        case="given up",
        args=lambda w: [w.past_period.pk, "drop"],
        post=QUOTA,
        sent=lambda w: {"reason": "Not now."},
    ),
    Route(
        "period_close_step",
        case="unknown",
        args=lambda w: [w.past_period.pk, "nothing"],
        post=only("quota_administrator", status=404),
    ),
    Route(
        "period_next",
        args=lambda w: [w.period.pk],
        get=LOOKS,
        post=QUOTA,
        sent=lambda w: {"budget": "20000", "percent": "100", "act": "open"},
    ),
    Route(
        "period_next",
        case="misshapen",
        args=lambda w: [w.period.pk],
        get=LOOKS,
        post=QUOTA_REFUSED,
    ),
    # Modulation.
    Route(
        "modulate",
        get=LOOKS,
        post=QUOTA,
        sent=lambda w: modulation(w) | {"act": "write", "seen": seen(w), "submission": "routes-2"},
    ),
    Route(
        "modulate",
        case="looked at",
        get=LOOKS,
        post=LOOKS,
        sent=modulation,
    ),
    Route(
        "modulate",
        case="misshapen",
        get=LOOKS,
        post=QUOTA_REFUSED,
    ),
    Route("modulation", args=lambda w: [w.modulation.pk], get=BUDGET),
    Route(
        "modulation",
        case="unknown",
        args=lambda w: [NOTHING],
        get=only("desk", "quota_administrator", "administrator", status=404),
    ),
    Route("modulation_step", args=lambda w: [w.modulation.pk, "apply"], post=QUOTA),
    Route(
        "modulation_step",
        case="given up",
        args=lambda w: [w.modulation.pk, "drop"],
        post=QUOTA,
        sent=lambda w: {"reason": "Not now."},
    ),
    Route(
        "modulation_step",
        case="unknown",
        args=lambda w: [w.modulation.pk, "nothing"],
        post=only("quota_administrator", status=404),
    ),
    Route(
        "api_periods",
        get=for_programs(READS),
        post=for_programs(only("quota_administrator", status=201)),
        sent=lambda w: {"sensor": "pleiades", "year": 2030},
        as_json=True,
    ),
    Route(
        "api_purses",
        args=lambda w: [w.period.pk],
        get=for_programs(READS),
        as_json=True,
    ),
    Route(
        "api_purses",
        case="unknown",
        args=lambda w: [NOTHING],
        get=for_programs(only(others=404)),
        as_json=True,
    ),
    Route(
        "api_movements",
        args=lambda w: [w.period.pk],
        get=for_programs(READS),
        as_json=True,
    ),
    Route(
        "api_movements",
        case="misshapen",
        args=lambda w: [w.period.pk],
        query=lambda w: "after=here",
        get=for_programs({role: 422 if told == 200 else told for role, told in READS.items()}),
        as_json=True,
    ),
    Route(
        "api_sizes",
        args=lambda w: [w.period.pk],
        post=for_programs(only("quota_administrator", status=201)),
        sent=lambda w: {"what": "reserve", "amount": "10", "reason": "For emergencies."},
        as_json=True,
    ),
    Route(
        "api_modulations",
        post=for_programs(only("quota_administrator", status=201)),
        sent=modulation,
        as_json=True,
    ),
    Route(
        "api_modulations",
        case="dry run",
        post=for_programs(only("quota_administrator")),
        sent=lambda w: modulation(w) | {"dry_run": True},
        as_json=True,
    ),
    Route(
        "api_modulation", args=lambda w: [w.modulation.pk], get=for_programs(BUDGET), as_json=True
    ),
    Route(
        "api_modulation_drop",
        args=lambda w: [w.modulation.pk],
        post=for_programs(only("quota_administrator")),
        sent=lambda w: {"reason": "Not now."},
        as_json=True,
    ),
    Route(
        "api_modulation_apply",
        case="not as it was seen",
        args=lambda w: [w.modulation.pk],
        post=for_programs(only("quota_administrator", status=409)),
        sent=lambda w: {"seen": "other figures"},
        as_json=True,
    ),
]
