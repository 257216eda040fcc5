"""The rows of suppliers: the desk's pages, its order sheets, and the callback of a supplier."""

from tests.routes.table import DESK, DONE, Route, anyone, only

NOTHING = 999_999_999

ROUTES = [
    Route("desk_suppliers", get=DESK),
    Route("desk_supplier", args=lambda w: [w.supplier.key], get=DESK),
    Route(
        "desk_supplier_act",
        args=lambda w: [w.supplier.key, "pause"],
        post=only("desk", status=DONE),
    ),
    Route(
        "supplier_call",
        args=lambda w: [w.call.pk, "replay"],
        absent=[NOTHING, "replay"],
        post=only("desk", status=409, others=404),
    ),
    Route(
        "supplier_look",
        args=lambda w: [w.call.order_id],
        absent=[NOTHING],
        post=only("desk", status=DONE, others=404),
    ),
    Route(
        "supplier_settle",
        args=lambda w: [w.call.order_id],
        absent=[NOTHING],
        sent=lambda w: {"reason": "Told on the telephone."},
        post=only("desk", status=DONE, others=404),
    ),
    Route(
        "supplier_differences",
        args=lambda w: [w.reconciliation.pk],
        absent=[NOTHING],
        get=only("desk", others=404),
    ),
    Route("order_sheet", args=lambda w: ["geojson"], get=only("desk", status=422)),
    Route("order_sheet_mail", post=only("desk", status=404)),
    Route("line_send", args=lambda w: [w.call.order.line_id], post=only("desk", status=404)),
    Route(
        "api_supplier_callback",
        args=lambda w: [w.supplier.key],
        post=anyone(202),
        as_json=True,
        is_public=True,
    ),
]
