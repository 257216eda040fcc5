"""Signing in through an institution by SAML, with a real provider on loopback; and every lie we know."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.models import Event, User
from accounts.outside import saml
from tests import make
from tests.accounts import saml_idp
from tests.accounts.outside_peer import set_up
from tests.accounts.saml_idp import NS, leave, send, sign_in
from tests.certificates import key_and_certificate

pytestmark = pytest.mark.django_db
METADATA = "/accounts/saml/univ/metadata/"
HERE = "http://testserver/accounts/saml/"


@pytest.fixture(scope="module")
def provider():
    with saml_idp.running() as idp:
        yield idp


@pytest.fixture
def idp(provider, settings):
    settings.SITE_URL = "http://testserver"
    set_up(settings, provider.begin().entry())
    provider.read_ours(Client().get(METADATA).content)
    return provider


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


def is_inside(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def nobody_came_in(browser: Client) -> bool:
    assert User.objects.count() == SocialAccount.objects.count() == 0
    return not is_inside(browser)


def test_a_person_of_the_institution_gets_an_account(idp, browser):
    answer = sign_in(browser, idp)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.full_name, user.email) == ("Ada Person", "ada@univ.example")
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("univ", "ada@univ.example")
    assert account.extra_data == {
        "name": "Ada Person", "email": "ada@univ.example", "organisation": "univ.example",
    }  # fmt: skip
    assert is_inside(browser)
    assert list(Event.objects.values_list("kind", "code")) == [("signed_in", "univ")]


def test_the_institution_has_its_button(idp, browser):
    for address in ("/accounts/login/", "/accounts/signup/"):
        page = browser.get(address).content.decode()
        assert 'action="/accounts/saml/univ/login/"' in page
        assert "Sign in through The University" in page
    assert "Go on to The University?" in browser.get("/accounts/saml/univ/login/").content.decode()


def test_whoever_proved_the_address_here_is_joined_and_known_again(idp, browser):
    user = make.person("ada@univ.example")
    sign_in(browser, idp)
    idp.attributes["mail"] = "married@univ.example"
    again = Client()
    sign_in(again, idp)
    assert again.get("/account/").context["user"] == user
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "mail", ["ada@elsewhere.example", ["ada@sub.univ.example", "ada@gmail.example"], []], ids=str
)
def test_an_address_the_institution_does_not_give_out_opens_nothing(idp, browser, mail):
    make.person("ada@elsewhere.example")
    idp.attributes["mail"] = mail
    answer = sign_in(browser, idp)
    assert (answer.status_code, "identity_not_connected" in answer.content.decode()) == (403, True)
    assert SocialAccount.objects.count() == 0
    assert not is_inside(browser)


def test_of_several_addresses_the_one_that_counts_is_taken(idp, browser):
    idp.attributes["mail"] = ["ada@private.example", "ada@univ.example"]
    sign_in(browser, idp)
    assert User.objects.get().email == "ada@univ.example"


def test_an_identity_is_connected_inside_an_account(idp, browser):
    user = make.person("lou@elsewhere.example")
    idp.attributes.pop("mail")
    browser.post("/accounts/login/", {"login": user.email, "password": make.PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    assert sign_in(browser, idp, "connect")["Location"] == "/accounts/3rdparty/"
    other = Client()
    sign_in(other, idp)
    assert other.get("/account/").context["user"] == user


@pytest.mark.parametrize(
    ("attributes", "name_format", "uid"),
    [
        ({"subject_id": "s1@univ.example", "pairwise_id": "p1", "eppn": "e"}, None, "s1@univ.example"),
        ({"pairwise_id": "p1@univ.example", "eppn": "e"}, None, "p1@univ.example"),
        ({"unique_id": "u1@univ.example", "eppn": "e"}, None, "u1@univ.example"),
        ({"eppn": "ada@univ.example"}, Names.NAMEID_PERSISTENT, "ada@univ.example"),
        ({"eduPersonPrincipalName": "ada@univ.example"}, None, "ada@univ.example"),
        ({}, Names.NAMEID_PERSISTENT, "ada-here"),
        ({}, Names.NAMEID_TRANSIENT, None),
        ({}, Names.NAMEID_EMAIL_ADDRESS, None),
        ({"eppn": "x" * 192}, None, None),
    ],
)  # fmt: skip
def test_people_are_known_by_what_does_not_change(idp, browser, attributes, name_format, uid):
    idp.attributes = attributes | {"mail": "ada@univ.example"}
    if name_format:
        idp.changes["name_format"] = name_format
    sign_in(browser, idp)
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ([uid] if uid else [])
    assert is_inside(browser) == bool(uid)


def test_a_signature_around_the_assertion_is_as_good(idp, browser):
    idp.changes["sign"] = "response"
    assert sign_in(browser, idp)["Location"] == "/"
    assert is_inside(browser)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A key of ours and its certificate, as files."""
    folder = tmp_path_factory.mktemp("keys")
    for name, pem in zip(("key", "certificate"), key_and_certificate(), strict=True):
        (folder / name).write_text(pem)
    return folder / "key", folder / "certificate"


