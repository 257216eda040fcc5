"""Print the configuration of the nginx that stands in front of this site."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dinamis.nginx import configuration


class Command(BaseCommand):
    help = "Print the server of this site for nginx, from the variables of the installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--backend", default="127.0.0.1:8000", help="where gunicorn listens")
        parser.add_argument("--listen", default="", help="where nginx does: [ADDRESS:]PORT")
        parser.add_argument("--certificate", default="", help="of a site with https, a path")
        parser.add_argument("--key", default="", help="the certificate's own, a path")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = {name: options[name] for name in ("backend", "listen", "certificate", "key")}
        try:
            self.stdout.write(configuration(**asked))
        except ImproperlyConfigured as fault:
            raise CommandError(str(fault)) from fault
