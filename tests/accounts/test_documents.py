"""The certificate and the evidence of a signature as PDF, and the number anybody can check."""

import contextlib
import hashlib
import re
import zlib

import pytest
from django.core import mail
from django.core.files.storage import default_storage

from accounts.models import Membership
from accounts.services import typesetting
from accounts.services.membership import certificates, memberships
from dinamis.actors import Actor
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("typeset")]


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


def metadata(content: bytes) -> str:
    """The XMP packet of a PDF, the first that says which PDF/A it is."""
    found = re.search(r"<x:xmpmeta.*?</x:xmpmeta>", streams(content), re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("kind", certificates.KINDS)
def test_a_document_is_what_pdf_a_asks_as_far_as_a_file_tells(laboratory, kind):
    """Not a whole validator: the claim, the colour profile, every font inside, nothing encrypted or active."""
    content = certificates.certify(Membership.objects.get(), kind)
    said, packet = streams(content), metadata(content)
    assert re.findall(r'pdfaid:(\w+)="(\w+)"', packet) == [("part", "3"), ("conformance", "U")]
    assert "DINAMIS" in packet
    assert "/OutputIntents" in said
    assert "/GTS_PDFA1" in said
    described = re.findall(r"/Type\s*/FontDescriptor", said)
    assert len(described) == len(re.findall(r"/FontFile[23]? \d+ 0 R", said)) > 0
    assert len(re.findall(r"/ToUnicode \d+ 0 R", said)) >= 1
    for forbidden in ("/Encrypt", "/JavaScript", "/Launch", "/EmbeddedFiles"):
        assert forbidden not in said


def test_the_charter_is_countersigned_mailed_and_kept(laboratory, referent, as_, other_referent):
    make.keep_promises()
    membership = Membership.objects.get(organisation=laboratory)
    sent = next(m for m in mail.outbox if m.subject == "The laboratory is a member of DINAMIS")
    names = [name for name, _content, _kind in sent.attachments]
    assert names == [
        f"{membership.certificate_number}.pdf",
        f"{membership.certificate_number}-charter.pdf",
    ]
    for _kind, (_name, content, _type) in zip(certificates.KINDS, sent.attachments, strict=True):
        assert hashlib.sha256(content).hexdigest() == getattr(membership, f"{_kind}_sha256")
    address = f"/organisation/documents/{membership.reference}/charter.pdf"
    answer = as_(referent).get(address)
    assert hashlib.sha256(answer.content).hexdigest() == membership.charter_sha256
    assert as_(other_referent).get(address).status_code == 404
    assert as_(referent).get(address.replace("charter", "secrets")).status_code == 404


def test_the_public_page_says_until_when_it_was_valid(laboratory, desk, client):
    make.keep_promises()
    membership = Membership.objects.get()
    address = f"/join/certificates/{membership.certificate_number.lower()}/"
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "This certificate is ours, and valid" in page
    assert membership.certificate_sha256 in page
    assert membership.charter_sha256 in page
    assert "Legal" not in page
    memberships.take(membership, "suspend", reason="Unanswered mails.", by=Actor.of(desk))
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "This certificate is ours, and no longer valid" in page
    assert "Unanswered mails." not in page


def test_guessing_numbers_is_stopped_and_a_true_number_with_it(laboratory, client):
    membership = Membership.objects.get()
    for number in range(20):
        assert client.get(f"/join/certificates/A-2026-0001-{number}/").status_code == 404
    true = f"/join/certificates/{membership.certificate_number}/"
    assert client.get("/join/certificates/A-2026-0001-X/").status_code == 429
    assert client.get(true).status_code == 429
    assert client.get(true, REMOTE_ADDR="192.0.2.9").status_code == 200


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
            typesetting.OwnFonts().fetch(url)


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
