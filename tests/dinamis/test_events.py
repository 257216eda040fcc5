"""Events are a closed list, told inside the transaction of what happened."""

import pytest
from django.db import transaction

from dinamis import events


@pytest.fixture(autouse=True)
def _handlers(monkeypatch):
    monkeypatch.setattr(events, "_handlers", events.defaultdict(list))


@pytest.mark.django_db
def test_every_handler_hears_the_facts_once():
    heard = []

    def handler(**facts):
        heard.append(facts)

    events.on("scene.completed", handler)
    events.on("scene.completed", handler)
    with transaction.atomic():
        events.emit("scene.completed", scene=1, by=2)
    assert heard == [{"scene": 1, "by": 2}]


def test_an_unknown_event_or_wrong_facts_are_mistakes():
    with pytest.raises(KeyError):
        events.on("scene.painted", print)
    with pytest.raises(TypeError):
        events.emit("scene.completed", scene=1)


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError):
        events.emit("scene.completed", scene=1, by=2)
