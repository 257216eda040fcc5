"""What travels beside the files of a product: its licence, credit line, signature, and to whom it may go."""

import json
from typing import Any

from django.conf import settings

from accounts.models import Licence, Signature
from accounts.services.licences import licence_versions, licences
from catalogue.models import Product

NAME = "LICENCE.json"


def facts_of(product: Product, signature: Signature | None) -> dict[str, Any]:
    """The sidecar as data, in both languages; `signature` is the reader's, None where none is needed."""
    licence = product.licence
    return {
        "product": product.pk,
        "scene": product.scene.item_id,
        "page": f"{settings.SITE_URL}{product.get_absolute_url()}",
        "licence": {
            "code": licence.code,
            "name": {"fr": licence.name_fr, "en": licence.name_en},
            "version_in_force": licence_versions.in_force(licence.code).name,
            "text": f"{settings.SITE_URL}{licences.sign_url(licence.code)}",
        },
        "credit": product.credit,
        "signature": _signed(signature) if signature else None,
        "may_give": _may_give(licence),
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256, "licence": licence.code}
            for file in product.files.all()
        ],
    }


def text_of(product: Product, signature: Signature | None) -> str:
    """The sidecar as it is written: JSON, UTF-8, ended by a newline."""
    return json.dumps(facts_of(product, signature), ensure_ascii=False, indent=2) + "\n"


def _signed(signature: Signature) -> dict[str, Any]:
    """Enough to find the evidence, nothing that names a person."""
    return {
        "number": signature.number,
        "version": signature.version,
        "language": signature.language,
        "signed_at": signature.signed_at.isoformat(),
        "text_sha256": signature.text_sha256,
        "hash": signature.hash,
    }


def _may_give(licence: Licence) -> list[dict[str, Any]]:
    return [
        {
            "to": row.receiver,
            "answer": row.verdict,
            "sentence": {"fr": row.sentence_fr, "en": row.sentence_en},
        }
        for row in licence.answers.all()
    ]
