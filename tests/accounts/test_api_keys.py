"""Keys for programs: made once, found in constant time, revoked, and what they may not do."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import ApiKey
from accounts.services import api_keys
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed
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
    ApiKey.objects.update(expires_at=None)
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
    assert (answer.status_code, answer.data["code"]) == (403, "permission_denied")
    assert ask("post", Search, **keys(pair)).status_code == 200


def test_its_last_use_is_noted_at_most_once_a_minute(pair, django_assert_num_queries):
    ask(**keys(pair))
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        ask(**keys(pair))
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    ask(**keys(pair))
    assert ApiKey.objects.get().last_used_at >= first


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