def test_with_a_key_of_ours_requests_are_signed_and_closed_answers_opened(
    idp, browser, settings, pair
):
    key, certificate = pair
    set_up(settings, idp.entry(private_key=str(key), certificate=str(certificate)))
    idp.changes["encrypt"] = saml_idp.encrypted_for(certificate.read_text())
    left = leave(browser)
    assert "&Signature=" in left["Refresh"]
    assert send(browser, *idp.answer(left))["Location"] == "/"
    assert is_inside(browser)


FOREIGN = key_and_certificate()
LIES = {
    "no signature": ({"sign": ""}, "No Signature found"),
    "another key": ({"key": FOREIGN[0], "certificate": FOREIGN[1]}, "Signature validation failed"),
    "an old algorithm": ({"algorithm": Names.RSA_SHA1}, "Deprecated signature algorithm"),
    "another audience": ({"audience": "https://other.example/"}, "not a valid audience"),
    "no audience": ({"audience": ""}, "not said to be for us"),
    "over": ({"begins": -2000, "ends": -1000}, "expired"),
    "not yet": ({"begins": 1000, "ends": 2000}, "not yet valid"),
    "without an end": ({"ends": None}, "or is over"),
    "another recipient": ({"recipient": f"{HERE}other/acs/"}, "SubjectConfirmation"),
    "longer recipient": ({"recipient": f"{HERE}univ/acs/x"}, "answers no request"),
    "no recipient": ({"recipient": ""}, "answers no request"),
    "another destination": ({"destination": "https://other.example/acs/"}, "instead of"),
    "another issuer": ({"issuer": "https://other.example/"}, "Invalid issuer"),
    "another request": ({"asked": "_other", "confirmed": "_other"}, "did not ask for it"),
    "unsolicited": ({"asked": "", "confirmed": ""}, "answers no request"),
    "unsolicited, the envelope answers": ({"confirmed": ""}, "answers no request"),
    "another request, the envelope answers": ({"confirmed": "_other"}, "SubjectConfirmation"),
    "refused over there": ({"status": "Responder"}, "not Success"),
}


def why(caplog) -> str:
    """The reason in the log, which no page shows."""
    told = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    return next(one["why"] for one in told if one.get("event") == "outside_sign_in_failed")


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_opens_nothing_and_is_told_as_one(idp, browser, lie, caplog):
    changes, reason = LIES[lie]
    idp.changes |= changes
    answer = sign_in(browser, idp)
    page = answer.content.decode()
    assert (answer.status_code, "could not be believed" in page) == (401, True)
    assert reason in why(caplog)
    assert reason not in page
    assert nobody_came_in(browser)
    assert list(Event.objects.values_list("kind", "code")) == [("sign_in_failed", "univ")]


def _wrapped(xml: str) -> str:
    """The signed assertion moved aside, and another in its place: signature wrapping."""
    document = etree.fromstring(xml.encode())
    signed = document.find("saml:Assertion", NS)
    forged = etree.fromstring(etree.tostring(signed))
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    forged.set("ID", "_forged")
    for value in forged.iter(f"{{{NS['saml']}}}AttributeValue"):
        value.text = value.text.replace("ada", "eve")
    holder = etree.Element(f"{{{NS['samlp']}}}Extensions")
    document.replace(signed, forged)
    holder.append(signed)
    document.insert(1, holder)
    return etree.tostring(document).decode()


