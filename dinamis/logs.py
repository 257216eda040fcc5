"""What must not stand in a log: the tokens that some addresses carry, keys, people's addresses, their rows."""

import re
from collections.abc import MutableMapping
from typing import Any

# /signing/files/<token>/…, /join/proved/<token>/, /join/legal/…, /join/correct/…, /join/again/…/…
_TOKENS = re.compile(
    r"(/signing/files/|/join/(?:proved|legal|correct)/|/join/again/[\w-]+/)[^/\s\"'?]+"
)
# Of the pages that come later or from the packages: a part of an address too long to be a word.
_LONG = re.compile(r"(?<=/)[\w:=-]{32,}(?=[/?\s\"']|$)")
_KEYS = re.compile(r"\bdn([as])_[\w-]{10,}")
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# What another house sends back with the person: a code, and the state that it belongs to.
_BACK = re.compile(r"(?<=[?&])(code|state|SAMLResponse|RelayState)=[^&\s\"']+")
# PostgreSQL quotes the whole row that it refuses, or the key that is there already.
_ROW = re.compile(r"(DETAIL: ).*")


def without_tokens(
    logger: Any, method: str, facts: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor that hides from an event's texts what opens something or names somebody."""
    for name, value in facts.items():
        facts[name] = _hidden(value)
    return facts


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        text = _LONG.sub("…", _BACK.sub(r"\1=…", _TOKENS.sub(r"\1…", value)))
        return _ROW.sub(r"\1…", _MAIL.sub("…@…", _KEYS.sub(r"dn\1_…", text)))
    if isinstance(value, dict):
        return {name: _hidden(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(one) for one in value]
    return value
