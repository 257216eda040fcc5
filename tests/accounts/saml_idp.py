"""A small SAML identity provider on loopback, which signs what it says and can be told to say anything."""

import base64
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import requests
import xmlsec
from django.http import HttpResponse
from django.test import Client
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.outside.saml import ATTRIBUTES
from tests.certificates import key_and_certificate

TIMEOUT = 20
NS = {
    "samlp": Names.NS_SAMLP,
    "saml": Names.NS_SAML,
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
}
XMLNS = f'xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{Names.NS_SAML}"'
ADA = {"eppn": "ada@univ.example", "mail": "ada@univ.example", "name": "Ada Person",
       "organisation": "univ.example"}  # fmt: skip


def body_of(pem: str) -> str:
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))


class Idp:
    """The institution: it knows us by our metadata, and people by what a test says of them."""

    def __init__(self) -> None:
        self.key, self.certificate = key_and_certificate()
        self.url = ""
        self.begin()

    def begin(self) -> "Idp":
        """As it was made: for the next test."""
        self.changes: dict[str, Any] = {}
        self.attributes: dict[str, str | list[str]] = dict(ADA)
        self.alter: Callable[[str], str] = lambda xml: xml
        self.status = 200
        self.asked: list[str] = []
        return self

    @property
    def entity(self) -> str:
        return f"{self.url}/metadata"

    def metadata(self) -> str:
        return (
            f'<md:EntityDescriptor xmlns:md="{NS["md"]}" entityID="{self.entity}">'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{Names.NS_SAMLP}">'
            '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
            f"<ds:X509Data><ds:X509Certificate>{body_of(self.certificate)}</ds:X509Certificate>"
            "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            f'<md:SingleSignOnService Binding="{Names.BINDING_HTTP_REDIRECT}" Location="{self.url}/sso"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def entry(self, **changed: Any) -> dict[str, Any]:
        """How an installation of ours names it."""
        usual = {
            "kind": "saml", "id": "univ", "name": "The University", "entity_id": self.entity,
            "metadata": self.entity, "trusted_domains": ["univ.example"],
        }  # fmt: skip
        return usual | changed

    def read_ours(self, metadata: bytes) -> None:
        """Learn who we are and where answers go, as the operator of an institution does."""
        ours = etree.fromstring(metadata)
        self.sp = ours.get("entityID")
        self.acs = ours.find(".//md:AssertionConsumerService", NS).get("Location")

    def sso(self, query: dict[str, list[str]]) -> str:
        """The page after the log-in over there: a form that carries the answer to us."""
        asked = zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15)
        request = etree.fromstring(asked)
        self.asked.append(asked.decode())
        assert request.findtext("saml:Issuer", namespaces=NS) == self.sp
        assert request.get("AssertionConsumerServiceURL") == self.acs
        answer = base64.b64encode(self.response(request.get("ID")).encode()).decode()
        return (
            f'<form method="post" action="{escape(self.acs)}">'
            f'<input name="SAMLResponse" value="{escape(answer)}"><button>Go on</button></form>'
        )

    def response(self, asked: str) -> str:
        """What is said of the person, signed as the test wants it."""
        say = {
            "issuer": self.entity, "destination": self.acs, "recipient": self.acs,
            "audience": self.sp, "asked": asked, "confirmed": asked, "begins": -60, "ends": 300,
            "key": self.key, "certificate": self.certificate, "sign": "assertion",
            "status": "Success", "algorithm": Names.RSA_SHA256, "name_id": "ada-here",
            "name_format": Names.NAMEID_TRANSIENT, "id": f"_{uuid4().hex}",
        } | self.changes  # fmt: skip
        assertion = self._assertion(say)
        if say["sign"] in ("assertion", "both"):
            assertion = self._signed(assertion, say)
        assertion = say["encrypt"](assertion) if "encrypt" in say else assertion
        whole = (
            f'<samlp:Response {XMLNS} ID="_{uuid4().hex}" Version="2.0" IssueInstant="{_at(0)}"'
            f"{_attribute('Destination', say['destination'])}{_attribute('InResponseTo', say['asked'])}>"
            f"<saml:Issuer>{say['issuer']}</saml:Issuer><samlp:Status>"
            f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{say["status"]}"/>'
            f"</samlp:Status>{assertion}</samlp:Response>"
        )
        if say["sign"] in ("response", "both"):
            whole = self._signed(whole, say)
        return self.alter(whole)

    def _assertion(self, say: dict[str, Any]) -> str:
        audience = f"<saml:Audience>{say['audience']}</saml:Audience>" if say["audience"] else ""
        restriction = f"<saml:AudienceRestriction>{audience}</saml:AudienceRestriction>"
        until = _attribute("NotOnOrAfter", _at(say["ends"]) if say["ends"] is not None else "")
        confirmation = (
            f"<saml:SubjectConfirmationData{_attribute('InResponseTo', say['confirmed'])}"
            f"{_attribute('Recipient', say['recipient'])}{until}/>"
        )
        attributes = "".join(
            _named(ATTRIBUTES[name][0] if name in ATTRIBUTES else name, value)
            for name, value in self.attributes.items()
        )
        return (
            f'<saml:Assertion {XMLNS} ID="{say["id"]}" Version="2.0" IssueInstant="{_at(0)}">'
            f"<saml:Issuer>{say['issuer']}</saml:Issuer><saml:Subject>"
            f'<saml:NameID Format="{say["name_format"]}">{say["name_id"]}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{Names.CM_BEARER}">{confirmation}'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{_at(say["begins"])}" NotOnOrAfter="{_at(say["ends"] or 300)}">'
            f"{restriction if audience else ''}</saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{_at(0)}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )

    def _signed(self, xml: str, say: dict[str, Any]) -> str:
        digest = Names.SHA1 if say["algorithm"] == Names.RSA_SHA1 else Names.SHA256
        signed = OneLogin_Saml2_Utils.add_sign(
            xml, say["key"], say["certificate"], sign_algorithm=say["algorithm"],
            digest_algorithm=digest,
        )  # fmt: skip
        return (
            signed.decode().partition("?>")[2] if signed.startswith(b"<?xml") else signed.decode()
        )

    def answer(self, left: HttpResponse) -> tuple[str, str]:
        """The person signs in over there; return where the page's form leads, and what it carries."""
        page = requests.get(left["Refresh"].partition("url=")[2], timeout=TIMEOUT)
        assert page.ok, page.text
        action, value = re.search(r'action="([^"]+)".*value="([^"]*)"', page.text).groups()
        return urlsplit(unescape(action)).path, unescape(value)


def encrypted_for(certificate: str) -> Callable[[str], str]:
    """A way to close an assertion for us alone, as Shibboleth does."""

    def closed(assertion: str) -> str:
        manager = xmlsec.KeysManager()
        key = xmlsec.Key.from_memory(certificate.encode(), xmlsec.KeyFormat.CERT_PEM, None)
        manager.add_key(key)
        data = xmlsec.template.encrypted_data_create(
            template := etree.fromstring(f'<saml:EncryptedAssertion xmlns:saml="{NS["saml"]}"/>'),
            xmlsec.Transform.AES128, type=xmlsec.EncryptionType.ELEMENT, ns="xenc",
        )  # fmt: skip
        xmlsec.template.encrypted_data_ensure_cipher_value(data)
        info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="dsig")
        inner = xmlsec.template.add_encrypted_key(info, xmlsec.Transform.RSA_OAEP)
        xmlsec.template.encrypted_data_ensure_cipher_value(inner)
        context = xmlsec.EncryptionContext(manager)
        context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, 128, xmlsec.KeyDataType.SESSION)
        document = etree.fromstring(assertion)
        template.append(context.encrypt_xml(data, document))
        return etree.tostring(template).decode()

    return closed