def _doubled(xml: str) -> str:
    """Another, unsigned assertion before the signed one."""
    document = etree.fromstring(xml.encode())
    signed = document.find("saml:Assertion", NS)
    forged = etree.fromstring(etree.tostring(signed).replace(b"ada", b"eve"))
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    signed.addprevious(forged)
    return etree.tostring(document).decode()


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FILE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
CHANGES = {
    "changed after signing": (lambda xml: xml.replace("ada@", "eve@"), "validation failed"),
    "an entity bomb": (lambda xml: BOMB + xml.replace("Ada Person", "&i;"), "entity"),
    "an entity": (lambda xml: FILE + xml, "DTDForbidden"),
    "a file of ours": (lambda xml: FILE + xml.replace("Ada Person", "&i;"), "DTDForbidden"),
    "wrapped": (_wrapped, "must contain 1 assertion"),
    "doubled": (_doubled, "must contain 1 assertion"),
    "half": (lambda xml: xml[: len(xml) // 2], "XMLSyntaxError"),
    "no XML": (lambda xml: "nothing", "XMLSyntaxError"),
    "empty": (lambda xml: "", "no answer"),
    "another document": (lambda xml: "<html/>", "Unsupported SAML version"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_done_to_an_answer_on_its_way_opens_nothing(idp, browser, change, caplog):
    idp.alter, reason = CHANGES[change]
    answer = sign_in(browser, idp)
    assert (answer.status_code, "could not be believed" in answer.content.decode()) == (401, True)
    assert reason in why(caplog)
    assert nobody_came_in(browser)


def test_a_comment_does_not_make_another_name(idp, browser):
    """`ada<!---->.evil` signed as a whole is read as a whole."""
    idp.attributes["eppn"] = "ada@univ.example<!-- -->.evil.example"
    sign_in(browser, idp)
    assert SocialAccount.objects.get().uid == "ada@univ.example.evil.example"


def test_an_answer_comes_once(idp, browser):
    path, answer = idp.answer(leave(browser))
    assert send(browser, path, answer).status_code == 302
    assert is_inside(browser)
    thief = Client(headers={"accept-language": "en"})
    leave(thief)
    for other in (browser, thief):
        assert send(other, path, answer).status_code == 401
    assert not is_inside(thief)
    browser.post("/accounts/logout/")
    assert send(browser, path, answer).status_code == 401
    assert not is_inside(browser)


def test_the_same_assertion_under_a_new_request_of_ours_comes_once_too(idp, browser):
    idp.changes["id"] = "_always"
    assert sign_in(browser, idp).status_code == 302
    assert sign_in(Client(), idp).status_code == 401


def test_an_answer_is_for_the_browser_that_asked(idp, browser):
    path, answer = idp.answer(leave(browser))
    thief = Client(headers={"accept-language": "en"})
    assert send(thief, path, answer).status_code == 401
    assert nobody_came_in(thief)


def test_where_the_answer_waits_is_known_for_two_minutes_and_once(idp, browser):
    path, answer = idp.answer(leave(browser))
    waits = Client().post(path, {"SAMLResponse": answer})["Location"]
    assert browser.get(waits).status_code == 302
    assert browser.get(waits).status_code == 401
    assert browser.get(f"{path}{'x' * 43}/").status_code == 401


@pytest.mark.parametrize(
    "sent",
    ["", "not base64!", "x" * (saml.MAX_RESPONSE + 1), base64.b64encode(b"\0" * 99).decode()],
    ids=["nothing", "no base64", "too long", "zeros"],
)
def test_what_is_no_answer_is_not_kept(idp, browser, sent):
    answer = send(browser, "/accounts/saml/univ/acs/", sent)
    assert answer.status_code == 401
    assert nobody_came_in(browser)


def test_one_place_sends_and_asks_only_so_often(idp, browser, monkeypatch):
    monkeypatch.setattr("accounts.views.saml.A_MINUTE", 3)
    monkeypatch.setattr("accounts.views.identities.A_MINUTE", 3)
    sent = [browser.post("/accounts/saml/univ/acs/", {"SAMLResponse": ""}) for _time in range(4)]
    assert [one.status_code for one in sent] == [401, 401, 401, 429]
    assert [leave(browser).status_code for _time in range(4)] == [200, 200, 200, 429]


def test_our_metadata_says_who_we_are_and_offers_no_single_logout(idp):
    answer = Client().get(METADATA)
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    told = answer.content.decode()
    assert 'entityID="http://testserver/accounts/saml/univ/metadata/"' in told
    assert 'Location="http://testserver/accounts/saml/univ/acs/"' in told
    assert 'WantAssertionsSigned="true"' in told
    assert "SingleLogout" not in told
    assert "validUntil" not in told
    for name in ("eppn", "mail", "name", "organisation"):
        assert f'Name="{saml.ATTRIBUTES[name][0]}"' in told
    assert etree.fromstring(answer.content).tag == f"{{{NS['md']}}}EntityDescriptor"


def test_the_metadata_may_be_a_file_which_is_read_again_when_it_changes(
    idp, browser, settings, tmp_path
):
    path = tmp_path / "idp.xml"
    path.write_text(idp.metadata())
    set_up(settings, idp.entry(metadata=str(path)))
    assert sign_in(browser, idp).status_code == 302
    path.write_text(
        idp.metadata().replace(saml_idp.body_of(idp.certificate), saml_idp.body_of(FOREIGN[1]))
    )
    assert sign_in(Client(), idp).status_code == 401


def test_metadata_of_a_federation_counts_when_the_federation_signed_it(
    idp, browser, settings, tmp_path
):
    key, certificate = key_and_certificate()
    signer, path = tmp_path / "federation.pem", tmp_path / "idp.xml"
    signer.write_text(certificate)
    until = datetime.now(UTC) + timedelta(days=3)
    text = idp.metadata().replace(
        "<md:EntityDescriptor ",
        f'<md:EntityDescriptor ID="_one" validUntil="{until:%Y-%m-%dT%H:%M:%SZ}" ',
    )
    entry = idp.entry(metadata=str(path), metadata_certificate=str(signer))
    path.write_text(text)
    set_up(settings, entry)
    assert leave(browser).status_code == 401
    path.write_bytes(
        OneLogin_Saml2_Utils.add_sign(
            text, key, certificate, sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256
        )
    )
    assert sign_in(browser, idp).status_code == 302
    with time_machine.travel(until + timedelta(hours=1)):
        assert leave(Client()).status_code == 401


def test_an_institution_whose_metadata_does_not_come_is_told_as_away(idp, browser, settings):
    set_up(settings, idp.entry(metadata="http://127.0.0.1:9/metadata"))
    answer = leave(browser)
    assert (answer.status_code, "does not answer" in answer.content.decode()) == (503, True)
    idp.status = 404
    set_up(settings, idp.entry())
    assert leave(browser).status_code == 503


@pytest.mark.parametrize("fault", ["certificate", "way", "entity", "long"])
def test_metadata_that_lacks_what_is_needed_lets_nobody_leave(
    idp, browser, settings, tmp_path, fault, monkeypatch
):
    path, text = tmp_path / "idp.xml", idp.metadata()
    changed = {
        "certificate": re.sub("<md:KeyDescriptor.*</md:KeyDescriptor>", "", text),
        "way": re.sub("<md:SingleSignOnService[^>]*>", "", text),
        "entity": text.replace("entityID=", 'entityID="x" x='),
        "long": text,
    }
    path.write_text(changed[fault])
    if fault == "long":
        monkeypatch.setattr(saml, "MAX_METADATA", 100)
    set_up(settings, idp.entry(metadata=str(path)))
    assert leave(browser).status_code == 401


def test_an_institution_nobody_set_up_does_not_exist(idp, browser):
    for name in ("login", "acs", "metadata"):
        answer = browser.generic(
            "POST" if name == "acs" else "GET", f"/accounts/saml/other/{name}/"
        )
        assert answer.status_code == 404
