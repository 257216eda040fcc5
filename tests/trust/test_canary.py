"""Canaries: a planted secret or address is found in no log, no page of an error and no mail to another."""

import logging

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import Event
from accounts.services.programs import api_keys
from catalogue.models import SavedArea
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.outbox import Promise
from tests import make

pytestmark = pytest.mark.django_db

ADDRESS = "canary.person@laboratory.example"
PASSWORD = "canary-password-9137"
NAME = "Canary Name"


@pytest.fixture
def written(requests_are_told):
    """Every line the running site would write, as its own formatter writes it."""
    facts = dict(settings.LOGGING["formatters"]["facts"])
    formatter = made_of(facts)
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keeper = Keeper()
    keeper.setFormatter(formatter)
    logging.getLogger().addHandler(keeper)
    yield lines
    logging.getLogger().removeHandler(keeper)


def made_of(facts: dict) -> logging.Formatter:
    made = facts.pop("()")
    return (import_string(made) if isinstance(made, str) else made)(**facts)


def test_a_secret_typed_a_key_and_a_token_are_in_no_log_and_no_page(laboratory, written):
    person = make.attached(ADDRESS, laboratory)
    _key, secret = api_keys.create(person, name="k", scopes=["read"], by=Actor.of(person))
    made = make.membership("school", until="awaiting_referent")
    token = make.token(made.links.get())
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    pages = [
        client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}),
        client.get(f"/join/legal/{token}/"),
        client.get(f"/licences/again/{token}/"),
        client.get(f"/nothing/{token}/"),
        client.get("/api/v1/orders", headers={"access-key": "dna_x", "secret-key": secret}),
        client.get(f"/api/v1/orders?secret-key={secret}"),
        Client(enforce_csrf_checks=True).post(f"/join/proved/{token}/"),
    ]
    seen = b"".join(page.content for page in pages[1:])
    text = "\n".join(written)
    assert len(written) >= len(pages)
    for secret_value in (PASSWORD, secret, token, ADDRESS):
        assert secret_value not in text
    assert PASSWORD.encode() not in pages[0].content
    assert secret.encode() not in seen
    events = " ".join(str(one) for one in Event.objects.values())
    for secret_value in (PASSWORD, secret, token, ADDRESS):
        assert secret_value not in events


def test_what_a_database_or_a_mail_server_quotes_is_not_logged(written, monkeypatch):
    log = logging.getLogger("canary")
    try:
        raise IntegrityError(f"refused\nDETAIL:  Failing row contains (1, {NAME}, {ADDRESS}).")
    except IntegrityError:
        log.exception("broken for %s", ADDRESS)
    promise = Promise.objects.create(task="accounts.tasks.mail_unknown", arguments=[ADDRESS, "en"])

    def refused(*arguments, **named):
        raise OSError(f"550 no such mailbox: {ADDRESS}, {NAME}")

    monkeypatch.setattr("accounts.services.people.account_mail.send", refused)
    assert not outbox.keep(promise.pk)
    text = "\n".join(written)
    assert "broken for" in text
    assert "promise_failed" in text
    assert "in refused" in text
    assert ADDRESS not in text
    assert NAME not in text
    promise.refresh_from_db()
    assert ADDRESS in promise.error


def test_an_error_page_says_nothing_of_what_broke(as_, researcher, monkeypatch):
    def broken(*arguments, **named):
        raise RuntimeError(f"{ADDRESS} {PASSWORD}")

    monkeypatch.setattr("accounts.services.trust.register.length_of", broken)
    client = as_(researcher)
    client.raise_request_exception = False
    answer = client.get("/account/data/")
    assert answer.status_code == 500
    for planted in (ADDRESS, PASSWORD, "RuntimeError", "register.py"):
        assert planted not in answer.content.decode()


def test_mails_to_others_carry_neither_address_nor_place_nor_key(laboratory, referent, park):
    person = make.attached(ADDRESS, laboratory)
    _key, secret = api_keys.create(person, name="k", scopes=["read"], by=Actor.of(person))
    SavedArea.objects.create(
        owner=person, name="Canary Cove", geometry="MULTIPOLYGON(((0 0,0 1,1 1,0 0)))", area_km2=1
    )
    while make.keep_promises():
        pass
    others = [one for one in mail.outbox if ADDRESS not in one.recipients()]
    assert len(others) > 3
    for one in others:
        whole = one.message().as_string()
        assert secret not in whole
        assert "Canary Cove" not in whole
        if referent.email not in one.recipients():
            assert ADDRESS not in whole
