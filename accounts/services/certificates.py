"""The membership certificate: a PDF with a number that anybody can check, kept in the store."""

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import documents
from dinamis.errors import NotFound


def certify(membership: Membership) -> bytes:
    """Make the certificate, or return the one already made; the store and the row agree by SHA-256.

    The file is stored before the row says so: two workers at once leave one certificate and no orphan.
    """
    if membership.certificate_file:
        return read(membership)
    content = documents.pdf("certificate", _context(membership), membership.language)
    name = default_storage.save(
        f"certificates/{membership.certificate_number}.pdf", ContentFile(content)
    )
    unmade = Membership.objects.filter(pk=membership.pk, certificate_file="")
    if unmade.update(certificate_file=name, certificate_sha256=hashlib.sha256(content).hexdigest()):
        return content
    membership.refresh_from_db()
    if membership.certificate_file != name:
        default_storage.delete(name)
    return read(membership)


def read(membership: Membership) -> bytes:
    """The certificate's bytes; raises NotFound while it is not made yet."""
    if not membership.certificate_file:
        raise NotFound("certificate_not_made", _("The certificate is being made; try in a minute."))
    with default_storage.open(membership.certificate_file) as file:
        return file.read()


def find(number: str) -> Membership:
    """The membership of a certificate's number; raises NotFound."""
    membership = (
        Membership.objects.filter(certificate_number=number.strip().upper())
        .select_related("organisation")
        .first()
    )
    if membership is None:
        raise NotFound("certificate_unknown", _("We have no certificate with this number."))
    return membership


def _context(membership: Membership) -> dict[str, object]:
    return {
        "membership": membership,
        "organisation": membership.organisation,
        "signatures": membership.signatures.select_related("text__licence"),
        "check": f"{settings.SITE_URL}{reverse('certificate', args=[membership.certificate_number])}",
    }
