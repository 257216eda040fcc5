"""Metadata that a federation signs: believed when its key covers the whole of it, and while it is valid."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.outside import Unbelieved, federation
from tests.accounts.saml_idp import NS
from tests.certificates import key_and_certificate

FEDERATION, OTHER = key_and_certificate(), key_and_certificate()
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def published(until: datetime | None = TOMORROW, identifier: str = "_all", inside: str = "") -> str:
    """What a federation lists: one institution."""
    valid = f' validUntil="{until:%Y-%m-%dT%H:%M:%SZ}"' if until else ""
    return (
        f'<md:EntitiesDescriptor xmlns:md="{NS["md"]}" ID="{identifier}"{valid}>'
        f'<md:EntityDescriptor entityID="https://idp.example" ID="_one">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{Names.NS_SAMLP}">'
        f'<md:SingleSignOnService Binding="{Names.BINDING_HTTP_REDIRECT}" Location="https://idp.example/sso"/>'
        f"</md:IDPSSODescriptor></md:EntityDescriptor>{inside}</md:EntitiesDescriptor>"
    )


def signed(xml: str, pair: tuple[str, str] = FEDERATION, **algorithms: str) -> bytes:
    usual = {"sign_algorithm": Names.RSA_SHA256, "digest_algorithm": Names.SHA256}
    return OneLogin_Saml2_Utils.add_sign(xml, *pair, **(usual | algorithms))


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "federation.pem"
    path.write_text(FEDERATION[1])
    return str(path)


def test_what_the_federation_signed_is_believed(certificate):
    assert federation.check(signed(published()), certificate) is None


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (published().encode(), "0 signatures"),
        (signed(published(), OTHER), "not signed by"),
        (signed(published()).replace(b"idp.example/sso", b"evil.example/sso"), "not signed by"),
        (signed(published(until=None)), "until when"),
        (signed(published(until=TOMORROW - timedelta(days=2))), "was valid until"),
        (signed(published(), sign_algorithm=Names.RSA_SHA1), "rsa-sha1"),
        (signed(published(), digest_algorithm=Names.SHA1), "#sha1"),
        (f'<x xmlns="{NS["md"]}"/>'.encode(), "no metadata"),
    ],
    ids=["bare", "other key", "changed", "endless", "over", "sha-1", "sha-1 digest", "no metadata"],
)
def test_what_it_did_not_sign_is_not(certificate, xml, why):
    with pytest.raises(Unbelieved, match=re.escape(why)):
        federation.check(xml, certificate)


def test_a_signature_of_a_part_does_not_carry_the_rest(certificate):
    """The signed list of before, wrapped into another root that names an institution of the attacker's."""
    honest = signed(published()).decode()
    signature = re.search(r"<ds:Signature.*</ds:Signature>", honest, re.DOTALL)[0]
    start = honest.index("<md:EntitiesDescriptor")
    kept = honest[start:].replace(signature, "")
    wrapped = published(identifier="_evil", inside=kept)
    wrapped = wrapped.replace("<md:EntityDescriptor", signature + "<md:EntityDescriptor", 1)
    with pytest.raises(Unbelieved, match="does not cover the whole"):
        federation.check(wrapped.encode(), certificate)
    twice = wrapped.replace('ID="_evil"', 'ID="_all"')
    with pytest.raises(Unbelieved, match="does not cover the whole"):
        federation.check(twice.encode(), certificate)


def test_a_certificate_that_went_away_is_a_reason_not_a_crash(certificate, tmp_path):
    with pytest.raises(Unbelieved, match="not signed by"):
        federation.check(signed(published()), str(tmp_path / "gone.pem"))
