"""A STAPI 0.1.0 server as a supplier: products, opportunities, orders, statuses.

STAPI has no cancellation, no prices and no answers for proposed images; intervals are always closed.
Files are links of an order's statuses, where the provider gives them there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from stapi_pydantic import OpportunityCollection, Order, OrderCollection, OrderStatus, OrderStatuses

from orders.suppliers.protocol import (
    Ability,
    Ask,
    Chance,
    Handed,
    Page,
    Price,
    Product,
    Refused,
    Report,
    Temporary,
    Unable,
    Unknown,
    everything,
)
from orders.suppliers.stapi import files, mapping
from orders.suppliers.web import Web

PAGE = 100


class Stapi:
    """One server. `options` may name `reference_parameter`, constant `parameters` and `delivery_rels`."""

    abilities = frozenset({Ability.FEASIBILITY, Ability.LOOK_UP, Ability.DELIVERIES})

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        pace: Callable[[], None] = lambda: None,
    ) -> None:
        self._web = Web(base_url, headers, pace=pace)
        self._options = options or {}
        self._schemas: dict[str, dict[str, Any]] = {}

    def products(self) -> list[Product]:
        return [
            Product(one["id"], one.get("title") or one["id"], self._parameters(one["id"]))
            for one in self._products
        ]

    def feasibility(self, ask: Ask) -> list[Chance]:
        """The opportunities that the server sees in the window."""
        body = self._search(ask) | {"limit": PAGE}
        answer = self._web.search(f"products/{self._product(ask)}/opportunities", body)
        found = _parsed(OpportunityCollection, answer, Temporary)
        return [
            Chance(*one.properties.datetime, detail=one.properties.model_dump(mode="json"))
            for one in found.features
        ]

    def place(self, ask: Ask) -> Report:
        product = self._product(ask)
        body = self._search(ask) | {"order_parameters": self._said(ask, product)}
        answer = self._web.command(f"products/{product}/orders", body)
        return mapping.report_of(_parsed(Order, answer, Unknown))

    def look_up(self, ask: Ask) -> Report | None:
        """By our reference where the server keeps one, else by the mark in the window's start."""
        mark = mapping.mark_of(ask.reference)
        for report in everything(self):
            if report.ours == ask.reference:
                return report
            if not report.ours and report.asked["starts_at"].microsecond == mark:
                return report
        return None

    def status(self, reference: str) -> Report:
        order = _parsed(Order, self._web.ask(f"orders/{reference}"), Temporary)
        return mapping.report_of(order, self._told(reference))

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        """One page of all its orders: the server cannot be asked for changes alone."""
        answer = (
            self._web.ask(cursor) if cursor else self._web.ask("orders", params={"limit": PAGE})
        )
        found = _parsed(OrderCollection, answer, Temporary)
        following = next((str(link.href) for link in found.links if link.rel == "next"), "")
        return Page(tuple(mapping.report_of(one) for one in found.features), following)

    def told(self, message: dict[str, Any]) -> Report | None:
        """A callback whose data is the order itself."""
        try:
            return mapping.report_of(Order.model_validate(message.get("data")))
        except ValidationError:
            return None

    def quote(self, ask: Ask) -> Price:
        raise Unable(_("STAPI tells no price."), code="no_price")

    def decide(self, reference: str, acquisition: str, *, accept: bool) -> Report:
        raise Unable(_("STAPI proposes no images."), code="no_proposals")

    def cancel(self, reference: str) -> Report:
        raise Unable(_("STAPI has no cancellation: ask the supplier."), code="no_cancellation")

    def deliveries(self, reference: str) -> list[Handed]:
        """The files that its statuses link to. Unable where the option names no relation."""
        relations = self._options.get("delivery_rels", files.RELATIONS)
        if not relations:
            raise Unable(_("Its files come another way."), code="no_deliveries")
        return files.handed(self._told(reference), relations)

    def _told(self, reference: str) -> list[OrderStatus]:
        """Every status of an order."""
        told = self._web.ask(f"orders/{reference}/statuses")
        return _parsed(OrderStatuses, told, Temporary).statuses

    @cached_property
    def _products(self) -> list[dict[str, Any]]:
        found = self._web.ask("products", params={"limit": PAGE})
        return [one for one in found.get("products", []) if isinstance(one, dict) and "id" in one]

    def _product(self, ask: Ask) -> str:
        if ask.product:
            return ask.product
        if len(self._products) != 1:
            raise Refused(
                _("It is not said which of its products is meant."), code="product_unknown"
            )
        return self._products[0]["id"]

    def _parameters(self, product: str) -> dict[str, Any]:
        return self._schema(product, "order-parameters")

    def _schema(self, product: str, name: str) -> dict[str, Any]:
        """A JSON Schema of a product, asked once a round."""
        key = f"{product}/{name}"
        if key not in self._schemas:
            self._schemas[key] = self._web.ask(f"products/{key}") or {}
        return self._schemas[key]

    def _search(self, ask: Ask) -> dict[str, Any]:
        start, end = mapping.window_of(ask, datetime.now(UTC))
        body = {
            "datetime": f"{start.isoformat()}/{end.isoformat()}",
            "geometry": ask.area,
            "filter": mapping.filter_of(
                ask, self._schema(self._product(ask), "queryables").get("properties", {})
            ),
        }
        return {name: value for name, value in body.items() if value is not None}

    def _said(self, ask: Ask, product: str) -> dict[str, Any]:
        """The order's parameters: those the product declares, and the supplier's constants."""
        known = self._parameters(product).get("properties", {})
        said = dict(self._options.get("parameters", {}))
        name = self._options.get("reference_parameter") or mapping.first_known(
            mapping.REFERENCES, known
        )
        if name:
            said[name] = ask.reference
        return said | {key: value for key, value in ask.options.items() if key in known}


def _parsed(shape: Any, answer: Any, fault: type[Exception]) -> Any:
    """Their answer in its shape; what is not in that shape is as good as none."""
    try:
        return shape.model_validate(answer)
    except ValidationError as error:
        raise fault(_("Their answer has not STAPI's shape."), code="unreadable") from error
