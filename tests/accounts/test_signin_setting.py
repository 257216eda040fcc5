"""SIGNIN_PROVIDERS: what is written right becomes allauth's, what is written wrong is told in a sentence."""

import json

import pytest
from django.core import checks

from accounts.outside import is_trusted
from dinamis import signin

LAB = {
    "kind": "oidc", "id": "lab", "name": "The Lab", "server_url": "https://sso.lab.example/",
    "client_id": "dinamis", "secret": "s", "trusted_domains": ["lab.example"],
}  # fmt: skip


def faults_of(*entries: object) -> list[str]:
    told = signin.read(json.dumps(entries))
    assert told.openid_connect == told.saml == []
    return told.faults


def test_nothing_written_is_nobody():
    told = signin.read("")
    assert (told.openid_connect, told.saml, told.faults) == ([], [], [])


def test_a_provider_becomes_allauths():
    [app] = signin.read(json.dumps([LAB])).openid_connect
    assert app == {
        "provider_id": "lab",
        "name": "The Lab",
        "client_id": "dinamis",
        "secret": "s",
        "settings": {
            "server_url": "https://sso.lab.example",
            "oauth_pkce_enabled": True,
            "trusted_domains": ["lab.example"],
        },
    }


@pytest.mark.parametrize(
    ("more", "server"),
    [
        ({}, "https://orcid.org"),
        ({"sandbox": True}, "https://sandbox.orcid.org"),
        ({"server_url": "http://127.0.0.1:9000"}, "http://127.0.0.1:9000"),
    ],
    ids=["itself", "sandbox", "elsewhere"],
)
def test_orcid_is_asked_for_nothing_but_who_somebody_is(more, server):
    entry = {"kind": "orcid", "client_id": "APP-1", "secret": "s"} | more
    [app] = signin.read(json.dumps([entry])).openid_connect
    assert (app["provider_id"], app["name"]) == ("orcid", "ORCID")
    assert app["settings"]["server_url"] == server
    assert app["settings"]["scope"] == ["openid"]
    assert app["settings"]["trusted_domains"] == []


def test_the_list_may_stand_in_a_file(tmp_path):
    path = tmp_path / "signin.json"
    path.write_text(json.dumps([LAB]))
    assert len(signin.read(str(path)).openid_connect) == 1
    [fault] = signin.read(str(tmp_path / "other.json")).faults
    assert "cannot be read" in fault


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "ldap"}, "“kind” is oidc, orcid or saml"),
        ({"id": "The Lab"}, "“id” is 1 to 40 small letters"),
        ({"name": ""}, "“name” is missing"),
        ({"name": "x" * 81}, "at most 80"),
        ({"client_id": 3}, "“client_id” is missing"),
        ({"server_url": "http://sso.lab.example"}, "begins with https://"),
        ({"trusted_domains": "lab.example"}, "is a list"),
        ({"trusted_domains": ["*"]}, "* is no domain"),
        ({"trusted_domains": ["Lab.example"]}, "is no domain"),
        ({"trusted_domains": ["example"]}, "is no domain"),
        ({"trust": True}, "“trust” is not known for oidc"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_written_wrong_is_told_with_its_place(changed, said):
    [fault] = faults_of(LAB | changed)
    assert fault.startswith("SIGNIN_PROVIDERS, entry 1")
    assert said in fault


@pytest.mark.parametrize(
    ("value", "said"),
    [("{", "no JSON"), ("{}", "a list"), ("[3]", "an object"), ("[" * 5000, "no JSON")],
    ids=["broken", "object", "number", "deep"],
)
def test_what_is_no_list_is_told_as_such(value, said):
    told = signin.read(value)
    assert told.openid_connect == []
    assert said in told.faults[0]


def test_an_id_is_given_once():
    told = signin.read(json.dumps([LAB, LAB]))
    assert len(told.openid_connect) == 1
    assert "twice" in told.faults[0]


def test_an_institution_becomes_allauths_too(tmp_path):
    path = tmp_path / "idp.xml"
    path.write_text("<x/>")
    entry = {"kind": "saml", "id": "univ", "name": "The University", "entity_id": "https://idp.example",
             "metadata": str(path), "trusted_domains": ["univ.example"]}  # fmt: skip
    told = signin.read(json.dumps([entry]))
    assert told.faults == []
    [app] = told.saml
    assert (app["provider_id"], app["client_id"]) == ("univ", "univ")
    assert app["settings"]["metadata"] == str(path)
    wrong = [
        ({"entity_id": "x' or '1'='1"}, "holds no quotation mark"),
        ({"metadata": str(tmp_path / "none")}, "there is no file"),
        ({"metadata": "http://idp.example/metadata"}, "begins with https://"),
        ({"private_key": str(path)}, "come together"),
        ({"metadata_certificate": "federation.pem"}, "is the whole path of a file"),
        ({"metadata_certificate": str(tmp_path / "none")}, "there is no file"),
    ]
    for changed, said in wrong:
        assert said in faults_of(entry | changed)[0]


def test_orcid_speaks_for_no_domain():
    entry = {"kind": "orcid", "client_id": "APP-1", "secret": "s", "trusted_domains": ["x.example"]}
    assert "not known for orcid" in faults_of(entry)[0]


def test_a_fault_keeps_the_site_from_starting(settings):
    settings.SIGNIN_FAULTS = ["SIGNIN_PROVIDERS: this is no JSON."]
    [found] = [one for one in checks.run_checks() if one.id == "accounts.E001"]
    assert (found.level, found.msg) == (checks.ERROR, settings.SIGNIN_FAULTS[0])
    settings.SIGNIN_FAULTS = []
    assert not [one for one in checks.run_checks() if one.id == "accounts.E001"]


@pytest.mark.parametrize(
    ("email", "proved", "trusted"),
    [
        ("a@lab.example", True, True),
        ("A@LAB.Example", True, True),
        ("a@lab.example", False, False),
        ("a@sub.lab.example", True, False),
        ("a@lab.example.evil.example", True, False),
        ("a@evil.example@lab.example", True, False),
        ("a@lаb.example", True, False),  # a Cyrillic letter
        ("lab.example", True, False),
        ("", True, False),
    ],
)  # fmt: skip
def test_an_address_is_trusted_only_of_a_listed_domain_and_proved(email, proved, trusted):
    assert is_trusted(["lab.example"], email, proved=proved) is trusted
