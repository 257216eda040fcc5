"""SAML 2.0 as the institutions of RENATER and eduGAIN speak it: python3-saml, read more strictly.

Here beside it: the assertion itself, not only the envelope around it, must answer a request of this very
browser, name our address and our name, have an end, and come once.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import xmlsec
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponseRedirect  # noqa: TID251  what allauth's providers answer
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from accounts import outside
from accounts.outside import Unbelieved, federation

KIND = "saml"
MAX_RESPONSE = 256 * 1024  # characters of base64
MAX_METADATA = 4 * 1024 * 1024  # bytes
METADATA_KEPT = 4 * 3600  # seconds, of metadata that is fetched
SEEN_KEPT = 3600  # seconds at least in which an assertion comes once
LONGEST_ID = 191  # characters of the column
# What eduPerson and SCHAC call a fact: the name on the wire, then the friendly one of older servers.
ATTRIBUTES = {
    "subject_id": ("urn:oasis:names:tc:SAML:attribute:subject-id", "subject-id"),
    "pairwise_id": ("urn:oasis:names:tc:SAML:attribute:pairwise-id", "pairwise-id"),
    "unique_id": ("urn:oid:1.3.6.1.4.1.5923.1.1.1.13", "eduPersonUniqueId"),
    "eppn": ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName", "eppn"),
    "mail": ("urn:oid:0.9.2342.19200300.100.1.3", "mail"),
    "name": ("urn:oid:2.16.840.1.113730.3.1.241", "displayName"),
    "first_name": ("urn:oid:2.5.4.42", "givenName"),
    "last_name": ("urn:oid:2.5.4.4", "sn"),
    "organisation": ("urn:oid:1.3.6.1.4.1.25178.1.2.9", "schacHomeOrganization"),
}
# Who somebody is, from the best to the last; a transient name is nobody the next time.
IDENTIFIERS = ("subject_id", "pairwise_id", "unique_id", "eppn")
ASKED = ("eppn", "mail", "name", "organisation")
_FAULTS = (
    OneLogin_Saml2_Error, etree.LxmlError, xmlsec.Error,
    KeyError, TypeError, ValueError, AttributeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What a believed assertion says."""

    uid: str
    in_response_to: str
    facts: dict[str, list[str]]

    def first(self, name: str) -> str:
        return next(iter(self.facts.get(name, [])), "")


