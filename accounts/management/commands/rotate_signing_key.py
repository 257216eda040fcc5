"""Make the provider's next signing key; the former one stays published until nothing signed by it lives."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.programs import signing_keys


class Command(BaseCommand):
    help = (
        "Make the next signing key of the OpenID Connect provider, and delete those that are over."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        begins, gone = signing_keys.rotate()
        self.stdout.write(f"A new key signs from {begins:%Y-%m-%d %H:%M} UTC; {gone} deleted.")
