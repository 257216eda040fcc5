"""The secrets of webhooks: made, sealed, and which of them sign now."""

import base64
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import Webhook
from dinamis import sealing

PURPOSE = "accounts.webhooks"
BYTES = 32  # Standard Webhooks: 24 to 64
# The time to put the new secret where the old one stands; both sign meanwhile.
OVERLAP = timedelta(hours=24)


def new() -> str:
    """A secret as receivers take it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(BYTES)).decode()}"


def sealed(secret: str) -> str:
    return sealing.seal(secret, purpose=PURPOSE)


def signing(webhook: Webhook) -> list[str]:
    """The secrets that sign now: the present one, and its forerunner for a day after a rotation."""
    kept = [webhook.secret]
    if webhook.old_until and webhook.old_until > timezone.now():
        kept.append(webhook.old_secret)
    return [sealing.unseal(one, purpose=PURPOSE) for one in kept]
