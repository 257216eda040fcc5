"""DINAMIS as an OpenID Connect provider: what it says of itself, the code flow, tokens, revocation, leaving."""

from datetime import timedelta

import pytest
import time_machine
from allauth.idp.oidc.models import Client as Row
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services.people import affiliations
from accounts.services.programs import grants, programs, signing_keys
from accounts.services.programs.programs import Facts
from dinamis.actors import Actor
from tests.accounts import provider
from tests.make import SYSTEM

pytestmark = pytest.mark.django_db
# allauth makes a URL field without saying which scheme it assumes.
SCHEME = pytest.mark.filterwarnings("ignore:The default scheme will be changed")
ALL = ("profile", "email", "organisation", "read", "offline_access")


@pytest.fixture
def program():
    return provider.app(*ALL)


@pytest.fixture
def browser(researcher, as_):
    return as_(researcher)


def userinfo(token: str):
    return Client().get("/identity/o/api/userinfo", headers={"authorization": f"Bearer {token}"})


def api(token: str, method: str = "get", path: str = "/api/v1/orders"):
    return getattr(Client(), method)(path, headers={"authorization": f"Bearer {token}"})


def test_it_says_of_itself_only_what_it_does(settings):
    said = Client().get("/.well-known/openid-configuration").json()
    assert said["issuer"] == settings.SITE_URL
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["response_types_supported"] == ["code"]
    assert provider.DEVICE_GRANT in said["grant_types_supported"]
    assert "implicit" not in said["grant_types_supported"]
    assert {"openid", "organisation", "offline_access"} <= set(said["scopes_supported"])
    for name in ("authorization", "token", "userinfo", "revocation", "end_session", "jwks"):
        key = "jwks_uri" if name == "jwks" else f"{name}_endpoint"
        assert said[key].startswith("http://testserver/"), key


def test_the_page_of_consent_names_the_program_and_its_scopes_in_words(browser, program):
    page = browser.get(provider.address(program))
    html = page.content.decode()
    assert "Plugin wants to use your DINAMIS account" in html
    assert "read which organisation you belong to" in html
    assert "form-action 'self' https://theia.example" in page["Content-Security-Policy"]


def test_a_code_gives_an_identity_that_is_stable_and_says_nothing(browser, program, researcher):
    got = provider.tokens(browser, program)
    who = userinfo(got["access_token"]).json()
    assert who == {
        "sub": str(researcher.public_id),
        "name": researcher.full_name,
        "email": researcher.email,
        "email_verified": True,
        "organisation": {
            "name": "The laboratory",
            "country": "FR",
            "identifiers": {},
            "is_member": True,
        },
    }
    assert got["refresh_expires_in"] == pytest.approx(30 * 86400, abs=5)


def test_what_is_unticked_is_not_given(browser, program):
    page = browser.get(provider.address(program))
    code = provider.said(provider.agree(browser, page, scopes=["openid", "profile"]))["code"]
    got = provider.exchange(program, code).json()
    assert got["scope"].split() == ["openid", "profile"]
    assert "refresh_token" not in got
    assert set(userinfo(got["access_token"]).json()) == {"sub", "name"}
    assert not Token.objects.filter(type=Token.Type.REFRESH_TOKEN).exists()


def test_who_says_no_goes_back_with_that_and_the_state(browser, program):
    page = browser.get(provider.address(program))
    answer = provider.agree(browser, page, action="cancel")
    assert provider.said(answer) == {"error": "access_denied", "state": "the-state"}
    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"redirect_uri": "https://evil.example/"},
        {"code": "nonsense"},
    ],
    ids=lambda changed: next(iter(changed)) + "=" + next(iter(changed.values()))[:9],
)
def test_a_code_alone_is_worth_nothing(browser, program, changed):
    code = provider.code_for(browser, program)
    answer = provider.exchange(program, **{"code": code} | changed)
    assert answer.status_code in {400, 401}
    assert Token.objects.count() == 0


