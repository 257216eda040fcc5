"""The certificate and the evidence of a signature as PDF, and the number anybody can check."""

import contextlib
import hashlib
import zlib

import pytest
from django.core import mail
from django.core.files.storage import default_storage

from accounts.models import Membership
from accounts.services import certificates, documents
from tests import make

pytestmark = pytest.mark.django_db


def streams(content: bytes) -> str:
    """The text of the compressed streams of a PDF."""
    found = []
    for part in content.split(b"stream\n")[1::2]:
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(part).decode(errors="replace"))
    return "".join(found) + content.decode(errors="replace")


def test_an_approved_membership_gets_a_certificate_by_mail_and_in_the_store(laboratory):
    make.keep_promises()
    membership = Membership.objects.get()
    sent = [m for m in mail.outbox if m.subject == "The laboratory is a member of DINAMIS"]
    assert [m.to[0] for m in sent] == ["legal@laboratory.example", "referent@laboratory.example"]
    name, content, kind = sent[0].attachments[0]
    assert (name, kind) == (f"{membership.certificate_number}.pdf", "application/pdf")
    assert content.startswith(b"%PDF-1.7")
    assert 'pdfaid:part="3"' in streams(content)
    with default_storage.open(membership.certificate_file) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == membership.certificate_sha256
    assert hashlib.sha256(content).hexdigest() == membership.certificate_sha256


def test_certifying_twice_gives_the_same_certificate(laboratory):
    membership = Membership.objects.get()
    first = certificates.certify(membership)
    stale = Membership.objects.get()
    stale.certificate_file = ""
    assert certificates.certify(stale) == first
    assert (
        default_storage.listdir("certificates")[1].count(f"{membership.certificate_number}.pdf")
        == 1
    )


def test_anybody_can_check_a_certificates_number(laboratory, client):
    membership = Membership.objects.get()
    page = client.get(f"/join/certificates/{membership.certificate_number}/")
    assert (page.status_code, b"The laboratory" in page.content) == (200, True)
    assert b"legal@laboratory.example" not in page.content
    assert client.get("/join/certificates/A-2026-0001-AAAAAAAA/").status_code == 404


def test_a_document_fetches_nothing_from_outside():
    for url in ("https://example.org/a.css", "file:///etc/passwd", "font:../../../settings"):
        with pytest.raises(ValueError, match="nothing from outside"):
            documents.OwnFonts().fetch(url)


def test_a_signature_is_given_back_as_pdf_and_json_to_its_signer_only(
    researcher, other_researcher, desk, as_
):
    signature = make.signature(researcher)
    pdf = as_(researcher).get(f"/licences/signatures/{signature.number}.pdf")
    assert pdf.content.startswith(b"%PDF")
    data = as_(desk).get(f"/licences/signatures/{signature.number}.json").json()
    assert (data["hash"], data["text_sha256"]) == (signature.hash, signature.text_sha256)
    text = f"{data['title']}\n\n{data['text']}"
    assert hashlib.sha256(text.encode()).hexdigest() == data["text_sha256"]
    for ending in ("pdf", "json"):
        answer = as_(other_researcher).get(f"/licences/signatures/{signature.number}.{ending}")
        assert answer.status_code == 404
