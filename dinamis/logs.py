"""What must not stand in a log: the tokens that some addresses carry."""

import re
from collections.abc import MutableMapping
from typing import Any

# /signing/files/<token>/…, /join/proved/<token>/, /join/legal/…, /join/correct/…, /join/again/…/…
_TOKENS = re.compile(
    r"(/signing/files/|/join/(?:proved|legal|correct)/|/join/again/[\w-]+/)[^/\s\"'?]+"
)


def without_tokens(
    logger: Any, method: str, facts: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor that hides the token of every address in an event's texts."""
    for name, value in facts.items():
        if isinstance(value, str):
            facts[name] = _TOKENS.sub(r"\1…", value)
    return facts
