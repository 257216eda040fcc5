"""The receipt of a signature: its evidence as PDF and JSON, mailed to whoever signed, once."""

import json

from django.utils import timezone, translation

from accounts.emails import licences as mails
from accounts.models import Receipt, Signature
from accounts.services import documents
from accounts.services.membership import proofs
from accounts.services.notices.telling import tell
from accounts.states.membership import State
from dinamis.outbox import after_commit


def promise(signature: Signature) -> None:
    """Promise the receipt, inside the transaction of the signature.

    Who accepts at joining has none: the certificate and the countersigned charter come instead.
    """
    if signature.membership and signature.membership.state != State.ACTIVE:
        return
    receipt = Receipt.objects.create(signature=signature)
    after_commit("accounts.tasks.send_receipt", receipt.pk)


def send(receipt: Receipt) -> None:
    """Mail a receipt that has not left; facts that were erased meanwhile leave nobody to write to."""
    signature = receipt.signature
    if receipt.sent_at or not signature.facts.email:
        return
    language = language_of(signature)
    with translation.override(language):
        message = mails.receipt(signature, files(signature), language)
        tell([message], key=f"receipt:{receipt.pk}", family="licences")
    Receipt.objects.filter(pk=receipt.pk).update(sent_at=timezone.now())


def files(signature: Signature) -> tuple[tuple[str, bytes, str], ...]:
    """The evidence, readable and recomputable, in the language of the text that was signed."""
    name = f"signature-{signature.number}"
    data = json.dumps(proofs.as_json(signature), ensure_ascii=False, indent=2)
    paper = documents.pdf("signature", proofs.of(signature), signature.language)
    return (
        (f"{name}.pdf", paper, "application/pdf"),
        (f"{name}.json", data.encode(), "application/json"),
    )


def language_of(signature: Signature) -> str:
    """The language in which the signer is written to."""
    signer = signature.user or signature.by_link
    return signer.language if signer else signature.language