def test_a_code_is_used_once(browser, program):
    code = provider.code_for(browser, program)
    assert provider.exchange(program, code).status_code == 200
    again = provider.exchange(program, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_anothers_code_is_refused(browser, program):
    other = provider.app(*ALL, name="Other")
    assert provider.exchange(other, provider.code_for(browser, program)).status_code == 400
    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://theia.example.evil.example/callback",
        "https://theia.example/callback/../open",
        "https://theia.example/",
        "http://theia.example/callback",
        "https://theia.example:444/callback",
        "https://theia.example@evil.example/callback",
        "//evil.example/callback",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_that_is_not_the_programs_is_never_redirected_to(browser, program, uri):
    answer = browser.get(provider.address(program, redirect_uri=uri))
    assert answer.status_code == 400
    assert "Location" not in answer
    assert "This sign-in cannot go on" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        (
            {"code_challenge": provider.VERIFIER, "code_challenge_method": "plain"},
            "invalid_request",
        ),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "id_token token", "nonce": "n"}, "unauthorized_client"),
        ({"scope": "openid order"}, "invalid_scope"),
    ],
)
def test_a_weak_or_wide_question_goes_back_as_an_error(browser, program, changed, error):
    answer = browser.get(provider.address(program, **changed))
    told = answer["Location"].replace("#", "?")
    assert told.startswith(f"{provider.RETURN}?")
    assert f"error={error}" in told
    assert "state=the-state" in told


def test_silence_is_for_what_this_very_program_was_granted(browser, program):
    provider.tokens(browser, program)
    other = provider.app(*ALL, name="Other")
    asked = {"prompt": "none", "nonce": "n"}
    assert "code" in provider.said(browser.get(provider.address(program, **asked)))
    answer = provider.said(browser.get(provider.address(other, **asked)))
    assert answer == {"error": "consent_required", "state": "the-state"}


def test_a_visitor_signs_in_first_and_comes_back(program):
    answer = Client().get(provider.address(program))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/identity/o/authorize")


