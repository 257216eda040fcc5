"""Callbacks: signed ones are taken in once, unsigned ones only make us look, forged ones are refused."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from orders.models import SupplierMessage, SupplierOrder
from orders.services.supplying import callbacks, working
from tests.suppliers import making

pytestmark = pytest.mark.django_db

SECRET, OLD, OTHER = (
    "whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3)
)


@pytest.fixture
def order(researcher, desk, year, supplier, twin, settings) -> SupplierOrder:
    settings.SUPPLIER_CREDENTIALS = {"twin-key": {"webhook": [SECRET, OLD]}}
    type(supplier).objects.filter(pk=supplier.pk).update(credentials="twin-key")
    supplier.refresh_from_db()
    return making.taken(researcher, desk, supplier)


def said(order: SupplierOrder, stage: str = "producing") -> bytes:
    data = {"reference": order.their_reference, "stage": stage, "at": timezone.now().isoformat()}
    return json.dumps({"type": "order.status", "data": data}).encode()


def headers(body: bytes, *, secret: str = SECRET, name: str = "msg_1", at=None) -> dict[str, str]:
    at = at or timezone.now()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode()),
    }


def post(body: bytes, sent: dict[str, str] | None = None, key: str = "twin"):
    return Client().post(
        f"/api/v1/suppliers/{key}/callback", body, content_type="application/json", headers=sent
    )


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_a_signed_callback_is_taken_in_by_a_worker_once(order, twin, secret):
    body = said(order)
    sent = headers(body, secret=secret)
    assert [post(body, sent).status_code for _number in range(3)] == [202, 202, 202]
    assert making.line_of(order).supply == "placed"
    message = SupplierMessage.objects.get()
    for _number in range(2):
        callbacks.take_in(SupplierMessage.objects.get(pk=message.pk))
    line = making.line_of(order)
    assert (line.supply, line.events.filter(step="start_production").count()) == (
        "in_production",
        1,
    )
    assert twin.asked["status"] == 0


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: headers(body, secret=OTHER),
        lambda body: headers(body + b" "),
        lambda body: headers(body) | {"webhook-id": "msg_2"},
        lambda body: headers(body) | {"webhook-timestamp": "1"},
        lambda body: headers(body, at=timezone.now() - timedelta(minutes=6)),
        lambda body: headers(body, at=timezone.now() + timedelta(minutes=6)),
        lambda body: headers(body) | {"webhook-signature": "v1,AAAA"},
        lambda body: headers(body) | {"webhook-signature": ""},
        lambda body: headers(body) | {"webhook-timestamp": "soon"},
    ],
)
def test_a_forged_or_old_callback_is_refused_and_leaves_nothing(order, forge):
    body = said(order)
    assert post(body, forge(body)).status_code == 403
    assert not SupplierMessage.objects.exists()
    order.refresh_from_db()
    assert order.next_look_at is None


def test_an_unsigned_callback_is_only_a_hint_to_look(order, supplier, twin):
    SupplierOrder.objects.update(looked_at=None)
    assert post(said(order, "failed")).json() == {"signed": False}
    working.work(supplier)
    assert (making.line_of(order).supply, twin.asked["status"]) == ("placed", 1)
    for _number in range(5):
        post(said(order, "failed"))
    working.work(supplier)
    assert twin.asked["status"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[]", 422), (b"{", 422), (b"\xff", 422), (b'"x"', 422), (b"[" * 5000, 422), (b"", 422),
     (b'{"a": "' + b"x" * 1_000_001 + b'"}', 413)],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_a_problem(order, body, status):
    answer = post(body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_supplier_that_is_not_there_or_not_active_has_no_callback(order, supplier):
    assert post(b"{}", key="nobody").status_code == 404
    type(supplier).objects.filter(pk=supplier.pk).update(is_active=False)
    assert post(b"{}").status_code == 404
