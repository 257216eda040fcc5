"""What was downloaded in a year, for what: by theme, and line by line for a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Download, Theme


@dataclass(frozen=True, slots=True)
class ByTheme:
    """One theme's figures; `theme` is None for what was taken without being asked."""

    theme: Theme | None
    people: int
    products: int
    downloads: int


def of_year(year: int) -> QuerySet[Download]:
    """The downloads of a calendar year in the site's time zone, newest first."""
    rows = Download.objects.filter(at__year=year).order_by("-at", "-pk")
    return rows.select_related(
        "user", "product__licence", "product__scene", "file", "use__theme", "use__organisation"
    )


def years() -> list[int]:
    """The years in which anything was taken, this one too, newest first."""
    taken = {one.year for one in Download.objects.datetimes("at", "year")}
    return sorted(taken | {timezone.localdate().year}, reverse=True)


def by_theme(year: int) -> list[ByTheme]:
    """The most taken first."""
    counted = (
        of_year(year)
        .order_by()
        .values("use__theme")
        .annotate(
            people=Count("user", distinct=True),
            products=Count("product", distinct=True),
            downloads=Count("pk"),
        )
    )
    themes = Theme.objects.in_bulk()
    rows = [
        ByTheme(themes.get(one["use__theme"]), one["people"], one["products"], one["downloads"])
        for one in counted
    ]
    return sorted(rows, key=lambda row: (-row.downloads, str(row.theme)))


def table(year: int) -> Iterator[list[object]]:
    """A row per download under a header, for `dinamis.sheets`."""
    yield [
        _("At"), _("Person"), _("Organisation"), _("Project"), _("Theme"), _("What it is for"),
        _("Product"), _("Scene"), _("Licence"), _("Signature"), _("File"), _("How"),
    ]  # fmt: skip
    for one in of_year(year).iterator(500):
        use = one.use
        said = [use.organisation, use.project, use.theme, use.use] if use else ["", "", "", ""]
        yield [
            timezone.localtime(one.at), one.user, *said, one.product.title, one.product.scene.item_id,
            one.product.licence.name, one.signature_id, one.file.name if one.file else "",
            one.get_how_display(),
        ]  # fmt: skip
