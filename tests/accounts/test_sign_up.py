"""Signing up and in through allauth: mail by the worker, the same answer for known and unknown, the trail."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Affiliation, Event, User
from accounts.services.membership import memberships
from dinamis import retention
from dinamis.actors import Actor
from dinamis.callers import client_ip
from dinamis.outbox import Promise
from tests import make

pytestmark = pytest.mark.django_db

NEW = {
    "full_name": "Lou Mascaret", "email": "Lou@laboratory.example", "password1": "mangroves and tides",
}  # fmt: skip


def sign_up(client: Client, **changed: str):
    return client.post("/accounts/signup/", NEW | changed)


def confirm(client: Client) -> None:
    """Open the link of the last mail, and confirm."""
    make.keep_promises()
    path = re.search(r"(/accounts/confirm-email/[^\s>]+)", mail.outbox[-1].body)[1]
    assert client.get(path).status_code == 200
    client.post(path)


def test_a_new_person_has_a_name_a_language_and_proves_the_address(client):
    client.cookies["django_language"] = "en"
    answer = sign_up(client)
    assert answer["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert (user.full_name, user.email, user.language) == (
        "Lou Mascaret",
        "lou@laboratory.example",
        "en",
    )
    assert mail.outbox == []
    confirm(client)
    assert EmailAddress.objects.get().verified
    assert mail.outbox[0].subject == "Yours: prove your address to open your DINAMIS account"


def test_opening_the_confirmation_confirms_nothing(client):
    sign_up(client)
    make.keep_promises()
    path = re.search(r"(/accounts/confirm-email/[^\s>]+)", mail.outbox[-1].body)[1]
    client.get(path)
    client.head(path)
    assert not EmailAddress.objects.get().verified


def test_nobody_enters_before_the_address_is_proved(client):
    sign_up(client)
    other = Client()
    other.post("/accounts/login/", {"login": NEW["email"], "password": NEW["password1"]})
    assert other.get("/account/").status_code == 302
    confirm(client)
    entered = other.post("/accounts/login/", {"login": NEW["email"], "password": NEW["password1"]})
    assert entered.status_code == 302
    assert other.get("/account/").status_code == 200


def test_the_referent_of_a_new_member_is_attached_on_proving_the_address(licences, desk, client):
    made = make.membership(referent_email="lou@laboratory.example")
    memberships.approve(made, by=Actor.of(desk))
    assert not Affiliation.objects.exists()
    sign_up(client)
    assert not Affiliation.objects.exists()
    confirm(client)
    affiliation = Affiliation.objects.get()
    assert (affiliation.user.email, affiliation.is_referent, affiliation.state) == (
        "lou@laboratory.example",
        True,
        "active",
    )


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make.person("known@laboratory.example")
    answers = [sign_up(Client(), email=f"{name}@laboratory.example") for name in ("known", "new")]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    asked = {n: Client().post("/accounts/password/reset/", {"email": f"{n}@laboratory.example"}, follow=True)
             for n in ("known", "nobody")}  # fmt: skip
    told = [re.sub(r"(csrf|nonce)[^>]*>", "", page.content.decode()) for page in asked.values()]
    assert told[0] == told[1]
    refused = [Client().post("/accounts/login/", {"login": f"{n}@laboratory.example", "password": "no"})
               for n in ("known", "nobody")]  # fmt: skip
    known, unknown = (page.context["form"].non_field_errors() for page in refused)
    assert known == unknown


def test_the_known_person_is_told_by_mail_that_the_account_exists(client):
    make.person("known@laboratory.example")
    sign_up(client, email="known@laboratory.example")
    make.keep_promises()
    assert [m.subject for m in mail.outbox] == ["You already have a DINAMIS account"]
    assert User.objects.count() == 1


# The hasher of service. Time is our process's own, so that a busy machine does not decide.
DEAR = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def _seconds(email: str) -> float:
    client = Client()
    start = time.process_time()
    sign_up(client, email=email)
    return time.process_time() - start


def _ratio() -> float:
    """How much longer an unknown address takes than a known one, medians of five."""
    known, unknown = [], []
    for number in range(5):
        known.append(_seconds("known@laboratory.example"))
        unknown.append(_seconds(f"new{number}@laboratory.example"))
    return statistics.median(unknown) / statistics.median(known)


@override_settings(PASSWORD_HASHERS=DEAR)
def test_signing_up_takes_as_long_for_a_known_address():
    make.person("known@laboratory.example")
    assert 0.8 < _ratio() <= 1.2


@override_settings(PASSWORD_HASHERS=DEAR)
def test_without_the_dummy_hash_time_would_tell(monkeypatch):
    """The control: the test above can fail."""
    monkeypatch.setattr("accounts.adapter.make_password", lambda password: "")
    make.person("known@laboratory.example")
    assert _ratio() > 3


def test_a_forgotten_password_is_changed_by_a_link_the_worker_makes(client):
    user = make.person("known@laboratory.example")
    client.post("/accounts/password/reset/", {"email": user.email})
    assert "key" not in str(list(Promise.objects.values("arguments")))
    make.keep_promises()
    path = re.search(r"(/accounts/password/reset/key/[^\s>]+)", mail.outbox[0].body)[1]
    page = client.get(path, follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": "a wholly new password", "password2": "a wholly new password"})
    user.refresh_from_db()
    assert user.check_password("a wholly new password")


def test_an_unknown_address_is_told_that_it_has_no_account(client):
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    make.keep_promises()
    assert [m.to for m in mail.outbox] == [["nobody@example.org"]]
    assert "/accounts/signup/" in mail.outbox[0].body


def test_sign_ins_failures_and_sign_outs_are_in_the_trail(client):
    user = make.person("known@laboratory.example")
    login = {"login": user.email, "password": "wrong"}
    client.post("/accounts/login/", login, headers={"User-Agent": "test browser"})
    client.post("/accounts/login/", login | {"password": make.PASSWORD})
    client.post("/accounts/logout/")
    events = list(Event.objects.order_by("pk").values_list("kind", "user", "ip"))
    assert events == [
        ("sign_in_failed", None, "127.0.0.1"),
        ("signed_in", user.pk, "127.0.0.1"),
        ("signed_out", user.pk, "127.0.0.1"),
    ]
    assert Event.objects.last().user_agent == "test browser"
    assert "wrong" not in str(list(Event.objects.values()))


def test_a_refusal_is_kept_although_what_it_refused_was_rolled_back(stranger, as_):
    as_(stranger).get("/desk/memberships/")
    event = Event.objects.get()
    assert (event.kind, event.code, event.status, event.user, event.route) == (
        "refused",
        "desk_only",
        403,
        stranger,
        "desk/memberships/",
    )


def test_events_are_kept_a_year_and_then_deleted(stranger, as_):
    for days in (364, 366):
        Event.objects.create(
            kind="signed_in", user=stranger, at=timezone.now() - timedelta(days=days)
        )
    assert retention.apply()["events"] == 1
    with pytest.raises(Exception, match="Cannot delete"):
        Event.objects.all().delete()


def test_an_event_is_never_changed(stranger):
    Event.objects.create(kind="signed_in", user=stranger)
    with pytest.raises(Exception, match="Cannot update"):
        Event.objects.update(kind="refused")


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(rf):
    forged = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.1"})
    assert client_ip(forged) == "192.0.2.1"
    assert client_ip(rf.get("/")) == "127.0.0.1"


def test_without_a_proxy_a_forged_address_is_ignored(rf):
    assert client_ip(rf.get("/", headers={"X-Forwarded-For": "6.6.6.6"})) == "127.0.0.1"


def test_a_closed_account_is_out_at_the_next_request(researcher, as_):
    browser = as_(researcher)
    assert browser.get("/account/").status_code == 200
    researcher.is_active = False
    researcher.save()
    assert browser.get("/account/").status_code == 302


def test_a_changed_password_is_told_by_mail_and_ends_other_sessions(client):
    user = make.person("known@laboratory.example")
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": user.email, "password": make.PASSWORD})
    sent = {
        "oldpassword": make.PASSWORD,
        "password1": "a wholly new one",
        "password2": "a wholly new one",
    }
    client.post("/accounts/password/change/", sent)
    assert other.get("/account/").status_code == 302
    make.keep_promises()
    assert [m.to for m in mail.outbox] == [[user.email]]
