"""Between our words and STAPI's: orders asked, and orders told."""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from stapi_pydantic import Order, OrderStatus, OrderStatusCode

from orders.suppliers.protocol import Ask, Report, Stage

STAGES = {
    OrderStatusCode.received: Stage.STUDIED,
    OrderStatusCode.held: Stage.STUDIED,
    OrderStatusCode.reserved: Stage.CHOICE,
    OrderStatusCode.accepted: Stage.PLACED,
    OrderStatusCode.scheduled: Stage.TASKING,
    OrderStatusCode.tasked: Stage.TASKING,
    OrderStatusCode.processing: Stage.PRODUCING,
    OrderStatusCode.completed: Stage.DELIVERED,
    OrderStatusCode.expired: Stage.EXPIRED,
    OrderStatusCode.rejected: Stage.REJECTED,
    OrderStatusCode.cancelled: Stage.CANCELLED,
    OrderStatusCode.user_cancelled: Stage.CANCELLED,
    OrderStatusCode.failed: Stage.FAILED,
}
# What servers call our words, tried in this order among the properties that a product declares.
REFERENCES = (
    "customer_reference",
    "client_reference",
    "reference",
    "external_id",
    "user_reference",
)
CLOUDS = ("eo:cloud_cover", "cloud_cover", "cloudCover", "max_cloud_cover")
ANGLES = ("view:off_nadir", "view:incidence_angle", "off_nadir", "incidence_angle")


def stage_of(status: OrderStatus) -> Stage:
    """Our word for a status; a part delivered while the rest goes on is a stage of its own."""
    if (
        status.status_code == OrderStatusCode.processing
        and status.reason_code == "partial_delivery"
    ):
        return Stage.PARTIAL
    return STAGES[status.status_code]


def report_of(order: Order, statuses: list[OrderStatus] | None = None) -> Report:
    """What an order says. Of several statuses the latest counts, in whatever order they come."""
    told = order.properties
    status = max([told.status, *(statuses or [])], key=lambda one: one.timestamp)
    parameters = told.order_parameters
    return Report(
        order.id,
        stage_of(status),
        status.timestamp,
        ours=next((str(parameters[name]) for name in REFERENCES if parameters.get(name)), ""),
        reason=status.reason_text or "",
        code=status.reason_code or status.status_code.value,
        asked={
            "product": told.product_id,
            "starts_at": told.search_parameters.datetime[0],
            "ends_at": told.search_parameters.datetime[1],
        },
    )


def window_of(ask: Ask, now: datetime) -> tuple[datetime, datetime]:
    """A closed interval, always: some servers refuse open ones.

    Its start carries our reference in its microseconds, so that an order is recognised at a server
    whose products have no parameter for a reference. What is produced from the archive has no
    window of its own; the next thirty days stand for it.
    """
    start = ask.starts_at or now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = ask.ends_at or start + timedelta(days=30)
    return start.replace(microsecond=mark_of(ask.reference)), end


def mark_of(reference: str) -> int:
    """A number from 1 to 999,999 that stands for a reference."""
    return zlib.crc32(reference.encode()) % 999_999 + 1


def first_known(candidates: tuple[str, ...], known: Mapping[str, Any]) -> str:
    """The first of these names that a server declares, or ""."""
    return next((name for name in candidates if name in known), "")


def filter_of(ask: Ask, queryables: Mapping[str, Any]) -> dict[str, Any] | None:
    """Our ceilings as CQL2 JSON over what the server can be asked about; None where it is nothing."""
    wanted = [(CLOUDS, ask.max_cloud), (ANGLES, ask.max_incidence)]
    parts = [
        {"op": "<=", "args": [{"property": name}, value]}
        for candidates, value in wanted
        if value is not None and (name := first_known(candidates, queryables))
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}
