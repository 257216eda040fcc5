"""Give a person a duty, or take it back: how the first administrator and the first officer are named."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Duty, User
from accounts.services.people import duties
from dinamis.actors import Actor


class Command(BaseCommand):
    help = "Give the person with this address a duty; --end takes it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("duty", choices=Duty.Kind.values)
        parser.add_argument("--end", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        act = duties.relieve if options["end"] else duties.appoint
        act(user, kind=options["duty"], by=Actor.system("command line"))
        held = sorted(user.duties_held)
        self.stdout.write(f"{user.email}: {', '.join(held) or 'no duty'}")
