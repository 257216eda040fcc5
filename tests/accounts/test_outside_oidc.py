"""What a provider may answer wrong, and what somebody between us may try: nobody enters by it."""

import threading
import time

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection
from django.test import Client

from accounts.models import Event, User
from accounts.outside import http
from tests import make
from tests.accounts import outside_peer
from tests.accounts.outside_peer import asked, forged, leave, set_up, sign_in

pytestmark = [pytest.mark.django_db, outside_peer.LATE]
DESCRIPTION = "/.well-known/openid-configuration"
TOKEN, WHO, KEYS = "/oauth2/token", "/userinfo", "/jwks"
ADA = {"name": "Ada Person", "email": "ada@lab.example", "email_verified": True}


@pytest.fixture(scope="module")
def provider():
    with outside_peer.running() as peer:
        yield peer


@pytest.fixture
def peer(provider, settings):
    provider.begin().knows("ada", **ADA)
    set_up(settings, provider.entry())
    return provider


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


def nobody_came_in(browser: Client) -> bool:
    assert User.objects.count() == 0
    assert SocialAccount.objects.count() == 0
    return browser.get("/account/").status_code == 302


def test_what_is_asked_carries_state_nonce_and_pkce(peer, browser):
    said = asked(leave(browser))
    assert said["response_type"] == "code"
    assert set(said["scope"].split()) == {"openid", "profile", "email"}
    assert said["code_challenge_method"] == "S256"
    assert said["redirect_uri"].endswith("/accounts/oidc/lab/login/callback/")
    assert len(said["state"]) >= 16
    assert len(said["nonce"]) == 64
    assert asked(leave(browser))["nonce"] != said["nonce"]


def test_a_visitor_changes_nothing_of_what_is_asked(peer, browser):
    address = (
        "/accounts/oidc/lab/login/?scope=admin&auth_params=nonce%3Dmine%26prompt%3Dnone&action=x"
    )
    said = asked(browser.post(address))
    assert "admin" not in said["scope"]
    assert said["nonce"] != "mine"
    assert "prompt" not in said


def _token(change):
    def changed(told):
        return told | {"id_token": change(told["id_token"])}

    return changed


