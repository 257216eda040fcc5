"""allauth's hooks for second factors: their secrets are encrypted with the site's own key."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from dinamis import sealing

PURPOSE = "accounts.mfa"


class MfaAdapter(DefaultMFAAdapter):
    """A stolen copy of the database does not hold the codes of anybody's telephone."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=PURPOSE)

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
