"""Who decides for others has a second factor: no page, no key and no token is a way round it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import policies
from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.models import User
from accounts.services.people import affiliations, duties
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from tests import make
from tools import totp

pytestmark = pytest.mark.django_db
LEAD = "/account/second-factor/"


def without_factor(user: User) -> User:
    Authenticator.objects.filter(user=user).delete()
    return user


def sign_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/accounts/login/", {"login": user.email, "password": make.PASSWORD})
    return client


def prove(client: Client, code: str) -> bool:
    """Send a code to the page that asks for it; return whether it was taken."""
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302


@pytest.mark.parametrize(
    "who", ["referent", "desk", "quota_administrator", "administrator"], ids=str
)
def test_whoever_decides_for_others_is_led_to_a_second_factor(who, request, as_):
    user = without_factor(request.getfixturevalue(who))
    browser = as_(user)
    for path in ("/", "/organisation/", "/desk/", "/admin/", "/account/keys/", "/catalogue/"):
        assert browser.get(path)["Location"] == LEAD, path
    page = browser.get(LEAD)
    assert page.status_code == 200
    assert reverse("mfa_activate_totp") in page.content.decode()
    refused = browser.get("/api/v1/openapi.json")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")


def test_the_way_to_a_factor_is_never_closed_and_opens_the_rest(
    desk, django_capture_on_commit_callbacks
):
    browser = sign_in(without_factor(desk))
    for name in ("account_email", "account_change_password", "account_logout", "mfa_index"):
        assert browser.get(reverse(name)).status_code == 200, name
    asked = browser.get(reverse("mfa_activate_totp"))
    browser.post(asked["Location"], {"password": make.PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("mfa_activate_totp"), {"code": totp.code(secret)})
    assert policies.has_second_factor(desk)
    assert browser.get("/desk/").status_code == 200
    assert browser.get(LEAD)["Location"] == reverse("mfa_index")
    stored = Authenticator.objects.get(user=desk, type="totp").data["secret"]
    assert secret not in stored
    make.keep_promises()
    assert [one.to for one in mail.outbox] == [[desk.email]]


def test_people_who_decide_for_themselves_alone_are_not_led(researcher, stranger, as_):
    for user in (researcher, stranger):
        assert not policies.must_have_second_factor(user)
        assert as_(user).get("/account/").status_code == 200


def test_a_key_of_a_referent_without_factor_opens_nothing(referent, client):
    key, secret = api_keys.create(referent, name="cli", scopes=["read"], by=Actor.of(referent))
    headers = {"access-key": key.access_key, "secret-key": secret}
    assert client.get("/api/v1/orders", headers=headers).status_code == 200
    without_factor(referent)
    refused = client.get("/api/v1/orders", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")


def test_a_code_is_used_once_also_with_spaces(desk):
    code = make.code(desk)
    spaced = f"{code[:3]} {code[3:]}"
    assert prove(sign_in(desk), spaced)
    assert not prove(sign_in(desk), spaced)
    assert not prove(sign_in(desk), code)


def recovery_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def test_a_recovery_code_works_once_and_the_person_hears_of_it(
    desk, django_capture_on_commit_callbacks
):
    first, second, *_rest = recovery_codes(desk)
    with django_capture_on_commit_callbacks(execute=True):
        assert prove(sign_in(desk), first)
    make.keep_promises()
    told = [(one.to, one.subject) for one in mail.outbox]
    assert told == [([desk.email], "A recovery code was used")]
    assert "9 are left." in mail.outbox[0].body
    assert first not in mail.outbox[0].body
    again = sign_in(desk)
    assert not prove(again, first)
    assert again.get("/desk/")["Location"].startswith("/accounts/login/")
    assert len(recovery_codes(desk)) == 9
    assert prove(again, second)
    assert again.get("/desk/").status_code == 200


def test_a_recovery_code_spent_inside_a_session_is_told_too(
    desk, as_, django_capture_on_commit_callbacks
):
    code = recovery_codes(desk)[0]
    with django_capture_on_commit_callbacks(execute=True):
        as_(desk).post(reverse("mfa_reauthenticate"), {"code": code})
    make.keep_promises()
    assert [one.subject for one in mail.outbox] == ["A recovery code was used"]


def test_a_code_of_the_telephone_is_not_worth_a_mail(desk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert prove(sign_in(desk), make.code(desk))
    make.keep_promises()
    assert mail.outbox == []


def test_recovery_codes_alone_are_no_second_factor(desk):
    recovery_codes(without_factor(desk))
    assert policies.lacks_second_factor(desk)


def test_the_list_of_sessions_ends_the_others_and_keeps_this_one(researcher, stranger):
    here, there, another = sign_in(researcher), sign_in(researcher), sign_in(stranger)
    page = here.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert there.get("/account/")["Location"].startswith("/accounts/login/")
    assert here.get("/account/").status_code == 200
    assert another.get("/account/").status_code == 200
    assert here.get(reverse("usersessions_list")).context["session_count"] == 1


def test_a_new_password_by_mail_does_not_skip_the_second_factor(desk, client):
    client.post("/accounts/password/reset/", {"email": desk.email})
    make.keep_promises()
    path = re.search(r"(/accounts/password/reset/key/[^\s>]+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    new = "a wholly new password"
    client.post(form, {"password1": new, "password2": new})
    assert client.get("/desk/").status_code == 302
    answer = client.post("/accounts/login/", {"login": desk.email, "password": new})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    assert prove(client, make.code(desk))
    assert client.get("/desk/").status_code == 200


def test_sessions_end_when_a_duty_is_given_or_taken_back(researcher, administrator, as_):
    by = Actor.of(administrator)
    browser = as_(make.second_factor(researcher))
    duties.appoint(researcher, kind="desk", by=by)
    assert browser.get("/account/").status_code == 302
    browser = as_(researcher)
    assert browser.get("/desk/").status_code == 200
    duties.relieve(researcher, kind="desk", by=by)
    assert browser.get("/account/").status_code == 302


def test_sessions_end_when_somebody_becomes_referent_or_is_no_longer(researcher, desk, as_):
    by = Actor.of(desk)
    own = policies.current_affiliation(make.second_factor(researcher))
    browser = as_(researcher)
    affiliations.make_referent(own, by=by)
    assert browser.get("/account/").status_code == 302
    browser = as_(researcher)
    affiliations.unmake_referent(own, by=by)
    assert browser.get("/account/").status_code == 302


def test_a_new_session_has_a_new_name(researcher):
    client = Client()
    client.get("/accounts/login/")
    client.session["mark"] = 1
    client.session.save()
    before = client.session.session_key
    client.post("/accounts/login/", {"login": researcher.email, "password": make.PASSWORD})
    assert client.session.session_key != before
    stolen = Client()
    stolen.cookies["session"] = client.cookies["session"].value
    assert stolen.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    assert stolen.get("/account/").status_code == 302


def aged(browser: Client, **seconds: int) -> Client:
    """The same session, so many seconds later."""
    session = browser.session
    for mark, age in seconds.items():
        session[mark] = time.time() - age
    session.save()
    return browser


def test_an_unused_session_of_the_desk_ends_after_half_an_hour(desk, researcher, as_):
    assert aged(as_(desk), **{SEEN_AT: 29 * 60}).get("/desk/").status_code == 200
    over = aged(as_(desk), **{SEEN_AT: 31 * 60}).get("/desk/")
    assert over["Location"] == "/accounts/login/?next=%2Fdesk%2F"
    assert aged(as_(researcher), **{SEEN_AT: 31 * 60}).get("/account/").status_code == 200


def test_any_session_ends_after_twelve_hours(researcher, as_):
    nearly = aged(as_(researcher), **{SIGNED_IN_AT: 12 * 3600 - 60})
    assert nearly.get("/account/").status_code == 200
    assert aged(nearly, **{SIGNED_IN_AT: 12 * 3600 + 1}).get("/account/").status_code == 302
