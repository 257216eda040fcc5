"""The facts of an organisation that a referent may ask to change, as plain values, and putting them in place."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import identifiers
from accounts.models import Organisation, OrganisationDomain, PersonalDomain
from accounts.services.membership import proposals, supervisions
from accounts.services.membership.supervisions import Body
from dinamis.errors import Invalid, NotNow

PLAIN = ("name", "short_name", "sector", "siret", "rnsr", "ror")


def of(organisation: Organisation) -> dict[str, Any]:
    """Field → value, ready for JSON: texts, the domains, and the supervising bodies as rows."""
    texts = {name: getattr(organisation, name) or "" for name in PLAIN}
    return texts | {
        "domains": [row.domain for row in organisation.domains.all()],
        "supervisors": [
            {
                "name": row.name,
                "kind": row.kind,
                "since": row.since.isoformat() if row.since else "",
                "until": row.until.isoformat() if row.until else "",
            }
            for row in organisation.supervisions.current()
        ],
    }


def check(organisation: Organisation, wanted: dict[str, Any]) -> None:
    """Raise Invalid for a value that is not right: no name, a key that does not hold, a public domain."""
    if not wanted.get("name", organisation.name):
        raise Invalid("name_missing", _("An organisation has a name."), field="name")
    for name in proposals.IDENTIFIERS:
        if value := wanted.get(name):
            getattr(identifiers, name)(value)
    domains = wanted.get("domains")
    if domains is not None and not domains:
        raise Invalid("domain_missing", _("Give at least one e-mail domain."), field="domains")
    if public := PersonalDomain.objects.filter(domain__in=domains or []).first():
        raise Invalid(
            "domain_public",
            _("%(domain)s is open to anybody: give the organisation's own domains.")
            % {"domain": public.domain},
            field="domains",
        )


def put(organisation: Organisation, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put values in place, inside the caller's transaction.

    Raises NotNow when what stood there is no longer `before`, or another member has an identifier.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    held = of(organisation)
    if any(held[name] != value for name, value in before.items()):
        raise NotNow("changed_meanwhile", _("The facts changed since this was asked: ask again."))
    for name in PLAIN:
        if name in after:
            value = after[name]
            setattr(organisation, name, value or None if name in proposals.IDENTIFIERS else value)
    try:
        with transaction.atomic():
            organisation.save(update_fields=list(PLAIN))
    except IntegrityError as error:
        if "organisation_" not in str(error):
            raise
        raise NotNow(
            "identifier_taken", _("Another member already has one of these identifiers.")
        ) from error
    if "domains" in after:
        _set_domains(organisation, after["domains"])
    if "supervisors" in after:
        supervisions.set_bodies(organisation, [_body(row) for row in after["supervisors"]])


def _set_domains(organisation: Organisation, domains: list[str]) -> None:
    organisation.domains.exclude(domain__in=domains).delete()
    rows = [OrganisationDomain(organisation=organisation, domain=domain) for domain in domains]
    OrganisationDomain.objects.bulk_create(rows, ignore_conflicts=True)


def _body(row: dict[str, str]) -> Body:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    return Body(row["name"], row["kind"], day(row["since"]), day(row["until"]))
