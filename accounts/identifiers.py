"""The public identifiers of an organisation, checked by their own keys: SIRET, RNSR, ROR."""

import re

from django.utils.translation import gettext as _

from dinamis.errors import Invalid

LA_POSTE = "356000000"
# The alphabet of French registers: no I, O or Q, which read like digits.
RNSR_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# Crockford's base 32, in lower case as ROR writes it.
ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def siret(value: str) -> str:
    """Return the 14 digits of a SIRET; raises Invalid when its Luhn key does not hold.

    La Poste's establishments are the known exception: the plain sum of their digits is a multiple of 5.
    """
    digits = re.sub(r"[\s. ]", "", value)
    if not re.fullmatch(r"\d{14}", digits):
        raise Invalid("siret_shape", _("A SIRET has 14 digits."))
    total = sum(map(int, digits))
    if not (_luhn(digits) or (digits.startswith(LA_POSTE) and total % 5 == 0)):
        raise Invalid("siret_key", _("This SIRET has a mistyped digit: its key does not hold."))
    return digits


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def rnsr(value: str) -> str:
    """Return an RNSR number, nine digits and a key letter; raises Invalid when the key does not hold.

    The key is the remainder by 23 (found on, and true of, all 4,506 public structures of 2022).
    """
    number = re.sub(r"\s", "", value).upper()
    if not re.fullmatch(r"\d{9}[A-Z]", number):
        raise Invalid("rnsr_shape", _("An RNSR number has nine digits and a letter."))
    if RNSR_KEYS[int(number[:9]) % 23] != number[9]:
        raise Invalid("rnsr_key", _("This RNSR number is mistyped: its letter does not hold."))
    return number


def ror(value: str) -> str:
    """Return the nine characters of a ROR; raises Invalid when its check digits do not hold.

    ISO 7064 mod 97-10 over the base-32 number, as ROR's documentation describes.
    """
    short = value.strip().lower().removeprefix("https://").removeprefix("ror.org/")
    if not re.fullmatch(rf"0[{ROR_DIGITS}]{{6}}\d\d", short):
        raise Invalid("ror_shape", _("A ROR looks like https://ror.org/02feahw73."))
    number = 0
    for character in short[:7]:
        number = number * 32 + ROR_DIGITS.index(character)
    if 98 - number * 100 % 97 != int(short[7:]):
        raise Invalid("ror_key", _("This ROR is mistyped: its check digits do not hold."))
    return short
