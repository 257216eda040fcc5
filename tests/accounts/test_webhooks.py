"""Webhooks: owed in the transaction, signed, tried along the ladder, never into a private network."""

import json
import os
import socket
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Affiliation, Notice, Webhook, WebhookAttempt, WebhookCall, WebhookEvent
from accounts.outside import posting
from accounts.services.webhooks import calling, managing, secrets
from accounts.services.webhooks.telling import emit
from accounts.states.webhook import CALL_LIFE, LIFE, CallState, State
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import Promise
from tests import make
from tests.accounts.webhook_receiver import receiving

pytestmark = pytest.mark.django_db
TASK = "accounts.tasks.call_webhook"


@pytest.fixture(autouse=True)
def _loopback_is_where_the_receivers_of_tests_are(settings):
    settings.WEBHOOK_ALLOW_LOOPBACK = True


@pytest.fixture
def client() -> Client:
    """A browser that asks for English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture
def laboratory(desk):
    return make.member("laboratory", desk=desk)


@pytest.fixture
def leader(laboratory):
    return Affiliation.objects.get(organisation=laboratory, is_referent=True).user


@pytest.fixture
def webhook(laboratory, leader, receiver):
    webhook, receiver.secret = managing.make(
        laboratory, url=receiver.url, name="Map", subjects=["people"], by=Actor.of(leader)
    )
    return webhook


def happen(organisation, key: str = "affiliation:1", **data) -> int:
    with transaction.atomic():
        said = {"affiliation": 1, "to": "active"} | data
        return emit(organisation, subject="people", type="affiliation.active", data=said, key=key)


def work() -> None:
    """A worker keeps what is due."""
    while True:
        due = Promise.objects.claimable().filter(task=TASK).order_by("due_at", "pk").first()
        if due is None:
            return
        outbox.keep(due.pk)


class TestOneCall:
    def test_what_happened_is_told_once_and_verifies(self, webhook, laboratory, receiver):
        assert happen(laboratory) == 1
        assert happen(laboratory) == 0
        assert receiver.got == []  # nothing leaves in the transaction
        work()
        work()
        call = WebhookCall.objects.get()
        [(message_id, said)] = receiver.got
        assert receiver.forged == []
        assert message_id == call.message_id
        assert said == json.loads(call.body)
        assert (said["type"], said["data"]["to"]) == ("affiliation.active", "active")
        assert (call.state, call.attempts) == (CallState.DELIVERED, 1)
        [attempt] = call.log.all()
        assert (attempt.status, attempt.fault) == (204, "")

    def test_what_is_undone_was_never_owed(self, webhook, laboratory):
        with transaction.atomic():
            assert emit(laboratory, subject="people", type="x", data={}, key="k") == 1
            transaction.set_rollback(True)
        assert not WebhookCall.objects.exists()
        assert not Promise.objects.filter(task=TASK).exists()

    def test_another_subject_and_another_organisation_are_not_told(self, webhook, laboratory, desk):
        with transaction.atomic():
            assert emit(laboratory, subject="lines", type="x", data={}, key="k") == 0
        assert happen(make.member("park", desk=desk)) == 0

    def test_a_tampered_message_does_not_verify(self, webhook, laboratory, receiver):
        happen(laboratory)
        WebhookCall.objects.update(body=json.dumps({"type": "forged"}))
        receiver.secret = secrets.new()
        work()
        assert receiver.got == []
        assert len(receiver.forged) == 1

    def test_a_worker_killed_after_the_call_calls_again_with_the_same_identifier(
        self, webhook, laboratory, receiver, monkeypatch
    ):
        happen(laboratory)

        class Killed(BaseException):
            pass

        def die(*args):
            raise Killed

        with monkeypatch.context() as deadly:
            deadly.setattr(calling, "_note", die)
            promise = Promise.objects.get(task=TASK)
            with pytest.raises(Killed):
                outbox.keep(promise.pk)
        assert WebhookCall.objects.get().state == CallState.WAITING
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
            work()
        assert len(receiver.got) == 2
        assert len(set(receiver.ids)) == 1
        assert WebhookCall.objects.get().state == CallState.DELIVERED

    def test_two_workers_at_once_call_once(self, webhook, laboratory, receiver):
        happen(laboratory)
        call = WebhookCall.objects.get()
        Webhook.objects.update(busy_until=datetime.now(UTC) + timedelta(seconds=30))
        assert calling.perform(call.pk) == 0
        Webhook.objects.update(busy_until=None)
        assert calling.perform(call.pk) == 1
        assert calling.perform(call.pk) == 0
        assert len(receiver.got) == 1

    def test_one_worker_goes_on_with_all_that_is_due(self, webhook, laboratory, receiver):
        for number in range(30):
            happen(laboratory, key=f"affiliation:{number}")
        assert calling.perform(WebhookCall.objects.order_by("pk").first().pk) == 30
        assert [call.message_id for call in WebhookCall.objects.order_by("pk")] == receiver.ids


class TestTheLadder:
    def test_ten_attempts_in_three_days_then_it_stops_and_the_referent_is_told(
        self, webhook, laboratory, leader, receiver
    ):
        receiver.status = 500
        begin = datetime(2026, 3, 2, 12, tzinfo=UTC)
        with time_machine.travel(begin, tick=False) as clock:
            happen(laboratory)
            while Promise.objects.open().filter(task=TASK).exists():
                due = Promise.objects.open().filter(task=TASK).order_by("due_at").first()
                clock.move_to(max(due.due_at, datetime.now(UTC)))
                outbox.keep(due.pk)
            call, webhook = WebhookCall.objects.get(), Webhook.objects.get()
            assert (call.state, webhook.state) == (CallState.GIVEN_UP, State.DISABLED)
            instants = [one.at - begin for one in call.log.all()]
            keep_rest()
        assert len(instants) == len(receiver.got) == 10
        waits = [b - a for a, b in pairwise(instants)]
        for wait, rung in zip(waits, calling.LADDER, strict=True):
            assert rung <= wait <= rung * 1.1 + timedelta(seconds=1)
        assert timedelta(hours=75) < instants[-1] < timedelta(hours=84)
        told = Notice.objects.get(person=leader, key__startswith="webhook:")
        assert "was stopped" in told.title
        assert [sent.to for sent in mail.outbox if sent.subject == told.title] == [[leader.email]]

    def test_a_success_on_the_way_ends_it(self, webhook, laboratory, receiver):
        receiver.status = 503
        with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False) as clock:
            happen(laboratory)
            work()
            receiver.status = 200
            clock.shift(timedelta(seconds=30))
            work()
        call, webhook = WebhookCall.objects.get(), Webhook.objects.get()
        assert (call.state, call.attempts) == (CallState.DELIVERED, 2)
        assert (webhook.failures, webhook.failing_since, webhook.resting_until) == (0, None, None)

    def test_while_it_fails_the_others_wait_and_are_not_used_up(
        self, webhook, laboratory, receiver
    ):
        receiver.status = 500
        with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False) as clock:
            for number in range(20):
                happen(laboratory, key=f"affiliation:{number}")
            work()
            assert WebhookAttempt.objects.count() == 1
            receiver.status = 200
            clock.shift(timedelta(minutes=6))
            work()
        states = set(WebhookCall.objects.values_list("state", flat=True))
        assert states == {CallState.DELIVERED}
        assert len(receiver.got) == 21

    def test_410_stops_it_at_once(self, webhook, laboratory, receiver):
        receiver.status = 410
        happen(laboratory)
        work()
        webhook.refresh_from_db()
        assert webhook.state == State.DISABLED
        assert WebhookCall.objects.get().state == CallState.GIVEN_UP
        assert WebhookEvent.objects.filter(step="disable", by_part="webhooks").count() == 1
        assert happen(laboratory, key="later") == 0


class TestBadReceivers:
    def attempt(self, laboratory) -> WebhookAttempt:
        happen(laboratory)
        work()
        return WebhookAttempt.objects.get()

    def test_a_redirect_is_a_failure_and_is_not_followed(self, webhook, laboratory, receiver):
        receiver.status, receiver.headers = 302, {"Location": receiver.url + "/other"}
        attempt = self.attempt(laboratory)
        assert (attempt.status, attempt.fault) == (302, "redirect")
        assert len(receiver.got) == 1
        assert WebhookCall.objects.get().state == CallState.WAITING

    def test_a_slow_one_is_left_alone(self, webhook, laboratory, receiver, monkeypatch):
        monkeypatch.setattr(posting, "SILENCE", 0.2)
        receiver.wait = 1.0
        attempt = self.attempt(laboratory)
        assert (attempt.status, attempt.fault) == (None, "slow")
        assert attempt.milliseconds < 900

    def test_one_that_answers_byte_by_byte_is_left_alone(
        self, webhook, laboratory, receiver, monkeypatch
    ):
        monkeypatch.setattr(posting, "WHOLE", 0.4)
        receiver.drip = True
        attempt = self.attempt(laboratory)
        assert (attempt.status, attempt.fault) == (None, "slow")
        assert attempt.milliseconds < 900

    def test_ten_megabytes_of_answer_are_not_read(self, webhook, laboratory, receiver):
        receiver.status, receiver.body = 200, b"x" * 10_000_000
        tracemalloc.start()
        attempt = self.attempt(laboratory)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert attempt.status == 200
        assert len(attempt.answer) == 300
        assert peak < 5_000_000
        assert WebhookCall.objects.get().state == CallState.DELIVERED

    def test_nobody_there(self, webhook, laboratory, receiver):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            Webhook.objects.update(url=f"http://127.0.0.1:{free.getsockname()[1]}/")
        assert self.attempt(laboratory).fault == "name"


PRIVATE = (
    "https://10.0.0.1/", "https://127.0.0.1/", "https://192.168.1.1/x", "https://169.254.169.254/",
    "https://[::1]/", "https://[fd00::1]/", "https://100.64.0.1/", "https://0.0.0.0/",
    "https://localhost/", "https://metadata.internal/", "http://example.org/", "ftp://example.org/",
    "https://user:word@example.org/", "https://example.org/#part", "nonsense",
)  # fmt: skip


class TestAddresses:
    @pytest.mark.parametrize("url", PRIVATE)
    def test_what_leads_inside_or_is_not_https_is_refused_when_it_is_typed(
        self, laboratory, leader, settings, url
    ):
        settings.WEBHOOK_ALLOW_LOOPBACK = False
        with pytest.raises(Invalid):
            managing.make(laboratory, url=url, name="x", subjects=["people"], by=Actor.of(leader))
        assert not Webhook.objects.exists()

    @pytest.mark.parametrize(
        "address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1"]
    )
    def test_a_name_that_leads_inside_is_refused_at_the_call(
        self, laboratory, leader, settings, monkeypatch, address
    ):
        """Judged when it is called, for a name may lead elsewhere by then."""
        settings.WEBHOOK_ALLOW_LOOPBACK = False
        managing.make(
            laboratory, url="https://hook.example.org/", name="x", subjects=["people"],
            by=Actor.of(leader),
        )  # fmt: skip
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        monkeypatch.setattr(
            socket, "getaddrinfo",
            lambda host, port, *a, **k: [(family, socket.SOCK_STREAM, 6, "", (address, port))],
        )  # fmt: skip

        def connect(*args):
            raise AssertionError("nothing may be connected to")

        monkeypatch.setattr(socket.socket, "connect", connect)
        answer = posting.post("https://hook.example.org/", b"{}", {})
        assert (answer.status, answer.fault) == (None, "address")

    @pytest.mark.parametrize(("demo", "starts"), [("0", False), ("1", True)])
    def test_the_setting_for_loopback_wants_the_demonstration(self, demo, starts):
        chosen = {"WEBHOOK_ALLOW_LOOPBACK": "1", "DEMO": demo, "TESTING": "0"}
        done = subprocess.run(
            [sys.executable, "-c", "import dinamis.settings"],
            env=os.environ | chosen,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode == 0) == starts, done.stderr
        assert ("only with DEMO" in done.stderr) != starts


class TestKeeping:
    def test_the_secret_is_sealed(self, webhook, receiver):
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret, old_secret FROM accounts_webhook")
            stored = "".join(cursor.fetchone())
        assert receiver.secret.removeprefix("whsec_") not in stored
        assert secrets.signing(webhook) == [receiver.secret]

    def test_for_a_day_after_a_rotation_both_secrets_sign(
        self, webhook, laboratory, leader, receiver
    ):
        former = receiver.secret
        start = datetime(2026, 3, 2, tzinfo=UTC)
        with time_machine.travel(start, tick=False):
            webhook, fresh = managing.rotate(webhook, by=Actor.of(leader))
        with time_machine.travel(start + timedelta(hours=23), tick=False):
            happen(laboratory, key="a")
            work()
            receiver.secret = fresh
            happen(laboratory, key="b")
            work()
        with time_machine.travel(start + timedelta(hours=25), tick=False):
            happen(laboratory, key="c")
            work()
            receiver.secret = former
            happen(laboratory, key="d")
            work()
        assert (len(receiver.got), len(receiver.forged)) == (3, 1)

    def test_a_replay_says_the_same_with_the_same_identifier(
        self, webhook, laboratory, leader, receiver
    ):
        happen(laboratory)
        work()
        managing.replay(WebhookCall.objects.get(), by=Actor.of(leader))
        work()
        assert receiver.got[0] == receiver.got[1]
        assert WebhookCall.objects.get().log.count() == 2

    def test_a_try_is_a_ping_and_twenty_an_hour_are_enough(self, webhook, leader, receiver):
        by = Actor.of(leader)
        managing.ping(webhook, by=by)
        work()
        assert receiver.got[0][1]["type"] == "ping"
        for _more in range(19):
            managing.ping(webhook, by=by)
        with pytest.raises(NotNow):
            managing.ping(webhook, by=by)
        assert WebhookCall.objects.count() == 20

    def test_paused_nothing_is_owed_and_what_waited_goes_out_when_it_goes_on(
        self, webhook, laboratory, leader, receiver
    ):
        by = Actor.of(leader)
        happen(laboratory, key="before")
        managing.take(webhook, "pause", by=by)
        work()
        assert happen(laboratory, key="meanwhile") == 0
        assert receiver.got == []
        managing.take(webhook, "resume", by=by)
        work()
        assert len(receiver.got) == 1

    def test_removed_it_is_called_no_more(self, webhook, laboratory, leader, receiver):
        happen(laboratory)
        managing.take(webhook, "remove", by=Actor.of(leader))
        work()
        assert receiver.got == []
        assert WebhookCall.objects.get().state == CallState.GIVEN_UP
        with pytest.raises(NotNow):
            managing.ping(webhook, by=Actor.of(leader))

    def test_only_referents_of_the_organisation_keep_it(self, webhook, laboratory, desk, receiver):
        for person in (desk, make.attached("eve@laboratory.example", laboratory)):
            by = Actor.of(person)
            for act in (
                lambda by=by: managing.make(
                    laboratory, url=receiver.url, name="x", subjects=["people"], by=by
                ),
                lambda by=by: managing.rotate(webhook, by=by),
                lambda by=by: managing.take(webhook, "remove", by=by),
                lambda by=by: managing.ping(webhook, by=by),
            ):
                with pytest.raises(NotAllowed):
                    act()
        assert Webhook.objects.get().state == State.ACTIVE

    def test_ten_are_the_limit(self, laboratory, leader):
        for number in range(10):
            managing.make(
                laboratory, url=f"https://hook.example.org/{number}", name="x",
                subjects=["people"], by=Actor.of(leader),
            )  # fmt: skip
        with pytest.raises(NotNow):
            managing.make(
                laboratory, url="https://hook.example.org/", name="x", subjects=["people"],
                by=Actor.of(leader),
            )  # fmt: skip

    @pytest.mark.parametrize("life", [LIFE, CALL_LIFE], ids=lambda life: life.name)
    def test_a_step_that_does_not_leave_the_state_is_refused(self, life):
        for name, row in life.steps.items():
            for state in set(life.states.values) - row.sources:
                with pytest.raises(NotNow):
                    life.check(name, state)


class TestPages:
    def test_a_referent_makes_one_sees_its_secret_once_and_tries_it(
        self, client, laboratory, leader, receiver
    ):
        client.force_login(leader)
        sent = {"name": "Map", "url": receiver.url, "subjects": ["people", "lines"]}
        page = client.post(reverse("webhooks"), sent)
        receiver.secret = page.context["made"][1]
        assert receiver.secret.encode() in page.content
        webhook = Webhook.objects.get()
        one = reverse("webhook", args=[webhook.pk])
        assert receiver.secret.encode() not in client.get(one).content
        assert client.post(reverse("webhook_ping", args=[webhook.pk])).status_code == 302
        work()
        assert receiver.got[0][1]["type"] == "ping"
        page = client.get(one)
        assert b"204" in page.content
        assert WebhookCall.objects.get().message_id.encode() in page.content

    def test_a_private_address_goes_back_into_the_form(self, client, leader, settings):
        settings.WEBHOOK_ALLOW_LOOPBACK = False
        client.force_login(leader)
        sent = {"name": "Map", "url": "https://10.0.0.1/", "subjects": ["people"]}
        page = client.post(reverse("webhooks"), sent)
        assert page.status_code == 422
        assert b"private network" in page.content
        assert b"https://10.0.0.1/" in page.content

    def test_a_change_keeps_the_secret(self, client, webhook, leader, receiver):
        client.force_login(leader)
        sent = {"name": "Renamed", "url": receiver.url, "subjects": ["lines"]}
        answer = client.post(reverse("webhook", args=[webhook.pk]), sent)
        assert answer.status_code == 302
        webhook.refresh_from_db()
        assert (webhook.name, webhook.subjects) == ("Renamed", ["lines"])
        assert secrets.signing(webhook) == [receiver.secret]


def keep_rest() -> None:
    """Let a worker keep every promise that is left: the mails."""
    for promise in Promise.objects.open():
        outbox.keep(promise.pk)