class Provider(SAMLProvider):
    """allauth's, which hands on what `read` found; the institution gives out the addresses it is trusted for."""

    def serialize(self) -> dict[str, str]:
        return {"id": self.app.provider_id}

    def extract_uid(self, data: Said) -> str:
        return data.uid

    def extract_extra_data(self, data: Said) -> dict[str, str]:
        return {}  # the adapter keeps what little is kept

    def extract_common_fields(self, data: Said) -> dict[str, str]:
        names = ("name", "first_name", "last_name", "organisation")
        return {name: data.first(name) for name in names} | {"email": self._address(data)}

    def extract_email_addresses(self, data: Said) -> list[EmailAddress]:
        email = self._address(data)
        return [EmailAddress(email=email, verified=True, primary=True)] if email else []

    def _address(self, data: Said) -> str:
        """The first address that counts, of those the institution has of the person."""
        given = data.facts.get("mail", [])
        domains = self.app.settings.get("trusted_domains", [])
        trusted = [one for one in given if outside.is_trusted(domains, one, proved=True)]
        return next(iter(trusted or given), "")

    def redirect(
        self, request: Any, process: str, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseRedirect:
        auth = _auth(self.app)
        address = _sensible(lambda: auth.login(return_to=""))
        asked = auth.get_last_request_id()
        self.stash_redirect_state(request, process, next_url, data, state_id=asked, **kwargs)
        return HttpResponseRedirect(address)


def provider(request: Any, provider_id: str) -> Provider:
    """Raises SocialApp.DoesNotExist."""
    return Provider(request, app=outside.app(KIND, provider_id))


def read(app: SocialApp, response: str) -> Said:
    """Believe a response, or raise Unbelieved with the reason for the log."""
    auth = _auth(app, response)
    _sensible(auth.process_response)
    if auth.get_errors() or not auth.is_authenticated():
        raise Unbelieved(f"{auth.get_errors()} {auth.get_last_error_reason()}")
    return _sensible(lambda: _read(app, auth))


def _read(app: SocialApp, auth: OneLogin_Saml2_Auth) -> Said:
    document = auth.get_last_response_xml()
    document = OneLogin_Saml2_XML.to_etree(document)
    ours = addresses(app)
    asked = _confirmed(document, ours["acs"])
    audiences = _texts(document, "/saml:Conditions/saml:AudienceRestriction/saml:Audience")
    if ours["entity"] not in audiences:
        raise Unbelieved("it is not said to be for us")
    said = auth.get_attributes()
    facts = {
        name: [outside.clean(one) for key in keys for one in said.get(key, [])]
        for name, keys in ATTRIBUTES.items()
    }
    uid = next((facts[name][0] for name in IDENTIFIERS if facts[name]), "")
    if not uid and auth.get_nameid_format() == Names.NAMEID_PERSISTENT:
        uid = auth.get_nameid() or ""
    if not 0 < len(uid) <= LONGEST_ID:
        raise Unbelieved("it says nothing by which somebody is known again")
    _once(app, auth)
    return Said(uid=uid, in_response_to=asked, facts=facts)


def _confirmed(document: Any, acs: str) -> str:
    """The request that the signed part itself says it answers, at our address and for a while."""
    path = "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation"
    now = time.time()
    for node in OneLogin_Saml2_XML.query(document, f"{path}/saml:SubjectConfirmationData"):
        ends = node.get("NotOnOrAfter")
        if (
            node.getparent().get("Method") == Names.CM_BEARER
            and node.get("Recipient") == acs
            and node.get("InResponseTo")
            and ends
            and OneLogin_Saml2_Utils.parse_SAML_to_time(ends) > now
        ):
            return node.get("InResponseTo")
    raise Unbelieved("it answers no request of ours, or is over")


def _texts(document: Any, path: str) -> list[str]:
    found = OneLogin_Saml2_XML.query(document, f"/samlp:Response/saml:Assertion{path}")
    return [OneLogin_Saml2_XML.element_text(node) for node in found]


def _once(app: SocialApp, auth: OneLogin_Saml2_Auth) -> None:
    """An assertion that comes again is refused, for as long as it would be believed and an hour beside."""
    what = f"{app.provider_id}:{auth.get_last_assertion_id()}"
    key = f"outside:seen:{hashlib.sha256(what.encode()).hexdigest()}"
    left = (auth.get_last_assertion_not_on_or_after() or 0) - time.time()
    if not cache.add(key, True, max(left, 0) + SEEN_KEPT):
        raise Unbelieved("it came before")


def metadata(app: SocialApp) -> bytes:
    """What an institution or a federation is told of us."""
    told = OneLogin_Saml2_Settings(_settings(app, described=False), sp_validation_only=True)
    return told.get_sp_metadata()


def addresses(app: SocialApp) -> dict[str, str]:
    """Our name and address for this institution: of SITE_URL, whatever the browser calls us."""
    of = {"entity": "saml_metadata", "acs": "saml_acs"}
    return {
        what: f"{settings.SITE_URL}{reverse(name, args=[app.provider_id])}"
        for what, name in of.items()
    }


def _auth(app: SocialApp, response: str = "") -> OneLogin_Saml2_Auth:
    where = urlsplit(addresses(app)["acs"])
    request = {
        "https": "on" if where.scheme == "https" else "off",
        "http_host": where.netloc,
        "script_name": where.path,
        "get_data": {},
        "post_data": {"SAMLResponse": response} if response else {},
    }
    return _sensible(lambda: OneLogin_Saml2_Auth(request, _settings(app)))


def _settings(app: SocialApp, *, described: bool = True) -> dict[str, Any]:
    """What python3-saml asks to know."""
    ours, given = addresses(app), app.settings
    has_key = "private_key" in given
    us: dict[str, Any] = {
        "entityId": ours["entity"],
        "assertionConsumerService": {"url": ours["acs"], "binding": Names.BINDING_HTTP_POST},
        "NameIDFormat": Names.NAMEID_PERSISTENT,
        "attributeConsumingService": {
            "serviceName": settings.SITE_NAME,
            "serviceDescription": settings.SITE_NAME,
            "requestedAttributes": [
                {
                    "name": ATTRIBUTES[name][0],
                    "friendlyName": ATTRIBUTES[name][1],
                    "nameFormat": Names.ATTRNAME_FORMAT_URI,
                    "isRequired": False,
                }
                for name in ASKED
            ],
        },
    }
    if has_key:
        us |= {
            "x509cert": Path(given["certificate"]).read_text(),
            "privateKey": Path(given["private_key"]).read_text(),
        }
    contact = {"givenName": settings.SITE_NAME, "emailAddress": settings.DESK_EMAIL}
    whole: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": us,
        "contactPerson": {"technical": contact, "support": contact},
        "security": {
            "authnRequestsSigned": has_key,
            "wantAssertionsSigned": not described,  # asked for; a signature around it is as good
            "wantAttributeStatement": False,
            "wantNameId": False,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": True,
            "allowSingleLabelDomains": urlsplit(settings.SITE_URL).hostname in settings.LOOPBACK,
            "metadataValidUntil": "",  # a federation's register keeps it for years
            "metadataCacheDuration": "",
            "signatureAlgorithm": Names.RSA_SHA256,
            "digestAlgorithm": Names.SHA256,
        },
    }
    return whole | {"idp": _described(given)} if described else whole


