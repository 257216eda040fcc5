"""The texts of licences: a new wording is a new version, written once and sealed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import LicenceText
from accounts.policies import check_is_administrator
from accounts.services.licences import chain
from dinamis.actors import Actor
from dinamis.errors import NotNow


@transaction.atomic
def write_text(
    code: str,
    *,
    version: str,
    language: str,
    title: str,
    body: str,
    effective_on: date,
    is_placeholder: bool = False,
    markup: str = LicenceText.Markup.PLAIN,
    by: Actor,
) -> LicenceText:
    """Add one version of a text in one language; those who signed an earlier one sign again.

    Administrators and the system may. Raises NotNow when this version exists in this language.
    """
    if not by.part:
        check_is_administrator(by.user)
    # A signature under way ends first; one that comes after sees this version and is refused.
    chain.lock()
    if LicenceText.objects.filter(licence=code, version=version, language=language).exists():
        raise NotNow("version_exists", _("This version exists already: give it another name."))
    text = LicenceText(
        licence_id=code,
        version=version,
        language=language,
        title=title,
        body=body.replace("\r\n", "\n").strip(),
        effective_on=effective_on,
        is_placeholder=is_placeholder,
        markup=markup,
    )
    text.sha256 = text.digest
    text.seal = text.whole_digest
    text.save(force_insert=True)
    return text
