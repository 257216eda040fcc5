"""Erase a person on request: what the page of the account does, for whoever cannot sign in any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services.people import erasure
from dinamis.actors import Actor
from dinamis.errors import Refused


class Command(BaseCommand):
    help = "Anonymise the account with this address for good; the ledger and the signatures stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        try:
            erasure.erase(user, by=Actor.system("command line"))
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Person {user.pk} is erased.")
