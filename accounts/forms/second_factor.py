"""allauth's forms for a code and for a passkey: a spent recovery code is told, a passkey signs in alone."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn


class _TellsOfRecovery:
    """A recovery code is used when the telephone is away: the person hears of it, and how many are left."""

    def save(self) -> None:
        super().save()
        if self.authenticator.type != Authenticator.Type.RECOVERY_CODES:
            return
        self.authenticator.refresh_from_db(fields=["data"])  # the code was struck off another copy
        left = len(self.authenticator.wrap().get_unused_codes())
        get_adapter().send_notification_mail(
            "mfa/email/recovery_code_used", self.user, {"left": left}
        )


class AuthenticateForm(_TellsOfRecovery, mfa.AuthenticateForm):
    """At sign-in."""


class ReauthenticateForm(_TellsOfRecovery, mfa.ReauthenticateForm):
    """Before something that matters, in a session that stands."""


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """A passkey is expected to sign in by itself: the box is ticked until somebody takes the tick out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
