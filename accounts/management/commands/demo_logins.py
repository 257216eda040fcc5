"""Print the demonstration's log-ins; there are none where DEMO is off."""

import json
from typing import Any

from allauth.mfa.totp.internal import auth
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import demo


def code_of(secret: str) -> str:
    """The six digits that a telephone would show now."""
    return auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )


class Command(BaseCommand):
    help = "Print the demonstration's log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: this installation has no demonstration accounts.")
        logins = demo.logins()
        if options["json"]:
            self.stdout.write(json.dumps(logins))
            return
        width = max(len(login["email"]) for login in logins)
        for login in logins:
            line = f"{login['email']:<{width}}  {login['password']}  {login['role']}"
            if secret := login.get("totp_secret"):
                line += f"  (code {code_of(secret)}, from {secret})"
            self.stdout.write(line)