def test_a_refresh_token_is_used_once(browser, program):
    first = provider.tokens(browser, program)
    second = provider.renew(program, first["refresh_token"])
    assert second.status_code == 200
    assert userinfo(second.json()["access_token"]).status_code == 200
    again = provider.renew(program, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert provider.renew(program, second.json()["refresh_token"]).status_code == 200


def test_tokens_are_kept_as_digests_and_end_with_their_time(browser, program):
    got = provider.tokens(browser, program)
    kept = str(list(Token.objects.values()))
    assert got["access_token"] not in kept
    assert got["refresh_token"] not in kept
    assert api(got["access_token"]).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert api(got["access_token"]).status_code == 401
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert provider.renew(program, got["refresh_token"]).status_code == 400
        assert grants.forget_expired() == 2


def test_a_token_acts_as_its_person_within_its_scopes(browser, program):
    token = provider.tokens(browser, program)["access_token"]
    assert api(token).status_code == 200
    refused = api(token, "post")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert api("nonsense").status_code == 401
    assert api(provider.tokens(browser, program)["refresh_token"]).status_code == 401


def test_rights_are_looked_up_at_each_request(browser, program, researcher, referent):
    token = provider.tokens(browser, program)["access_token"]
    row = researcher.affiliations.get()
    affiliations.end(row, reason="Gone.", by=Actor.of(referent))
    assert "organisation" not in userinfo(token).json()


def test_a_closed_account_ends_its_tokens(browser, program, researcher):
    got = provider.tokens(browser, program)
    researcher.is_active = False
    researcher.save()
    assert api(got["access_token"]).status_code == 401
    assert userinfo(got["access_token"]).status_code == 401
    assert provider.renew(program, got["refresh_token"]).status_code == 400


def test_a_token_asked_for_one_address_opens_no_other(browser, program):
    code = provider.code_for(browser, program, resource="http://testserver/stac/")
    token = provider.exchange(program, code).json()["access_token"]
    assert api(token).status_code == 401


def test_a_program_gives_its_tokens_back(browser, program):
    got = provider.tokens(browser, program)
    sent = {"token": got["access_token"], "client_id": program.client_id}
    assert Client().post("/identity/o/api/revoke", sent).status_code == 200
    assert api(got["access_token"]).status_code == 401


def test_the_person_sees_and_ends_what_was_granted(browser, program, other_researcher, as_):
    got = provider.tokens(browser, program)
    page = browser.get("/account/programs/").content.decode()
    assert "Plugin" in page
    assert "search and read as you" in page
    address = f"/account/programs/{program.client_id}/revoke/"
    assert as_(other_researcher).post(address).status_code == 404
    assert api(got["access_token"]).status_code == 200
    assert browser.post(address).status_code == 302
    assert api(got["access_token"]).status_code == 401
    assert provider.renew(program, got["refresh_token"]).status_code == 400


@SCHEME
def test_leaving_a_program_asks_whether_to_leave_dinamis_too(browser, program):
    got = provider.tokens(browser, program)
    asked = {
        "client_id": program.client_id,
        "id_token_hint": got["id_token"],
        "post_logout_redirect_uri": "https://theia.example/bye",
        "state": "s",
    }
    page = browser.get("/identity/o/logout", asked)
    assert "You are leaving Plugin" in page.content.decode()
    assert "https://theia.example" in page["Content-Security-Policy"]
    token = browser.cookies["csrftoken" if "csrftoken" in browser.cookies else "csrf"].value
    answer = browser.post(
        "/identity/o/logout", asked | {"action": "logout", "csrfmiddlewaretoken": token}
    )
    assert answer["Location"] == "https://theia.example/bye?state=s"
    assert api(got["access_token"]).status_code == 401
    assert browser.get("/account/").status_code == 302


@SCHEME
def test_leaving_never_leads_to_a_foreign_address(browser, program):
    asked = {"client_id": program.client_id, "post_logout_redirect_uri": "https://evil.example/"}
    answer = browser.get("/identity/o/logout", asked)
    assert (answer.status_code, answer.get("Location")) == (400, None)


def test_a_key_is_made_once_and_the_former_one_stays_published_for_a_week(settings, tmp_path):
    settings.OIDC_KEYS_DIR = tmp_path / "keys"
    first = signing_keys.published()
    assert [key.pem for key in signing_keys.published()] == [first[0].pem]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").glob("*.pem")} == {0o600}
    began, gone = signing_keys.rotate()
    assert gone == 0
    published = Client().get("/.well-known/jwks.json").json()["keys"]
    assert len(published) == 2
    assert all(set(key) & {"d", "p", "q"} == set() for key in published)
    adapter_key = provider_key()
    assert adapter_key == first[0].pem
    with time_machine.travel(began + timedelta(seconds=1)):
        assert provider_key() != first[0].pem
        assert len(Client().get("/.well-known/jwks.json").json()["keys"]) == 2
    with time_machine.travel(began + timedelta(days=7, seconds=1)):
        assert len(Client().get("/.well-known/jwks.json").json()["keys"]) == 1
        assert signing_keys.rotate()[1] == 1


def provider_key() -> str:
    from accounts.oidc import ProviderAdapter

    return ProviderAdapter().get_signing_key().pem


# ── The device flow ─────────────────────────────────────────────────────────────────────────────


def test_a_tool_is_signed_in_by_its_code(browser, licences):
    """As the `teledetection` client does it, under the identifier and at the address it knows."""
    sent = {"client_id": "gdal", "scope": "openid offline_access"}
    waiting = provider.post_form("/identity/o/api/auth/device", sent).json()
    assert waiting["interval"] == 5
    gdal = programs.Program.objects.get(client_id="gdal")
    assert provider.poll(gdal, waiting).json() == {"error": "authorization_pending"}
    assert provider.poll(gdal, waiting).json()["error"] == "slow_down"
    page = browser.get(waiting["verification_uri_complete"]).content.decode()
    assert "teledetection (Python) wants to use your DINAMIS account" in page
    assert "stay signed in for 30 days" in page
    assert waiting["user_code"] in page
    answer = browser.post(waiting["verification_uri_complete"], {"action": "confirm"})
    assert "is signed in" in answer.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        got = provider.poll(gdal, waiting).json()
        again = provider.poll(gdal, waiting)
    assert {"access_token", "refresh_token", "refresh_expires_in"} <= set(got)
    # It asks for no more than to sign in, and signs addresses of files with what it gets.
    assert set(got["scope"].split()) == {"openid", "offline_access", "read", "download"}
    assert "download files" in page
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert set(userinfo(got["access_token"]).json()) == {"sub"}
    renewed = provider.renew(gdal, got["refresh_token"], scope="openid offline_access").json()
    assert set(renewed["scope"].split()) == set(got["scope"].split())


def test_a_tool_that_is_refused_is_told(browser):
    tool = provider.tool("read")
    waiting = provider.ask_device(tool)
    answer = browser.post(waiting["verification_uri_complete"], {"action": "deny"})
    assert "is not signed in" in answer.content.decode()
    assert provider.poll(tool, waiting).json()["error"] == "access_denied"
    assert Token.objects.count() == 0


def test_a_device_code_ends_with_its_time(browser):
    tool = provider.tool("read")
    waiting = provider.ask_device(tool)
    for key in (
        f"user_code[{waiting['user_code'].lower()}]",
        f"device_code[{waiting['device_code']}]",
    ):
        assert cache.delete(f"allauth.idp.oidc.{key}")  # as Redis does once the time is over
    assert provider.poll(tool, waiting).json()["error"] == "invalid_grant"
    assert browser.get(waiting["verification_uri_complete"]).status_code == 422


def test_a_device_asks_no_more_than_its_program_may():
    tool = provider.tool("read")
    sent = {"client_id": tool.client_id, "scope": "openid order"}
    answer = provider.post_form(provider.DEVICE_CODE, sent)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_the_answer_to_a_device_comes_from_our_own_form(researcher):
    tool = provider.tool("read")
    waiting = provider.ask_device(tool)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(researcher)
    answer = browser.post(waiting["verification_uri_complete"], {"action": "confirm"})
    assert answer.status_code == 403
    assert provider.poll(tool, waiting).json()["error"] == "authorization_pending"


def test_codes_are_not_guessed_at_speed(browser):
    answers = [browser.get("/identity/o/device", {"code": f"AAAA-{n}"}) for n in range(7)]
    told = ["Incorrect code." in answer.content.decode() for answer in answers]
    assert told == [True] * 5 + [False] * 2


# ── Registration ────────────────────────────────────────────────────────────────────────────────


def test_a_secret_is_shown_once_and_kept_as_a_digest(administrator, as_):
    form = {
        "name": "THEIA",
        "kind": "site",
        "scopes": ["openid", "profile"],
        "redirect_uris": provider.RETURN,
    }
    browser = as_(administrator)
    page = browser.post("/desk/programs/", form).content.decode()
    made = programs.Program.objects.get(name="THEIA")
    secret = page.split('data-copy="dnc_')[1].split('"')[0]
    assert f"dnc_{secret}" not in str(programs.Program.objects.values().get(pk=made.pk))
    assert Row.objects.get(pk=made.client_id).check_secret(f"dnc_{secret}")
    assert "dnc_" not in browser.get(f"/desk/programs/{made.pk}/").content.decode()
    page = browser.post(f"/desk/programs/{made.pk}/renew/").content.decode()
    assert "dnc_" in page
    assert not Row.objects.get(pk=made.client_id).check_secret(f"dnc_{secret}")
    assert list(made.events.values_list("step", flat=True)) == ["register", "renew"]


@pytest.mark.parametrize(
    ("kind", "uris"),
    [
        ("site", "http://theia.example/cb"),
        ("site", "org.example.app:/cb"),
        ("site", "https://*.theia.example/cb"),
        ("site", "https://user:word@theia.example/cb"),
        ("site", "https://theia.example/cb#x"),
        ("site", ""),
        ("app", "javascript:alert(1)"),
        ("app", "file:///etc/passwd"),
        ("app", "https://"),
        ("tool", "https://theia.example/cb"),
        ("app", "\n".join(f"https://theia.example/{n}" for n in range(11))),
    ],
)
def test_a_wrong_address_is_refused_in_the_form(administrator, as_, kind, uris):
    form = {"name": "X", "kind": kind, "scopes": ["openid"], "redirect_uris": uris}
    assert as_(administrator).post("/desk/programs/", form).status_code == 422
    assert not programs.Program.objects.filter(name="X").exists()


@pytest.mark.parametrize(
    "uri", ["https://a.example/cb", "http://127.0.0.1/cb", "http://[::1]:1/", "org.example.app:/cb"]
)
def test_an_application_may_return_to_its_own_machine(uri):
    assert provider.app(uris=(uri,)).redirect_uris == [uri]


def test_a_disabled_program_is_unknown_and_its_tokens_are_gone(browser, program):
    got = provider.tokens(browser, program)
    programs.disable(program, by=SYSTEM)
    assert api(got["access_token"]).status_code == 401
    assert provider.renew(program, got["refresh_token"]).status_code == 401
    assert browser.get(provider.address(program)).status_code == 400
    programs.enable(program, by=SYSTEM)
    assert api(got["access_token"]).status_code == 401
    assert browser.get(provider.address(program)).status_code == 200


def test_narrower_scopes_end_what_was_granted_beyond_them(browser, program):
    token = provider.tokens(browser, program)["access_token"]
    programs.change(program, Facts("Plugin", ["openid", "read"], [provider.RETURN]), by=SYSTEM)
    assert api(token).status_code == 401


def test_keys_of_people_and_tokens_speak_of_the_same_scopes():
    assert {"read", "download", "order"} == set(ApiKey.Scope.values)