def leave(browser: Client, process: str = "login") -> HttpResponse:
    """Press the button of the institution."""
    return browser.post(f"/accounts/saml/univ/login/?process={process}")


def send(browser: Client, path: str, answer: str) -> HttpResponse:
    """The form comes from another site, so without cookies; what follows comes from the browser itself."""
    first = Client(headers={"accept-language": "en"}).post(path, {"SAMLResponse": answer})
    return browser.get(first["Location"]) if first.status_code == 302 else first


def sign_in(browser: Client, idp: Idp, process: str = "login") -> HttpResponse:
    """The whole way there and back."""
    return send(browser, *idp.answer(leave(browser, process)))


@contextmanager
def running() -> Iterator[Idp]:
    idp = Idp()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = idp.metadata() if parts.path == "/metadata" else idp.sso(parse_qs(parts.query))
            self.send_response(idp.status)
            kind = "application/samlmetadata+xml" if parts.path == "/metadata" else "text/html"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    idp.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield idp
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _at(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _attribute(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def _named(name: str, value: str | list[str]) -> str:
    values = [value] if isinstance(value, str) else value
    each = "".join(f"<saml:AttributeValue>{one}</saml:AttributeValue>" for one in values)
    return f'<saml:Attribute Name="{name}" NameFormat="{Names.ATTRNAME_FORMAT_URI}">{each}</saml:Attribute>'