def _described(given: dict[str, Any]) -> dict[str, Any]:
    """The institution, from the file that the operator has, or from its own address."""
    where, entity = given["metadata"], given["entity_id"]
    signer = given.get("metadata_certificate", "")
    if where.startswith("/"):
        path = Path(where)
        return _of_file(where, path.stat().st_mtime_ns, entity, signer, timezone.now().date())
    key = f"outside:metadata:{hashlib.sha256(f'{where} {entity} {signer}'.encode()).hexdigest()}"
    if (known := cache.get(key)) is None:
        with get_adapter().get_requests_session() as session:
            answer = session.get(where)
        answer.raise_for_status()
        known = _parsed(answer.content, entity, signer)
        cache.set(key, known, METADATA_KEPT)
    return known


@lru_cache(maxsize=512)
def _of_file(path: str, changed: int, entity: str, signer: str, day: date) -> dict[str, Any]:
    """Read again when the file has changed, and each day: what is signed is valid until an instant."""
    return _parsed(Path(path).read_bytes(), entity, signer)


def _parsed(xml: bytes, entity: str, signer: str) -> dict[str, Any]:
    if len(xml) > MAX_METADATA:
        raise Unbelieved(
            "the metadata is too long: the institution's own is needed, not a federation's"
        )
    if signer:
        federation.check(xml, signer)
    told = OneLogin_Saml2_IdPMetadataParser.parse(xml, entity_id=entity).get("idp", {})
    if "singleSignOnService" not in told or not {"x509cert", "x509certMulti"} & set(told):
        raise Unbelieved(f"the metadata has no certificate or no way to sign in for {entity}")
    told.pop("singleLogoutService", None)
    return told


def _sensible(act: Any) -> Any:
    """Do what reads another house's XML; whatever goes wrong in it is one error."""
    try:
        return act()
    except _FAULTS as fault:
        raise Unbelieved(repr(fault)) from fault
