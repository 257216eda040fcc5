"""Read stored files again, and fail when one is not as it was delivered."""

import json
import math
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.models import ProductFile
from catalogue.services import fixity


class Command(BaseCommand):
    help = "Read the files that are due (or all of them) and name each that is altered or missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every file, however lately read")
        parser.add_argument("--product", type=int, help="the files of one product")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, product: int | None, **options: Any) -> None:
        if options["all"] or product is not None:
            rows = ProductFile.objects.select_related("product").order_by("pk")
            rows = rows if product is None else rows.filter(product=product)
            files, size = 0, 0
            for file in rows.iterator(chunk_size=200):
                fixity.check(file)
                files, size = files + 1, size + file.size
        else:
            read = fixity.check_some(most=2**63, seconds=math.inf)
            files, size = read.files, read.size
        bad = list(ProductFile.objects.damaged().select_related("product").order_by("pk"))
        if options["json"]:
            told = [{"file": f.pk, "product": f.product_id, "fault": f.fault} for f in bad]
            self.stdout.write(json.dumps({"read": files, "bytes": size, "damaged": told}))
        else:
            self.stdout.write(f"{files} files read, {size} bytes.")
            for file in bad:
                self.stdout.write(
                    f"{file.fault}: {file.storage_name}, {file.name} of product {file.product_id}"
                )
        if bad:
            raise CommandError(f"{len(bad)} stored files are damaged.")
