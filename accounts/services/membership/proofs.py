"""The evidence of a signature, given back as a page or as data that anybody can recompute."""

from typing import Any

from accounts.models import Signature
from accounts.services.licences import chain


def of(signature: Signature) -> dict[str, Any]:
    """What the PDF shows."""
    return {"signature": signature, "facts": signature.facts, "text": signature.text}


def as_json(signature: Signature) -> dict[str, Any]:
    """The evidence with the text, the digests and the place in the chain; instants are ISO 8601 UTC."""
    facts = signature.facts
    return {
        "number": signature.number,
        "licence": signature.licence_code,
        "version": signature.version,
        "language": signature.language,
        "title": signature.text.title,
        "text": signature.text.body,
        "text_sha256": signature.text_sha256,
        "is_placeholder": signature.text.is_placeholder,
        "subject": signature.subject,
        "capacity": signature.capacity,
        "organisation": signature.organisation.name if signature.organisation else "",
        "signed_at": chain.plain(signature.signed_at),
        "session_mfa": signature.session_mfa,
        "signer": {name: getattr(facts, name) for name in chain.FACTS},
        "salt": facts.salt,
        "erased_at": chain.plain(facts.erased_at),
        "facts_digest": signature.facts_digest,
        "previous_hash": signature.previous_hash,
        "hash": signature.hash,
    }
