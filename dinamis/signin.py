"""Who else may say who a person is: SIGNIN_PROVIDERS read, judged, and told to allauth in its own words.

Read while the settings are, so nothing of Django is asked here. What is wrong is collected, not raised:
`accounts/checks.py` tells it as Django tells everything else that keeps a site from starting.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VARIABLE = "SIGNIN_PROVIDERS"
MOST = 500  # providers
MAX_NAME = 80  # characters, as many as the history of an account keeps
ORCID = {False: "https://orcid.org", True: "https://sandbox.orcid.org"}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# Paths of files; of them `metadata` may be an address instead.
_FILES = ("metadata", "metadata_certificate", "certificate", "private_key")
_COMMON = frozenset({"kind", "id", "name"})
FIELDS = {
    "oidc": {"needed": ("name", "server_url", "client_id"), "other": ("secret", "trusted_domains")},
    "orcid": {"needed": ("client_id", "secret"), "other": ("sandbox", "server_url")},
    "saml": {
        "needed": ("name", "entity_id", "metadata"),
        "other": ("trusted_domains", "certificate", "private_key", "metadata_certificate"),
    },
}


@dataclass
class Read:
    """What allauth is told, by its own kinds; and what is wrong, in sentences."""

    openid_connect: list[dict[str, Any]] = field(default_factory=list)
    saml: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def providers(self) -> dict[str, Any]:
        return {"openid_connect": {"APPS": self.openid_connect}, "saml": {"APPS": self.saml}}


def read(value: str) -> Read:
    """Read the variable: a JSON list, or the path of a file that holds one."""
    told = Read()
    entries = _entries(value.strip(), told.faults)
    seen: set[str] = set()
    for number, entry in enumerate(entries[:MOST], 1):
        faults = _faults(entry)
        called = entry.get("id", entry.get("kind")) if isinstance(entry, dict) else None
        if not faults and called in seen:
            faults = [f"the id “{called}” is given twice"]
        if faults:
            where = f"{VARIABLE}, entry {number}" + (f" ({called})" if called else "")
            told.faults += [f"{where}: {fault}." for fault in faults]
            continue
        seen.add(called)
        if entry["kind"] == "saml":
            told.saml.append(_saml(entry))
        else:
            told.openid_connect.append(_oidc(entry))
    if len(entries) > MOST:
        told.faults.append(f"{VARIABLE}: more than {MOST} providers.")
    return told


def _entries(value: str, faults: list[str]) -> list[Any]:
    """The list itself, or nothing and a fault."""
    if not value:
        return []
    try:
        if value.startswith("/"):
            value = Path(value).read_text()
        entries = json.loads(value)
    except (OSError, UnicodeDecodeError) as fault:
        faults.append(f"{VARIABLE}: the file cannot be read ({fault}).")
    except (ValueError, RecursionError) as fault:
        faults.append(f"{VARIABLE}: this is no JSON ({fault}).")
    else:
        if isinstance(entries, list):
            return entries
        faults.append(f"{VARIABLE}: a list of providers is needed, in [ ].")
    return []


def _faults(entry: Any) -> list[str]:
    """What is wrong with one entry."""
    if not isinstance(entry, dict):
        return ["each provider is an object, in { }"]
    kind = entry.get("kind")
    if kind not in FIELDS:
        return ["“kind” is oidc, orcid or saml"]
    needed, other = FIELDS[kind]["needed"], FIELDS[kind]["other"]
    faults = [f"“{name}” is missing" for name in needed if not _is_text(entry.get(name))]
    unknown = set(entry) - _COMMON - set(needed) - set(other)
    faults += [f"“{name}” is not known for {kind}" for name in sorted(unknown)]
    if not _ID.fullmatch(str(entry.get("id", "orcid" if kind == "orcid" else ""))):
        faults.append("“id” is 1 to 40 small letters, digits and hyphens, and never changes again")
    if not isinstance(entry.get("name", ""), str) or len(entry.get("name", "")) > MAX_NAME:
        faults.append(f"“name” has at most {MAX_NAME} characters")
    faults += _faults_of_domains(entry.get("trusted_domains", []))
    for name in ("server_url", "metadata"):
        address = entry.get(name)
        if _is_text(address) and not (name == "metadata" and address.startswith("/")):
            faults += [f"“{name}” {fault}" for fault in _faults_of_address(address)]
    if any(char in str(entry.get("entity_id", "")) for char in "'\"<>&"):
        faults.append("“entity_id” holds no quotation mark, < > or &")
    if ("certificate" in entry) != ("private_key" in entry):
        faults.append("“certificate” and “private_key” come together")
    for name in _FILES:
        path = entry.get(name, "")
        if _is_text(path) and path.startswith("/") and not Path(path).is_file():
            faults.append(f"“{name}”: there is no file {path}")
        elif name in entry and name != "metadata" and not str(path).startswith("/"):
            faults.append(f"“{name}” is the whole path of a file, from / on")
    return faults


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 500


def _faults_of_domains(domains: Any) -> list[str]:
    if not isinstance(domains, list):
        return ["“trusted_domains” is a list"]
    wrong = [one for one in domains if not (isinstance(one, str) and _DOMAIN.fullmatch(one))]
    return [f"“trusted_domains”: {one} is no domain, such as univ.example" for one in wrong]


def _faults_of_address(address: str) -> list[str]:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return []
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return []
    return ["begins with https://; http:// is for this machine alone"]


def _oidc(entry: dict[str, Any]) -> dict[str, Any]:
    is_orcid = entry["kind"] == "orcid"
    server = entry.get("server_url") or ORCID[bool(entry.get("sandbox"))]
    settings: dict[str, Any] = {
        "server_url": server.rstrip("/"),
        "oauth_pkce_enabled": True,
        "trusted_domains": entry.get("trusted_domains", []),
    }
    if is_orcid:
        settings |= {"scope": ["openid"], "orcid": True}
    return {
        "provider_id": entry.get("id", "orcid"),
        "name": entry.get("name", "ORCID"),
        "client_id": entry["client_id"],
        "secret": entry.get("secret", ""),
        "settings": settings,
    }


def _saml(entry: dict[str, Any]) -> dict[str, Any]:
    kept = ("entity_id", "trusted_domains", *_FILES)
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["id"],
        "settings": {name: entry[name] for name in kept if name in entry},
    }
