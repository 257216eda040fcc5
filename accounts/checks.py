"""What keeps a site from starting because somebody wrote it so: told by Django's own checks."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def sign_in_providers(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The faults of SIGNIN_PROVIDERS, one by one."""
    hint = "docs/operations.md, “Signing in from elsewhere”, says how each entry is written."
    return [checks.Error(fault, hint=hint, id="accounts.E001") for fault in settings.SIGNIN_FAULTS]
