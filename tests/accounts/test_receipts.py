"""The receipt of a signature, and a signature while the text changes."""

import json
import threading

import pytest
from django.core import mail
from django.db import connection, transaction

from accounts.models import Receipt, Signature
from accounts.services.licences import chain, receipts
from dinamis.errors import NotNow
from tests import make


def of(signature: Signature) -> Receipt:
    return Receipt.objects.get(signature=signature)


@pytest.mark.usefixtures("typeset")
@pytest.mark.django_db
def test_whoever_signs_receives_the_evidence_once(licences, researcher):
    make.keep_promises()
    mail.outbox.clear()
    signature = make.signature(researcher)
    assert make.signature(researcher) == signature
    make.keep_promises()
    (sent,) = mail.outbox
    assert sent.to == [researcher.email]
    assert sent.subject == f"Receipt of your signature, number {signature.number}"
    (paper_name, paper, _kind), (data_name, data, _type) = sent.attachments
    assert (paper_name, data_name) == (
        f"signature-{signature.number}.pdf",
        f"signature-{signature.number}.json",
    )
    assert paper.startswith(b"%PDF-")
    assert json.loads(data)["hash"] == signature.hash
    receipts.send(of(signature))
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_erased_facts_leave_nobody_to_write_to(licences, researcher):
    signature = make.signature(researcher)
    chain.erase_facts(signature)
    mail.outbox.clear()
    receipts.send(of(signature))
    assert mail.outbox == []
    assert of(signature).sent_at is None


@pytest.mark.django_db
def test_who_accepts_at_joining_has_the_certificate_instead(licences, laboratory):
    assert Signature.objects.filter(organisation=laboratory).count() == 3
    assert Receipt.objects.count() == 0


def sign_while_the_text_changes(person) -> list[str]:
    """Another transaction has written a version and not ended; what became of a signature meanwhile."""
    outcome, ended = [], threading.Event()

    def sign() -> None:
        try:
            make.signature(person)
            outcome.append("signed")
        except NotNow as refused:
            outcome.append(refused.code)
        finally:
            connection.close()
            ended.set()

    thread = threading.Thread(target=sign)
    with transaction.atomic():
        make.new_version("spot67", "en", by=make.SYSTEM)
        thread.start()
        # Behind the lock it cannot end; without it, it ends now, under the former text.
        ended.wait(timeout=1.5)
        outcome.append("committed")
    thread.join()
    return outcome


@pytest.mark.django_db(transaction=True)
def test_no_signature_of_the_former_text_follows_the_new_one(licences, desk):
    person = make.attached("p@laboratory.example", make.member("laboratory", desk=desk))
    assert sign_while_the_text_changes(person) == ["committed", "text_changed"]
    assert not Signature.objects.filter(user=person).exists()
    assert chain.verify() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_former_text_is_signed(request, desk, monkeypatch):
    """The control: the test above can fail."""
    request.getfixturevalue("licences")
    person = make.attached("p@laboratory.example", make.member("laboratory", desk=desk))
    monkeypatch.setattr(chain, "lock", lambda: None)
    assert sign_while_the_text_changes(person) == ["signed", "committed"]
