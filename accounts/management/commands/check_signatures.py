"""Verify the chain of signatures over every column; name each row that does not hold, and fail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Signature
from accounts.services.licences import chain, heads


class Command(BaseCommand):
    help = "Verify the chain of signatures, the facts beside it, the texts it names, the head noted outside."

    def handle(self, *args: Any, **options: Any) -> None:
        noted = heads.newest()
        faults = chain.verify() + heads.faults(noted)
        for fault in faults:
            self.stderr.write(f"{fault.row}: {fault.what}")
        for number, when in chain.erased_on():
            self.stdout.write(f"signature {number}: personal facts erased on {when:%Y-%m-%d}")
        if faults:
            raise CommandError(f"{len(faults)} faults in the chain of signatures.")
        self.stdout.write(f"{Signature.objects.count()} signatures, the chain holds.")
        if noted:
            self.stdout.write(f"It goes through the head noted on {noted.at:%Y-%m-%d}.")
        else:
            self.stdout.write("No head is noted outside yet: `./run manage note_head` notes one.")
