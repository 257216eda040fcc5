"""Keys for programs: made once, found in constant time, revoked, and what they may not do."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import policies
from accounts.authentication import ApiKeyAuthentication
from accounts.models import ApiKey, User
from accounts.services.people import affiliations, duties
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(researcher):
    return api_keys.create(
        researcher, name="laptop", scopes=["read", "download"], by=Actor.of(researcher)
    )


class Echo(APIView):
    """A view as any room writes it."""

    def get(self, request) -> Response:
        return Response({"who": request.user.email})

    def post(self, request) -> Response:
        return Response({"who": request.user.email})


class Search(Echo):
    scopes = {"POST": "read"}


def ask(method: str = "get", view: type[APIView] = Echo, **headers: str) -> Response:
    request = getattr(APIRequestFactory(), method)("/api/v1/echo", headers=headers)
    return view.as_view()(request)


def keys(pair) -> dict[str, str]:
    return {"access-key": pair[0].access_key, "secret-key": pair[1]}


def test_a_pair_of_keys_acts_as_its_person(pair, researcher):
    answer = ask(**keys(pair))
    assert (answer.status_code, answer.data) == (200, {"who": researcher.email})


def test_only_the_digest_of_the_secret_is_kept(pair):
    key, secret = pair
    assert key.secret_sha256 == ApiKey.digest_of(secret)
    assert secret not in str(ApiKey.objects.values().get())
    assert len(secret) > 40


@pytest.mark.parametrize("wrong", ["access-key", "secret-key", "both", "half"])
def test_wrong_keys_are_refused_as_a_problem(pair, wrong):
    sent = keys(pair)
    if wrong == "half":
        del sent["secret-key"]
    else:
        sent |= {name: "nonsense" for name in sent if wrong in (name, "both")}
    answer = ask(**sent)
    assert (answer.status_code, answer.data["code"]) == (401, "authentication_failed")
    assert answer["WWW-Authenticate"] == 'ApiKey realm="DINAMIS"'


def test_revoked_expired_and_closed_stop_at_once(pair, researcher):
    sent = keys(pair)
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(**sent).status_code == 401
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert ask(**sent).status_code == 200
    researcher.is_active = False
    researcher.save()
    assert ask(**sent).status_code == 401
    researcher.is_active = True
    researcher.save()
    api_keys.revoke(pair[0], by=Actor.of(researcher))
    assert ask(**sent).status_code == 401


def test_a_key_does_only_what_its_scopes_say(pair):
    answer = ask("post", **keys(pair))
    assert (answer.status_code, answer.data["code"]) == (403, "scope_missing")
    assert ask("post", Search, **keys(pair)).status_code == 200


def test_the_hour_and_the_address_of_its_last_use_are_noted_once_an_hour(
    pair, django_assert_num_queries
):
    ask(**keys(pair))
    key = ApiKey.objects.get()
    now = timezone.now()
    assert key.last_used_at in {
        at.replace(minute=0, second=0, microsecond=0) for at in (now, now - timedelta(minutes=1))
    }
    assert key.last_used_ip == "127.0.0.1"
    with django_assert_num_queries(1):  # the key, with whether a second factor is demanded
        ask(**keys(pair))
    ApiKey.objects.update(last_used_at=key.last_used_at - timedelta(hours=2))
    ask(**keys(pair))
    assert ApiKey.objects.get().last_used_at >= key.last_used_at


def test_nobody_makes_or_revokes_anothers_key(pair, researcher, other_researcher):
    with pytest.raises(NotAllowed):
        api_keys.create(researcher, name="x", scopes=["read"], by=Actor.of(other_researcher))
    with pytest.raises(NotAllowed):
        api_keys.revoke(pair[0], by=Actor.of(other_researcher))
    assert ApiKey.objects.usable().count() == 1


def test_a_key_needs_an_affiliation_and_a_scope(stranger, researcher):
    with pytest.raises(NotAllowed, match="no_active_affiliation"):
        api_keys.create(stranger, name="x", scopes=["read"], by=Actor.of(stranger))
    for scopes in ([], ["everything"]):
        with pytest.raises(Invalid, match="scope_missing"):
            api_keys.create(researcher, name="x", scopes=scopes, by=Actor.of(researcher))
    assert ApiKey.objects.count() == 0


def test_the_page_shows_the_secret_once(researcher, as_):
    browser = as_(researcher)
    made = browser.post("/account/keys/", {"name": "notebook", "scopes": ["read"], "life": "90"})
    key = ApiKey.objects.get()
    assert key.access_key in made.content.decode()
    assert "dns_" in made.content.decode()
    again = browser.get("/account/keys/").content.decode()
    assert key.access_key in again
    assert "dns_" not in again
    assert browser.post(f"/account/keys/{key.pk}/revoke/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_key_lives_a_year_unless_told_and_never_longer_than_the_limit(researcher, settings):
    by = Actor.of(researcher)
    key, _secret = api_keys.create(researcher, name="x", scopes=["read"], by=by)
    assert timedelta(days=364) < key.expires_at - timezone.now() <= timedelta(days=365)
    settings.API_KEY_MAX_DAYS = 30
    key, _secret = api_keys.create(researcher, name="x", scopes=["read"], by=by)
    assert key.expires_at - timezone.now() <= timedelta(days=30)
    later = timezone.now() + timedelta(days=31)
    with pytest.raises(Invalid, match="expiry_too_far"):
        api_keys.create(researcher, name="x", scopes=["read"], expires_at=later, by=by)
    assert ApiKey.objects.count() == 2


def test_a_key_acts_for_its_organisation_and_for_no_other(researcher, park, other_referent, desk):
    """Its person acts for the laboratory in a browser, for the park by this key."""
    there = affiliations.accept(make.request(researcher, park), by=Actor.of(other_referent))
    affiliations.make_referent(there, by=Actor.of(desk))
    home = policies.current_affiliation(researcher)
    here, _secret = api_keys.create(
        researcher, name="here", scopes=["read"], by=Actor.of(researcher)
    )
    key, secret = api_keys.create(
        researcher, name="there", scopes=["read"], organisation=park, by=Actor.of(researcher)
    )
    duties.appoint(make.second_factor(researcher), kind="desk", by=make.SYSTEM)
    person = ApiKeyAuthentication().authenticate(
        APIRequestFactory().get("/", headers={"access-key": key.access_key, "secret-key": secret})
    )[0]
    assert policies.current_affiliation(person) == there
    assert policies.current_affiliation(User.objects.get(pk=person.pk)) == home
    assert not policies.is_desk(person)  # a key carries no duty
    assert policies.is_referent_of(person, park)
    affiliations.suspend(there, reason="Away.", by=Actor.of(other_referent))
    assert api_keys.find(key.access_key, secret) is None
    affiliations.resume(there, by=Actor.of(other_referent))
    assert api_keys.find(key.access_key, secret) == key
    affiliations.end(there, reason="Left.", by=Actor.of(other_referent))
    assert list(ApiKey.objects.living()) == [here]


def test_a_referent_revokes_what_acts_for_the_organisation_and_the_owner_is_told(
    pair, referent, other_referent, desk, as_
):
    key = pair[0]
    assert as_(other_referent).post(f"/account/keys/{key.pk}/revoke/").status_code == 404
    page = as_(referent).get("/organisation/keys/").content.decode()
    assert key.access_key in page
    assert key.access_key not in as_(other_referent).get("/organisation/keys/").content.decode()
    assert key.access_key in as_(desk).get("/desk/keys/", {"q": "laptop"}).content.decode()
    assert key.access_key not in as_(desk).get("/desk/keys/", {"q": "x y z"}).content.decode()
    assert as_(referent).post(f"/account/keys/{key.pk}/revoke/").status_code == 302
    key.refresh_from_db()
    assert (key.is_living, key.revoked_by) == (False, referent)
    make.keep_promises()
    assert mail.outbox[-1].to == [key.user.email]
    assert "was revoked" in mail.outbox[-1].subject


def test_a_rotated_key_leaves_a_day_to_change_the_secret(pair, researcher, other_researcher, as_):
    old = pair[0]
    assert as_(other_researcher).post(f"/account/keys/{old.pk}/rotate/").status_code == 404
    page = as_(researcher).post(f"/account/keys/{old.pk}/rotate/").content.decode()
    new = ApiKey.objects.exclude(pk=old.pk).get()
    assert "dns_" in page
    assert new.access_key in page
    assert (new.name, new.scopes, new.organisation) == (old.name, old.scopes, old.organisation)
    assert ask(**keys(pair)).status_code == 200
    old.refresh_from_db()
    assert timedelta(hours=23) < old.expires_at - timezone.now() <= timedelta(hours=24)
    api_keys.revoke(old, by=Actor.of(researcher))
    with pytest.raises(NotNow, match="key_stopped"):
        api_keys.rotate(old, by=Actor.of(researcher))
    assert ApiKey.objects.count() == 2


def test_the_end_of_a_key_is_announced_once(pair):
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=15))
    assert api_keys.announce_expiries() == 0
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=13))
    assert (api_keys.announce_expiries(), api_keys.announce_expiries()) == (1, 0)
    make.keep_promises()
    assert [m.to for m in mail.outbox if "“laptop” stops" in m.subject] == [[pair[0].user.email]]


def test_anothers_key_cannot_be_revoked_by_its_address(pair, other_researcher, as_):
    assert as_(other_researcher).post(f"/account/keys/{pair[0].pk}/revoke/").status_code == 404
    assert ApiKey.objects.usable().count() == 1


def test_the_command_prints_a_pair_that_works(researcher):
    out = StringIO()
    call_command("create_api_key", researcher.email.upper(), "--json", stdout=out)
    printed = json.loads(out.getvalue())
    assert set(printed) == {"access-key", "secret-key"}
    assert ask("post", **printed).status_code == 200
    with pytest.raises(CommandError, match="Nobody"):
        call_command("create_api_key", "nobody@example.org")
    make.person("alone@example.org")
    with pytest.raises(CommandError, match="affiliation"):
        call_command("create_api_key", "alone@example.org")
