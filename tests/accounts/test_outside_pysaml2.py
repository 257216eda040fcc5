"""Another hand: pysaml2 as the institution. It reads our metadata and our request, and writes the answer.

Its signatures are made by the `xmlsec` package, since the `xmlsec1` program may not be installed.
"""

import base64
import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import xmlsec
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from lxml import etree

from accounts.models import User
from tests.accounts.outside_peer import set_up
from tests.accounts.saml_idp import leave, send
from tests.certificates import key_and_certificate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it names ciphers that `cryptography` has moved
    from saml2 import BINDING_HTTP_REDIRECT
    from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
    from saml2.config import IdPConfig
    from saml2.metadata import entity_descriptor
    from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT
    from saml2.server import Server
    from saml2.sigver import CryptoBackendXmlSec1
    from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
IDP = "https://idp.univ.example/idp"
ADA = {
    "eduPersonPrincipalName": ["ada@univ.example"],
    "mail": ["ada@univ.example"],
    "displayName": ["Ada Person"],
    "schacHomeOrganization": ["univ.example"],
    "eduPersonAffiliation": ["member", "researcher"],
}


class Wheel(CryptoBackendXmlSec1):
    """Signs as pysaml2 asks, by the package instead of the program."""

    def sign_statement(self, statement, node_name, key_file, node_id, *args, **kwargs) -> str:
        given = statement if isinstance(statement, bytes) else str(statement).encode()
        document = etree.fromstring(given)
        [node] = document.xpath(f"//*[@ID='{node_id}']")
        xmlsec.tree.add_ids(node, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(str(key_file), xmlsec.KeyFormat.PEM)
        context.sign(xmlsec.tree.find_node(node, xmlsec.Node.SIGNATURE))
        return etree.tostring(document).decode()


class Institution:
    def __init__(self, folder: Path, ours: str) -> None:
        for name, pem in zip(("key", "certificate"), key_and_certificate(), strict=True):
            (folder / name).write_text(pem)
        described = {
            "entityid": IDP,
            "xmlsec_binary": "/bin/true",
            "key_file": str(folder / "key"),
            "cert_file": str(folder / "certificate"),
            "metadata": {"inline": [ours]} if ours else {},
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{IDP}/sso", BINDING_HTTP_REDIRECT)]
                    },
                    "policy": {
                        "default": {"name_form": NAME_FORMAT_URI, "lifetime": {"minutes": 5}}
                    },
                }
            },
        }
        self.server = Server(config=IdPConfig().load(described))
        self.server.sec.crypto = Wheel("/bin/true")

    @property
    def metadata(self) -> str:
        return str(entity_descriptor(self.server.config))

    def answer(self, asked: str, **signed: bool) -> tuple[str, str]:
        """Read the request that the browser carries; where the answer goes, and what it is."""
        request = self.server.parse_authn_request(asked, BINDING_HTTP_REDIRECT)
        args = self.server.response_args(request.message)
        args["name_id_policy"].format = NAMEID_FORMAT_PERSISTENT
        whole = self.server.create_authn_response(
            ADA, userid="ada", authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": IDP},
            sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256, **args, **signed,
        )  # fmt: skip
        return args["destination"], base64.b64encode(str(whole).encode()).decode()


@pytest.mark.parametrize(
    "signed",
    [{"sign_assertion": True, "sign_response": False}, {"sign_assertion": True, "sign_response": True},
     {"sign_assertion": False, "sign_response": True}],
    ids=["the assertion", "both", "the response"],
)  # fmt: skip
def test_pysaml2_knows_us_by_our_metadata_and_signs_a_person_in(
    tmp_path, settings, monkeypatch, signed
):
    # It would ask the program which algorithms it has.
    monkeypatch.setattr("saml2.metadata.algorithm_support_in_metadata", lambda program: [])
    settings.SITE_URL = "http://testserver"
    described = tmp_path / "idp.xml"
    described.write_text(Institution(tmp_path, "").metadata)
    entry = {"kind": "saml", "id": "univ", "name": "The University", "entity_id": IDP,
             "metadata": str(described), "trusted_domains": ["univ.example"]}  # fmt: skip
    set_up(settings, entry)
    ours = Client().get("/accounts/saml/univ/metadata/").content.decode()
    (tmp_path / "again").mkdir()
    institution = Institution(tmp_path / "again", ours)
    described.write_text(institution.metadata)
    browser = Client(headers={"accept-language": "en"})
    left = urlsplit(leave(browser)["Refresh"].partition("url=")[2])
    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{IDP}/sso"
    destination, answer = institution.answer(parse_qs(left.query)["SAMLRequest"][0], **signed)
    assert destination == "http://testserver/accounts/saml/univ/acs/"
    assert send(browser, urlsplit(destination).path, answer)["Location"] == "/"
    assert User.objects.get().email == "ada@univ.example"
    account = SocialAccount.objects.get()
    assert account.uid == "ada@univ.example"
    assert account.extra_data["organisation"] == "univ.example"
    assert "affiliation" not in account.extra_data
