"""allauth's hooks, nothing else: who a new person is, mail left to the worker, sign-ins in the trail."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.middleware import SEEN_AT, SIGNED_IN_AT
from accounts.outside import Identity
from accounts.services.people import account_mail, identities, referents
from accounts.services.trust import trail
from dinamis.actors import Actor
from dinamis.callers import client_ip


class AccountAdapter(DefaultAccountAdapter):
    """Mail never leaves inside a request: each of allauth's mails becomes a promise kept by a task."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.full_name = form.cleaned_data.get("full_name", "").strip()
        user.language = (get_language() or settings.LANGUAGE_CODE)[:2]
        return super().save_user(request, user, form, commit)

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def send_account_already_exists_mail(self, email: str) -> None:
        """Answer as slowly as for a new address, whose password is hashed: time must not tell them apart."""
        make_password(email)
        account_mail.promise_already_exists(email, language=get_language())

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        account_mail.promise_confirmation(emailconfirmation.email_address, signup=signup)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        account_mail.promise_password_reset(user, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Any other mail: no account at this address, or something changed in the account."""
        if template_prefix.endswith("/unknown_account"):
            account_mail.promise_unknown(email, language=get_language())
            return
        whole = {"email": email, "request": self.request, "current_site": _Site(), **context}
        mail = self.render_mail(template_prefix, email, whole)
        account_mail.promise_notice(
            email, subject=mail.subject, text=mail.body, language=get_language()
        )

    def format_email_subject(self, subject: str) -> str:
        return subject

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        referents.welcome(user)
        _keep_session(request, user)
        through = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if through and through.account.pk is None:
            identities.attach(user, Identity.of(through.account), by=Actor.of(user))
        trail.record_sign_in(request, user, through=through.account.provider if through else "")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        trail.record_failed_sign_in(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """A session begins: its longest life is counted from here."""
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()
        request.session.pop(SEEN_AT, None)

    def logout(self, request: HttpRequest) -> None:
        trail.record_sign_out(request, request.user)
        super().logout(request)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """An address is proved: a referent whose organisation waits for them is attached."""
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                referents.welcome(email_address.user)
        if request.user == email_address.user:
            _keep_session(request, request.user)
        return confirmed

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request or context.request)


def _keep_session(request: HttpRequest, user: Any) -> None:
    """Let this session alone outlive the change that its own person has just made."""
    user.refresh_from_db(fields=["session_epoch"])
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


class _Site:
    """What allauth's texts call the site, without the sites framework."""

    name = settings.SITE_NAME
    domain = settings.SITE_URL
