"""A statement as a table: headers in the reader's language, figures and instants as programs write them."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from orders.ledger.models import PARIS, Account
from orders.ledger.reads import Line


def table(lines: Iterable[Line], *, name: Callable[[Account], str] = str) -> Iterator[list[object]]:
    """Yield a header, then a row per line, oldest first, for `dinamis.sheets`.

    Instants are ISO 8601 in the time of Paris; `name` says what an account is called.
    """
    yield [*header()]
    for line in lines:
        yield _cells(line, name)


def header() -> list[str]:
    return [
        _("Instant"),
        _("Movement"),
        _("From"),
        _("To"),
        _("Amount"),
        _("Change"),
        _("Balance"),
        _("Unit"),
        _("Reason"),
        _("By"),
        _("Version of the rules"),
        _("Deed"),
    ]


def _cells(line: Line, name: Callable[[Account], str]) -> list[object]:
    movement = line.movement
    return [
        movement.at.astimezone(PARIS).isoformat(timespec="microseconds"),
        movement.get_kind_display(),
        name(movement.from_account),
        name(movement.to_account),
        movement.amount,
        line.change,
        line.balance,
        movement.from_account.period.get_unit_display(),
        movement.reason,
        movement.by_name,
        movement.rule_version,
        movement.deed,
    ]
