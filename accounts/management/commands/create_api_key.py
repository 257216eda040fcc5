"""Make an API key for a person and print it, once."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import ApiKey, User
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.errors import Refused


class Command(BaseCommand):
    help = "Make an API key for the person with this address; its secret is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scope", action="append", choices=ApiKey.Scope.values)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        scopes = options["scope"] or ApiKey.Scope.values
        by = Actor.system("create_api_key")
        try:
            key, secret = api_keys.create(user, name=options["name"], scopes=scopes, by=by)
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        pair = {"access-key": key.access_key, "secret-key": secret}
        text = (
            json.dumps(pair) if options["json"] else "\n".join(f"{k}: {v}" for k, v in pair.items())
        )
        self.stdout.write(text)
