"""Any supplier that speaks STAPI 0.1.0."""

from orders.suppliers.stapi.client import Stapi

__all__ = ["Stapi"]
