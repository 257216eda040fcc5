"""What a membership is given: its certificate and its charter countersigned, as PDF/A, kept in the store.

Both bear one number that anybody can check on a public page, and are found there by their SHA-256.
"""

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import documents
from dinamis.errors import NotFound
from dinamis.limits import check_left, count

CERTIFICATE, CHARTER = "certificate", "charter"
KINDS = (CERTIFICATE, CHARTER)
# Guessing a number: so many unknown ones from one address within an hour, then no answer at all.
MOST_UNKNOWN, AN_HOUR = 20, 3600


def certify(membership: Membership, kind: str = CERTIFICATE) -> bytes:
    """Make a document, or return the one already made; the store and the row agree by SHA-256.

    The file is stored before the row says so: two workers at once leave one document and no orphan.
    """
    if _stored(membership, kind):
        return read(membership, kind)
    content = documents.pdf(kind, _context(membership), membership.language)
    name = default_storage.save(_name(membership, kind), ContentFile(content))
    unmade = Membership.objects.filter(pk=membership.pk, **{f"{kind}_file": ""})
    digest = hashlib.sha256(content).hexdigest()
    if unmade.update(**{f"{kind}_file": name, f"{kind}_sha256": digest}):
        return content
    membership.refresh_from_db()
    if _stored(membership, kind) != name:
        default_storage.delete(name)
    return read(membership, kind)


def read(membership: Membership, kind: str = CERTIFICATE) -> bytes:
    """A document's bytes; raises NotFound while it is not made yet, or for a kind there is not."""
    if kind not in KINDS:
        raise NotFound("document_unknown", _("There is no such document."))
    if not _stored(membership, kind):
        raise NotFound("certificate_not_made", _("The certificate is being made; try in a minute."))
    with default_storage.open(_stored(membership, kind)) as file:
        return file.read()


def file_name(membership: Membership, kind: str) -> str:
    """What the reader's file is called: the number, and `-charter` for the charter."""
    return f"{membership.certificate_number}{'' if kind == CERTIFICATE else f'-{kind}'}.pdf"


def find(number: str, *, who: str) -> Membership:
    """The membership of a certificate's number; raises NotFound.

    `who` is the address that asks: after twenty unknown numbers in an hour it is told TooOften.
    """
    check_left("certificate", who, most=MOST_UNKNOWN)
    membership = (
        Membership.objects.filter(certificate_number=number.strip().upper())
        .select_related("organisation__merger__successor")
        .first()
    )
    if membership is None:
        count("certificate", who, seconds=AN_HOUR)
        raise NotFound("certificate_unknown", _("We have no certificate with this number."))
    return membership


def _stored(membership: Membership, kind: str) -> str:
    return getattr(membership, f"{kind}_file")


def _name(membership: Membership, kind: str) -> str:
    folder = "certificates" if kind == CERTIFICATE else "charters"
    return f"{folder}/{membership.certificate_number}.pdf"


def _context(membership: Membership) -> dict[str, object]:
    signatures = membership.signatures.filter(subject="").select_related("text__licence", "facts")
    return {
        "membership": membership,
        "organisation": membership.organisation,
        "signatures": signatures.order_by("number"),
        "supervisors": membership.organisation.supervisions.current(),
        "check": f"{settings.SITE_URL}{reverse('certificate', args=[membership.certificate_number])}",
    }
