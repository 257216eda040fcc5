"""Whoever tries passwords is slowed down; the owner of the address never stands before a locked house.

allauth's own limits, on real Redis. The passkey's way is tried in tests/browser/test_passkey.py.
"""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.models import Event, User
from tests import make
from tests.accounts import outside_peer
from tests.accounts.outside_peer import set_up, sign_in

pytestmark = [pytest.mark.django_db, outside_peer.LATE]
TOO_MANY = "Too many failed login attempts"
ATTACKER, OWNER = "203.0.113.9", "192.0.2.7"


@pytest.fixture(autouse=True)
def _limits(settings):
    """As in service; the other tests have none."""
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def user(db) -> User:
    return make.person("nina@laboratory.example")


def try_password(email: str, password: str, *, ip: str = OWNER) -> tuple[Client, str]:
    """One attempt by a browser of its own; what the form says to it."""
    browser = Client(REMOTE_ADDR=ip, headers={"accept-language": "en"})
    answer = browser.post("/accounts/login/", {"login": email, "password": password})
    said = "" if answer.status_code == 302 else str(answer.context["form"].non_field_errors())
    return browser, said


def is_inside(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


@pytest.fixture
def tried(user):
    """Five wrong passwords, by somebody elsewhere."""
    said = [try_password(user.email, f"guess {number}", ip=ATTACKER)[1] for number in range(5)]
    assert not any(TOO_MANY in one for one in said)


def test_after_five_wrong_passwords_even_the_right_one_waits(user, tried):
    for ip in (ATTACKER, OWNER):
        browser, said = try_password(user.email, make.PASSWORD, ip=ip)
        assert TOO_MANY in said
        assert not is_inside(browser)
    assert Event.objects.filter(kind="sign_in_failed").count() == 5


def test_four_wrong_passwords_and_the_right_one_are_no_matter(user):
    for number in range(4):
        try_password(user.email, f"guess {number}", ip=ATTACKER)
    assert is_inside(try_password(user.email, make.PASSWORD)[0])


def test_an_address_nobody_has_is_answered_the_same(user, tried):
    for number in range(5):
        try_password("nobody@laboratory.example", f"guess {number}", ip="203.0.113.10")
    known, unknown = (
        try_password(f"{name}@laboratory.example", "guess", ip="203.0.113.11")[1]
        for name in ("nina", "nobody")
    )
    assert known == unknown
    assert TOO_MANY in known


def test_another_address_is_not_touched_not_even_from_the_same_place(user, tried):
    other = make.person("other@laboratory.example")
    assert is_inside(try_password(other.email, make.PASSWORD, ip=ATTACKER)[0])


def test_somebody_inside_stays_inside(user, tried, as_):
    browser = as_(user)
    assert is_inside(browser)


def test_a_new_password_by_mail_opens_at_once(user, tried):
    browser = Client(REMOTE_ADDR=OWNER, headers={"accept-language": "en"})
    browser.post("/accounts/password/reset/", {"email": user.email})
    make.keep_promises()
    path = re.search(r"(/accounts/password/reset/key/[^\s>]+)", mail.outbox[-1].body)[1]
    form = browser.get(path, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "a wholly new one", "password2": "a wholly new one"})
    entered, said = try_password(user.email, "a wholly new one")
    assert said == ""
    assert is_inside(entered)


def test_an_outside_identity_opens_at_once(user, tried, settings):
    with outside_peer.running() as peer:
        set_up(settings, peer.entry(trusted_domains=[]))
        peer.knows("nina", name="Nina", email=user.email, email_verified=True)
        SocialAccount.objects.create(user=user, provider="lab", uid="nina")
        browser = Client(REMOTE_ADDR=OWNER)
        sign_in(browser, peer, "nina")
        assert is_inside(browser)


def test_an_outside_identity_joins_by_its_trusted_address_too(user, tried, settings):
    with outside_peer.running() as peer:
        set_up(settings, peer.entry(trusted_domains=["laboratory.example"]))
        peer.knows("nina", name="Nina", email=user.email, email_verified=True)
        browser = Client(REMOTE_ADDR=OWNER)
        sign_in(browser, peer, "nina")
        assert is_inside(browser)


def test_one_place_that_tries_many_addresses_is_stopped_too():
    said = [
        try_password(f"person{number}@laboratory.example", "guess", ip=ATTACKER)[1]
        for number in range(12)
    ]
    assert [TOO_MANY in one for one in said] == [False] * 10 + [True] * 2
    assert TOO_MANY not in try_password("person1@laboratory.example", "guess")[1]
