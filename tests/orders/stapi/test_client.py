"""A client on the wire, in a thread of its own: from the landing page to an order and its history."""

import json
from datetime import UTC, timedelta

import httpx
import pytest
from django.utils import timezone
from stapi_pydantic import Order, OrderCollection, OrderStatuses, ProductsCollection, RootResponse

from dinamis.actors import Actor
from orders.models import Line
from orders.services.lines import lines
from tests.orders import make
from tests.orders.stapi.test_provider import keys

pytestmark = pytest.mark.django_db(transaction=True)


def rel(document: dict, name: str) -> str:
    return next(one["href"] for one in document["links"] if one["rel"] == name)


def test_a_client_orders_and_follows(live_server, researcher, desk, year):
    headers = keys(researcher) | {"accept": "application/geo+json, application/json"}
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        landing = client.get(f"{live_server.url}/stapi/").json()
        RootResponse.model_validate(landing)
        products = client.get(rel(landing, "products")).json()
        ProductsCollection.model_validate(products)
        product = next(one for one in products["products"] if one["id"] == "pleiades")
        first = timezone.now().astimezone(UTC).replace(microsecond=0) + timedelta(days=3)
        sent = {
            "datetime": f"{first.isoformat()}/{(first + timedelta(days=40)).isoformat()}",
            "geometry": json.loads(make.square(150).geojson),
            "order_parameters": {"purpose": "Coast line.", "customer_reference": "wire-1"},
        }
        made = client.post(
            rel(product, "create-order"), json=sent, headers={"Idempotency-Key": "wire-1"}
        )
        assert made.status_code == 201, made.text
        order = Order.model_validate(made.json())
        assert order.properties.status.status_code == "received"

        line, by = Line.objects.get(), Actor.of(desk)
        assert line.reference == order.id
        lines.place(lines.accept(line, by=by), by=by, supplier_reference="SO-1")
        assert Order.model_validate(
            client.get(made.headers["Location"]).json()
        ).properties.status.status_code == ("scheduled")
        told = OrderStatuses.model_validate(client.get(rel(made.json(), "monitor")).json())
        assert [one.status_code for one in told.statuses][-2:] == ["accepted", "scheduled"]
        listed = OrderCollection.model_validate(client.get(rel(landing, "orders")).json())
        assert [one.id for one in listed] == [order.id]
