"""What changed from one version of a licence to another, line by line, as whoever signs again reads it."""

import difflib
from dataclasses import dataclass

from accounts.models import LicenceText, Membership

_KINDS = {" ": "same", "+": "added", "-": "removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a version that was signed."""

    version: str
    changes: list[Change]


def difference(before: LicenceText | None, after: LicenceText) -> list[Change]:
    """Title and text of one beside the other; all added where there was none."""
    lines = difflib.ndiff(_lines(before), _lines(after))
    return [Change(_KINDS[line[0]], line[2:]) for line in lines if line[0] in _KINDS]


def since(text: LicenceText, version: str) -> Since | None:
    """What changed in this text since a version, in its language; None where that is its own, or is not there."""
    before = LicenceText.objects.filter(
        licence=text.licence_id, version=version, language=text.language
    ).first()
    if before is None or before.pk == text.pk:
        return None
    return Since(version, difference(before, text))


def since_accepted(text: LicenceText, membership: Membership) -> Since | None:
    """What changed since this member's legal representative last accepted the licence."""
    accepted = (
        membership.signatures.filter(licence_code=text.licence_id).order_by("-number").first()
    )
    return since(text, accepted.version) if accepted else None


def _lines(text: LicenceText | None) -> list[str]:
    return f"{text.title}\n\n{text.body}".splitlines() if text else []
