"""The ways the ledger says no."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dinamis.errors import NotNow


def in_words(amount: Decimal, unit: str) -> str:
    """Write an amount of km² or of attempts for a reader, in the reader's language."""
    whole = amount == amount.to_integral_value()
    number = formats.number_format(
        amount, decimal_pos=0 if whole else 2, use_l10n=True, force_grouping=True
    )
    if unit == "km2":
        return _("%(number)s km²") % {"number": number}
    return ngettext("%(number)s attempt", "%(number)s attempts", int(abs(amount))) % {
        "number": number
    }


class QuotaTooSmall(NotNow):
    """No purse can carry it. `available` is what the best one has, `required` what was asked (text)."""

    def __init__(self, *, available: Decimal, required: Decimal, unit: str) -> None:
        sentence = _("This needs %(required)s and %(available)s are left.") % {
            "required": in_words(required, unit),
            "available": in_words(available, unit),
        }
        self._say("quota_too_small", sentence, available, required, unit)

    def _say(
        self, code: str, sentence: str, available: Decimal, required: Decimal, unit: str
    ) -> None:
        self.available, self.required, self.unit = available, required, unit
        NotNow.__init__(
            self, code, sentence, available=str(available), required=str(required), unit=unit
        )


class CutTooDeep(QuotaTooSmall):
    """A quota cannot be cut below what is held and consumed; `available` is the largest possible cut."""

    def __init__(self, *, available: Decimal, required: Decimal, unit: str) -> None:
        sentence = _(
            "This takes back %(required)s; %(available)s at most can be taken, "
            "because the rest is given on, held or consumed."
        ) % {"required": in_words(required, unit), "available": in_words(available, unit)}
        self._say("cut_too_deep", sentence, available, required, unit)


class HeldTooSmall(QuotaTooSmall):
    """More was to be captured or released than is still held for the line."""

    def __init__(self, *, available: Decimal, required: Decimal, unit: str) -> None:
        sentence = _("%(available)s are still held for this line, not %(required)s.") % {
            "required": in_words(required, unit),
            "available": in_words(available, unit),
        }
        self._say("held_too_small", sentence, available, required, unit)


class KeyReused(NotNow):
    """The key already names a deed with other figures: nothing is booked."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "ledger_key_reused",
            _("“%(key)s” is already booked with other figures; nothing was changed.")
            % {"key": key},
            key=key,
        )
