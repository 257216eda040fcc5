"""Signing in by another house's word, with a real OpenID Connect provider: whose account, and whose not."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.models import Affiliation, Event, PersonEvent, User
from accounts.services.membership import memberships
from accounts.services.people import duties, erasure
from dinamis import personal_rows
from dinamis.actors import Actor
from tests import make
from tests.accounts import outside_peer
from tests.accounts.outside_peer import leave, set_up, sign_in

pytestmark = [pytest.mark.django_db, outside_peer.LATE]
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
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return client


def is_inside(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def refused(answer) -> bool:
    """The one answer to everybody who has to sign in first."""
    return answer.status_code == 403 and "identity_not_connected" in answer.content.decode()


def told(code: str = "") -> list[tuple]:
    return list(Event.objects.order_by("pk").values_list("kind", "code"))


def test_somebody_new_gets_an_account_by_a_trusted_address(peer, browser):
    answer = sign_in(browser, peer, "ada")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.full_name, user.email, user.language) == ("Ada Person", "ada@lab.example", "en")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get().verified
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("lab", "ada")
    assert account.extra_data == {"name": "Ada Person", "email": "ada@lab.example"}
    assert is_inside(browser)
    assert told() == [("signed_in", "lab")]
    assert list(PersonEvent.objects.values_list("kind", "about")) == [("identity_added", "The Lab")]
    make.keep_promises()
    assert [one.subject for one in mail.outbox] == ["An identity was added to your DINAMIS account"]


def test_the_same_identity_enters_the_same_account_whatever_its_address_becomes(peer, browser):
    sign_in(browser, peer, "ada")
    peer.knows("ada", name="Ada Person", email="other@elsewhere.example")
    again = Client()
    sign_in(again, peer, "ada")
    assert is_inside(again)
    assert User.objects.get().email == "ada@lab.example"
    assert PersonEvent.objects.count() == 1


def test_a_trusted_address_joins_the_account_that_proved_it(peer, browser):
    user = make.person("ada@lab.example")
    sign_in(browser, peer, "ada")
    assert is_inside(browser)
    assert SocialAccount.objects.get().user == user
    user.refresh_from_db()
    assert user.check_password(make.PASSWORD)


@pytest.mark.parametrize(
    "claims",
    [
        ADA | {"email_verified": False},
        ADA | {"email_verified": "false"},
        {"name": "Ada Person", "email": "ada@lab.example"},
        ADA | {"email": "ada@other.example"},
        ADA | {"email": "ada@sub.lab.example"},
        ADA | {"email": "ada@lab.example.evil.example"},
        ADA | {"email": "ada@evil.example@lab.example"},
        ADA | {"email": "ada@lаb.example"},  # a Cyrillic letter
        {"name": "Ada Person"},
    ],
    ids=["unproved", "a word", "unsaid", "untrusted", "below", "longer", "two", "alike", "none"],
)
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_any_other_address_neither_joins_nor_makes_an_account(peer, browser, claims, known):
    if known:
        make.person(claims.get("email", "ada@lab.example"))
    peer.knows("ada", **claims)
    answer = sign_in(browser, peer, "ada")
    assert refused(answer)
    assert not is_inside(browser)
    assert SocialAccount.objects.count() == 0
    assert User.objects.count() == known
    assert told() == [("refused", "identity_not_connected")]


def test_the_answer_tells_nobody_whether_the_address_is_known(peer):
    peer.knows("ada", **(ADA | {"email_verified": False}))
    pages = []
    for known in (False, True):
        if known:
            make.person("ada@lab.example")
        browser = Client(headers={"accept-language": "en"})
        pages.append(sign_in(browser, peer, "ada").content)
    strip = [page.split(b"<main")[1].split(b"</main")[0] for page in pages]
    assert strip[0] == strip[1]


def test_an_account_with_a_duty_is_never_joined_by_an_address(peer, browser, administrator):
    user = make.person("ada@lab.example")
    duties.appoint(user, kind="desk", by=Actor.of(administrator))
    assert refused(sign_in(browser, peer, "ada"))
    assert not is_inside(browser)
    assert SocialAccount.objects.count() == 0


def test_a_closed_account_is_entered_neither_by_address_nor_by_identity(peer, browser):
    sign_in(browser, peer, "ada")
    User.objects.update(is_active=False)
    again = Client(headers={"accept-language": "en"})
    answer = sign_in(again, peer, "ada")
    assert answer.status_code == 403
    assert "account_closed" in answer.content.decode()
    SocialAccount.objects.all().delete()
    assert refused(sign_in(again, peer, "ada"))
    assert not is_inside(again)


def test_an_erased_person_leaves_no_identity_and_comes_back_as_somebody_new(peer, browser):
    sign_in(browser, peer, "ada")
    erased = User.objects.get()
    erasure.erase(erased, by=Actor.of(erased))
    assert SocialAccount.objects.count() == 0
    sign_in(Client(), peer, "ada")
    assert SocialAccount.objects.get().user != erased
    assert User.objects.filter(email="ada@lab.example").count() == 1


def test_whoever_typed_the_address_first_without_proving_it_loses_it(peer, browser):
    squatter = make.person("ada@lab.example", name="Mallory", proved=False)
    sign_in(browser, peer, "ada")
    squatter.refresh_from_db()
    assert (squatter.full_name, squatter.has_usable_password()) == ("Ada Person", False)
    thief = Client()
    thief.post("/accounts/login/", {"login": "ada@lab.example", "password": make.PASSWORD})
    assert not is_inside(thief)
    assert is_inside(browser)


def test_an_address_somebody_else_added_without_proving_it_opens_nothing_of_theirs(peer, browser):
    mallory = make.person("mallory@elsewhere.example")
    EmailAddress.objects.create(user=mallory, email="ada@lab.example", verified=False)
    sign_in(browser, peer, "ada")
    assert SocialAccount.objects.get().user != mallory
    assert User.objects.count() == 2


def test_a_second_factor_is_asked_and_the_identity_attached_only_after_it(peer, browser, referent):
    make.second_factor(user := make.person("ada@lab.example"))
    answer = sign_in(browser, peer, "ada")
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_inside(browser)
    assert SocialAccount.objects.count() == 0
    browser.post("/accounts/2fa/authenticate/", {"code": make.code(user)})
    assert is_inside(browser)
    assert SocialAccount.objects.get().user == user
    assert told() == [("signed_in", "lab")]


def test_a_referent_without_factor_is_led_to_one_also_from_outside(peer, browser, laboratory):
    peer.knows("ref", name="Ref", email="referent@laboratory.example", email_verified=True)
    user = User.objects.get(email="referent@laboratory.example")
    user.authenticator_set.all().delete()
    SocialAccount.objects.create(user=user, provider="lab", uid="ref")
    sign_in(browser, peer, "ref")
    assert browser.get("/organisation/")["Location"] == "/account/second-factor/"


def reauthenticate(browser: Client) -> None:
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})


@pytest.fixture
def signed_in(browser):
    user = make.person("lou@elsewhere.example")
    browser.post("/accounts/login/", {"login": user.email, "password": make.PASSWORD})
    browser.user = user
    return browser


def test_an_identity_is_connected_after_the_password_and_signs_in_then(peer, signed_in):
    asked = leave(signed_in, process="connect")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    reauthenticate(signed_in)
    answer = sign_in(signed_in, peer, "ada", process="connect")
    assert answer["Location"] == "/accounts/3rdparty/"
    assert "The Lab" in signed_in.get("/accounts/3rdparty/").content.decode()
    other = Client()
    sign_in(other, peer, "ada")
    assert other.get("/account/").context["user"] == signed_in.user
    assert User.objects.count() == 1


def test_an_identity_of_another_account_is_not_taken(peer, signed_in):
    sign_in(Client(), peer, "ada")
    reauthenticate(signed_in)
    answer = sign_in(signed_in, peer, "ada", process="connect")
    assert (answer.status_code, "identity_taken" in answer.content.decode()) == (409, True)
    assert SocialAccount.objects.get().user.email == "ada@lab.example"


def test_a_link_on_another_page_connects_nothing(peer, signed_in):
    reauthenticate(signed_in)
    page = signed_in.get("/accounts/oidc/lab/login/?process=connect")
    assert "Refresh" not in page
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert leave(strict, process="connect").status_code == 403
    assert Client().post("/accounts/oidc/lab/login/?process=connect").status_code == 302


def test_what_the_password_proved_is_over_after_a_quarter_of_an_hour(peer, signed_in, settings):
    reauthenticate(signed_in)
    back = peer.answer(leave(signed_in, process="connect"), "ada")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert signed_in.get(back)["Location"] == "/accounts/3rdparty/"
    assert SocialAccount.objects.count() == 0


def test_an_identity_is_taken_off_after_the_password(peer, signed_in):
    reauthenticate(signed_in)
    sign_in(signed_in, peer, "ada", process="connect")
    pk = SocialAccount.objects.get().pk
    stale = Client()
    stale.post("/accounts/login/", {"login": signed_in.user.email, "password": make.PASSWORD})
    assert stale.post("/accounts/3rdparty/", {"account": pk})["Location"].startswith(
        "/accounts/reauthenticate/"
    )
    assert SocialAccount.objects.count() == 1
    signed_in.post("/accounts/3rdparty/", {"account": pk})
    assert SocialAccount.objects.count() == 0
    kinds = list(PersonEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["identity_added", "identity_removed"]


def test_the_last_way_in_stays(peer, browser):
    sign_in(browser, peer, "ada")
    pk = SocialAccount.objects.get().pk
    answer = browser.post("/accounts/3rdparty/", {"account": pk})
    assert (answer.status_code, "last_way_in" in answer.content.decode()) == (409, True)
    SocialAccount.objects.create(user=User.objects.get(), provider="gone", uid="x")
    assert browser.post("/accounts/3rdparty/", {"account": pk}).status_code == 409
    assert SocialAccount.objects.count() == 2
    user = User.objects.get()
    user.set_password(make.PASSWORD)
    user.save()
    sign_in(browser, peer, "ada")
    reauthenticate(browser)
    assert browser.post("/accounts/3rdparty/", {"account": pk}).status_code == 302
    assert SocialAccount.objects.get().provider == "gone"


def test_whoever_has_no_password_signs_in_again_after_a_while(peer, browser):
    sign_in(browser, peer, "ada")
    assert leave(browser, process="connect").status_code == 200
    session = browser.session
    session["signed_in_at"] -= 901
    session.save()
    pk = SocialAccount.objects.get().pk
    answer = browser.post("/accounts/3rdparty/", {"account": pk})
    assert answer["Location"] == "/accounts/login/?next=/accounts/3rdparty/"
    assert not is_inside(browser)
    assert SocialAccount.objects.count() == 1


def test_somebody_elses_identity_is_not_there(peer, signed_in):
    sign_in(Client(), peer, "ada")
    reauthenticate(signed_in)
    answer = signed_in.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert answer.status_code == 200
    assert SocialAccount.objects.count() == 1


def test_a_provider_that_is_no_longer_set_up_is_still_listed_and_taken_off(peer, signed_in):
    SocialAccount.objects.create(user=signed_in.user, provider="gone", uid="x")
    page = signed_in.get("/accounts/3rdparty/").content.decode()
    assert "gone" in page
    reauthenticate(signed_in)
    signed_in.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.count() == 0


def test_a_few_providers_are_buttons_and_many_a_page_with_a_search(peer, browser, settings):
    for address in ("/accounts/login/", "/accounts/signup/"):
        page = browser.get(address).content.decode()
        assert "Sign in through The Lab" in page
        assert "/accounts/institutions/" not in page
    names = {
        "port": "Port of Brest",
        "museum": "Museum",
        "school": "School",
        "reef": "Reef Institute",
    }
    set_up(settings, peer.entry(), *(peer.entry(one, name=name) for one, name in names.items()))
    for address in ("/accounts/login/", "/accounts/signup/"):
        page = browser.get(f"{address}?next=/orders/").content.decode()
        assert "/accounts/institutions/?next=/orders/" in page
        assert "Sign in through The Lab" not in page
    orcid = {"kind": "orcid", "client_id": "APP-1", "secret": "s"}
    set_up(
        settings, orcid, peer.entry(), *(peer.entry(one, name=name) for one, name in names.items())
    )
    assert "Sign in through ORCID" in browser.get("/accounts/login/").content.decode()
    found = browser.get("/accounts/institutions/?next=/orders/&q=BREST port").content.decode()
    assert found.count('action="/accounts/oidc/') == 1
    assert '<input type="hidden" name="next" value="/orders/">' in found
    none = browser.get("/accounts/institutions/?q=<b>").content.decode()
    assert "No institution matches “&lt;b&gt;”." in none
    assert browser.get(f"/accounts/institutions/?q={'x' * 81}").status_code == 200


def test_without_providers_no_page_speaks_of_them(browser, stranger, as_):
    for address in ("/accounts/login/", "/accounts/signup/"):
        assert "/accounts/oidc/" not in browser.get(address).content.decode()
    assert "/accounts/3rdparty/" not in as_(stranger).get("/account/").content.decode()
    assert browser.get("/accounts/institutions/").status_code == 404


def test_after_signing_in_the_person_goes_on_to_where_they_were(peer, browser):
    left = leave(browser, next="/account/attach/")
    assert browser.get(peer.answer(left, "ada"))["Location"] == "/account/attach/"
    other = Client()
    back = peer.answer(leave(other, next="https://evil.example/"), "ada")
    assert other.get(back)["Location"] == "/"


def test_orcid_tells_who_somebody_is_and_speaks_for_no_address(peer, browser, settings):
    iri = "0000-0002-1825-0097"
    peer.knows(iri, name="Ada Person", given_name="Ada", family_name="Person")
    orcid = {"kind": "orcid", "client_id": "APP-1", "secret": "s", "server_url": peer.url}
    set_up(settings, orcid)
    left = leave(browser, "orcid")
    assert outside_peer.asked(left)["scope"] == "openid"
    assert refused(browser.get(peer.answer(left, iri)))
    user = make.person("ada@lab.example")
    SocialAccount.objects.create(user=user, provider="orcid", uid=iri)
    sign_in(browser, peer, iri, provider_id="orcid")
    assert is_inside(browser)
    assert SocialAccount.objects.get().uid == iri


def test_the_referent_of_a_new_member_may_come_by_an_identity_and_is_led_to_a_factor(
    peer, browser, licences, desk
):
    waiting = make.membership(referent_email="ada@lab.example", domains=("lab.example",))
    memberships.approve(waiting, legal_verified_how="by telephone", by=Actor.of(desk))
    sign_in(browser, peer, "ada")
    assert Affiliation.objects.get().is_referent
    assert browser.get("/organisation/")["Location"] == "/account/second-factor/"


def test_identities_are_in_the_copy_of_the_data_and_in_the_trail(peer, browser):
    sign_in(browser, peer, "ada")
    copied = personal_rows.copied(User.objects.get())
    [row] = copied["socialaccount.SocialAccount"]
    assert (row["provider"], row["uid"]) == ("lab", "ada")
    trail = browser.get("/account/trail/").content.decode()
    assert "Signed in through lab" in trail
    assert "The Lab" in trail


def test_somebody_without_password_gets_one_by_mail(peer, browser):
    sign_in(browser, peer, "ada")
    make.keep_promises()
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": "ada@lab.example"})
    make.keep_promises()
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
