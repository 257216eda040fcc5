"""allauth's mails, promised in the request and sent by the worker, which makes their secret links itself."""

from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from dinamis.mail import send
from dinamis.outbox import after_commit


@transaction.atomic
def promise_confirmation(address: EmailAddress, *, signup: bool) -> None:
    after_commit("accounts.tasks.mail_confirmation", address.pk, signup)


@transaction.atomic
def promise_password_reset(user: User, email: str) -> None:
    after_commit("accounts.tasks.mail_password_reset", user.pk, email)


@transaction.atomic
def promise_already_exists(email: str, *, language: str | None) -> None:
    after_commit("accounts.tasks.mail_already_exists", email, _short(language))


@transaction.atomic
def promise_unknown(email: str, *, language: str | None) -> None:
    after_commit("accounts.tasks.mail_unknown", email, _short(language))


@transaction.atomic
def promise_notice(email: str, *, subject: str, text: str, language: str | None) -> None:
    """Promise a mail that says what changed in an account; it carries no link that gives access."""
    after_commit("accounts.tasks.mail_notice", email, subject, text, _short(language))


def send_confirmation(address: EmailAddress, *, signup: bool) -> None:
    """Mail the link that proves an address, unless it is proved already."""
    if address.verified:
        return
    key = EmailConfirmationHMAC.create(address).key
    template = "email_confirmation_signup" if signup else "email_confirmation"
    _send(address.email, template, address.user.language, "account_confirm_email", key)


def send_password_reset(user: User, email: str) -> None:
    """Mail the link that sets a new password."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    page = "account_reset_password_from_key"
    _send(email, "password_reset_key", user.language, page, user_pk_to_url_str(user), key)


def send_already_exists(email: str, language: str) -> None:
    """Tell somebody who signs up again that the account exists, in the account's own language."""
    user = User.objects.filter(emailaddress__email__iexact=email).first()
    own = user.language if user else language
    _send(email, "account_already_exists", own, "account_reset_password")


def send_unknown(email: str, language: str) -> None:
    _send(email, "unknown_account", language, "account_signup")


def send_notice(email: str, subject: str, text: str, language: str) -> None:
    send(email, "account/notice", {"subject": subject, "text": text}, language)


def _send(email: str, template: str, language: str, page: str, *parts: Any) -> None:
    url = f"{settings.SITE_URL}{reverse(page, args=parts)}"
    send(email, f"account/{template}", {"action_url": url}, language)


def _short(language: str | None) -> str:
    return (language or settings.LANGUAGE_CODE)[:2]
