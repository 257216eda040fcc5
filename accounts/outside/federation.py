"""Metadata of a federation: believed only when the federation signed it, and while it says it is valid.

RENATER and eduGAIN sign what they publish, whole or per institution (MDQ). A signature that stands somewhere
in a document proves nothing: it counts here when it covers the root, and nothing but the root is read.
"""

from datetime import UTC, datetime
from typing import Any

import xmlsec
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from accounts.outside import Unbelieved

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
ROOTS = frozenset({f"{{{MD}}}EntityDescriptor", f"{{{MD}}}EntitiesDescriptor"})
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNATURES = frozenset(
    {f"{_MORE}{name}" for name in ("rsa-sha256", "rsa-sha384", "rsa-sha512")}
    | {f"{_MORE}{name}" for name in ("ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512")}
)
DIGESTS = frozenset({"http://www.w3.org/2001/04/xmlenc#sha256", f"{_MORE}sha384",
                     "http://www.w3.org/2001/04/xmlenc#sha512"})  # fmt: skip
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
TRANSFORMS = frozenset({f"{DS}enveloped-signature", _EXCLUSIVE, f"{_EXCLUSIVE}WithComments"})


def check(xml: bytes, certificate: str) -> None:
    """Check that the root is signed by the key of a certificate (the path of a PEM file) and not over.

    Raises Unbelieved with the reason for the log, and what reading XML raises.
    """
    root = OneLogin_Saml2_XML.to_etree(xml)
    if root.tag not in ROOTS:
        raise Unbelieved(f"{root.tag} is no metadata")
    _check_valid(root)
    signature = _signature(root)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    try:
        context.key = xmlsec.Key.from_file(certificate, xmlsec.KeyFormat.CERT_PEM)
        context.verify(signature)
    except (xmlsec.Error, OSError) as fault:
        raise Unbelieved(f"the metadata is not signed by {certificate}: {fault}") from fault


def _check_valid(root: Any) -> None:
    """A federation says until when it stands by what it publishes: without that, an old list never ends."""
    until = root.get("validUntil", "")
    if not until:
        raise Unbelieved("the signed metadata does not say until when it is valid")
    ends = datetime.fromtimestamp(OneLogin_Saml2_Utils.parse_SAML_to_time(until), UTC)
    if ends <= datetime.now(UTC):
        raise Unbelieved(f"the signed metadata was valid until {until}")


def _signature(root: Any) -> Any:
    """The one signature that the root carries, of nothing but the root, by algorithms that still hold."""
    found = root.findall(f"{{{DS}}}Signature")
    if len(found) != 1:
        raise Unbelieved(f"the metadata carries {len(found)} signatures of its own, not one")
    info = found[0].find(f"{{{DS}}}SignedInfo")
    references = [] if info is None else info.findall(f"{{{DS}}}Reference")
    if len(references) != 1:
        raise Unbelieved("the signature speaks of more than one thing, or of none")
    name = root.get("ID", "")
    covered = references[0].get("URI", "?")
    if covered not in {"", f"#{name}"} or len(root.xpath("//@ID[. = $name]", name=name)) > 1:
        raise Unbelieved("the signature does not cover the whole of the metadata")
    _check_algorithms(info)
    return found[0]


def _check_algorithms(info: Any) -> None:
    for path, allowed in (
        ("SignatureMethod", SIGNATURES),
        (f"Reference/{{{DS}}}DigestMethod", DIGESTS),
        (f"Reference/{{{DS}}}Transforms/{{{DS}}}Transform", TRANSFORMS),
    ):
        for node in info.findall(f"{{{DS}}}{path}"):
            if node.get("Algorithm") not in allowed:
                raise Unbelieved(f"the metadata is signed with {node.get('Algorithm')}")