LIES = {
    "another key": (TOKEN, _token(lambda token: forged(token))),
    "no signature": (TOKEN, _token(lambda token: forged(token, algorithm="none"))),
    "a shared secret": (TOKEN, _token(lambda token: forged(token, key="s" * 32, algorithm="HS256"))),
    "no token": (TOKEN, lambda told: {"access_token": told["access_token"], "token_type": "Bearer"}),
    "no token at all": (TOKEN, lambda told: {"error": "server_error"}),
    "another person": (WHO, lambda told: told | {"sub": "eve"}),
    "no object": (WHO, lambda told: ["ada"]),
    "another issuer": (DESCRIPTION, lambda told: told | {"issuer": "https://other.example"}),
    "no description": (DESCRIPTION, lambda told: {"issuer": told["issuer"]}),
    "no keys": (KEYS, lambda told: {"keys": []}),
    "nonsense for keys": (KEYS, lambda told: {"keys": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_opens_nothing_and_is_told_as_one(peer, browser, lie):
    path, change = LIES[lie]
    peer.changes[path] = change
    left = leave(browser)
    answer = left if left.status_code != 200 else browser.get(peer.answer(left, "ada"))
    assert answer.status_code == 401
    assert "could not be believed" in answer.content.decode()
    assert nobody_came_in(browser)
    assert list(Event.objects.values_list("kind", "code")) == [("sign_in_failed", "lab")]


CLAIMS = {
    "nonce": {"nonce": "of another sign-in"},
    "audience": {"aud": "another-client"},
    "issuer": {"iss": "https://other.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "from tomorrow": {"iat": int(time.time()) + 86400},
    "nobody": {"sub": ""},
    "too long": {"sub": "x" * 192},
}


@pytest.mark.parametrize("wrong", CLAIMS)
def test_a_token_signed_by_the_provider_itself_must_still_be_for_us_and_now(peer, browser, wrong):
    """The provider's keys are replaced by ours, so that every other check is met."""
    key = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.to_jwk(private.public_key(), as_dict=True) | {"use": "sig", "alg": "RS256"}
    peer.changes[KEYS] = lambda told: {"keys": [{**told["keys"][0], **public}]}
    sent: list[dict] = [{}, CLAIMS[wrong]]
    peer.changes[TOKEN] = _token(lambda token: forged(token, key=private, **sent.pop()))
    assert sign_in(browser, peer, "ada").status_code == 401
    assert nobody_came_in(browser)
    assert (
        sign_in(browser, peer, "ada").status_code == 302
    )  # the control: the same without the fault
    assert User.objects.count() == 1


def test_an_answer_with_another_state_or_none_is_not_believed(peer, browser):
    back = peer.answer(leave(browser), "ada")
    for wrong in (back.replace("state=", "state=x"), back.partition("&state=")[0]):
        assert browser.get(wrong).status_code == 401
    assert nobody_came_in(browser)
    assert browser.get(back).status_code == 302


def test_an_answer_is_worth_nothing_in_another_browser_or_twice(peer, browser):
    back = peer.answer(leave(browser), "ada")
    thief = Client()
    leave(thief)
    assert thief.get(back).status_code == 401
    assert nobody_came_in(thief)
    assert browser.get(back).status_code == 302
    browser.post("/accounts/logout/")
    assert browser.get(back).status_code == 401


def test_an_answer_of_one_provider_is_not_one_of_another(peer, browser, settings):
    set_up(settings, peer.entry(), peer.entry("other", name="Other", trusted_domains=[]))
    back = peer.answer(leave(browser, "other"), "ada")
    assert browser.get(back.replace("/other/", "/lab/")).status_code == 401
    assert nobody_came_in(browser)


def test_two_providers_may_know_us_by_the_same_name(peer, browser, settings):
    set_up(settings, peer.entry(), peer.entry("other", name="Other", trusted_domains=[]))
    make.second_factor(user := make.person("ada@lab.example"))
    sign_in(browser, peer, "ada")
    browser.post("/accounts/2fa/authenticate/", {"code": make.code(user)})
    assert SocialAccount.objects.get().provider == "lab"


def test_whoever_says_no_over_there_is_told_so_and_nothing_is_noted(peer, browser):
    answer = browser.get(peer.answer(leave(browser), "ada", deny=True), follow=True)
    assert "You did not sign in over there" in answer.content.decode()
    assert Event.objects.count() == 0


@pytest.mark.parametrize("at_once", [True, False], ids=["at the way there", "on the way back"])
def test_a_provider_that_is_away_gets_a_page_that_says_so(peer, browser, at_once):
    left = None if at_once else leave(browser)
    back = None if at_once else peer.answer(left, "ada")
    peer.away = True
    answer = leave(browser) if at_once else browser.get(back)
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)
    assert nobody_came_in(browser)


def test_a_provider_that_is_not_there_at_all(peer, browser, settings):
    set_up(settings, peer.entry(server_url="http://127.0.0.1:9"))
    answer = leave(browser)
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)


def test_a_provider_that_drips_is_left_after_a_while(peer, browser, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    peer.changes[DESCRIPTION] = lambda told: time.sleep(0.6) or told
    began = time.monotonic()
    assert leave(browser).status_code == 503
    assert time.monotonic() - began < 2


def test_a_provider_that_talks_without_end_is_left(peer, browser, monkeypatch):
    monkeypatch.setattr(http, "MAX_ANSWER", 1000)
    peer.changes[DESCRIPTION] = lambda told: told | {"more": "x" * 2000}
    assert leave(browser).status_code == 503


def test_a_provider_that_sends_us_elsewhere_is_not_followed(peer, browser):
    plain = peer.application
    head = "302 Found", [("Location", peer.url)]
    peer.application = lambda environ, start: (start(*head), [b""])[1]
    try:
        assert leave(browser).status_code == 401
    finally:
        peer.application = plain


def test_the_description_is_asked_once_in_ten_minutes(peer, browser):
    for _time in range(3):
        leave(browser)
    assert peer.asked.count(DESCRIPTION) == 1


def test_a_provider_nobody_set_up_does_not_exist(peer, browser):
    for name in ("other", "openid_connect", "saml"):
        assert leave(browser, name).status_code == 404
        assert browser.get(f"/accounts/oidc/{name}/login/callback/?code=x").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account(peer):
    backs = []
    for _number in range(2):
        browser = Client()
        backs.append((browser, peer.answer(leave(browser), "ada")))
    start, answers = threading.Barrier(2), []

    def enter(browser: Client, back: str) -> None:
        start.wait()
        answers.append(browser.get(back).status_code)
        connection.close()

    threads = [threading.Thread(target=enter, args=one) for one in backs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert User.objects.count() == SocialAccount.objects.count() == 1
