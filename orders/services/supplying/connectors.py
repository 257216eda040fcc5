"""Which connector speaks to a supplier, with the secrets that the settings hold for it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from dinamis.errors import NotNow
from orders.models import Supplier
from orders.services.supplying import pulse
from orders.services.supplying.by_hand import ByHand
from orders.suppliers.oneatlas import OneAtlas
from orders.suppliers.oneatlas.connector import AUTH_URL
from orders.suppliers.protocol import Connector
from orders.suppliers.stapi import Stapi

Pace = Callable[[], None]


def _stapi(supplier: Supplier, pace: Pace) -> Connector:
    return Stapi(
        supplier.base_url,
        headers=secrets_of(supplier).get("headers", {}),
        options=supplier.options,
        pace=pace,
    )


def _oneatlas(supplier: Supplier, pace: Pace) -> Connector:
    """Under one call a second: a constraint of the row sees to it, or they ban for ten minutes."""
    facts = secrets_of(supplier)
    if not facts.get("api_key") or not supplier.options.get("contract"):
        raise NotNow(
            "supplier_not_set_up",
            _("%(supplier)s needs its key in the settings and its contract in its options.")
            % {"supplier": supplier},
        )
    return OneAtlas(
        api_key=facts["api_key"],
        contract=supplier.options["contract"],
        auth_url=supplier.options.get("auth_url", AUTH_URL),
        order_url=supplier.base_url,
        pace=pace,
    )


def _by_hand(supplier: Supplier, pace: Pace) -> Connector:
    return ByHand(supplier)


# Kind → how its connector is made. A kind without an entry cannot be asked by program yet.
MAKERS: dict[str, Callable[[Supplier, Pace], Connector]] = {
    Supplier.Kind.DESK: _by_hand,
    Supplier.Kind.STAPI: _stapi,
    Supplier.Kind.ONEATLAS: _oneatlas,
}


def make(supplier: Supplier, *, pace: Pace | None = None) -> Connector:
    """A connector for one round of one worker; `pace` is called before each request it makes.

    Raises NotNow when its kind has none.
    """
    maker = MAKERS.get(supplier.kind)
    if maker is None:
        raise NotNow(
            "supplier_has_no_connector",
            _("%(supplier)s cannot be asked by program.") % {"supplier": supplier},
        )
    return maker(supplier, pace or (lambda: pulse.wait_for_slot(supplier)))


def secrets_of(supplier: Supplier) -> Mapping[str, Any]:
    """What the settings hold under the supplier's credentials; empty when nothing does."""
    return settings.SUPPLIER_CREDENTIALS.get(supplier.credentials, {})
