"""OneAtlas, "legacy" contracts (SPOT and Pléiades): experimental, off until a contract proves it."""

from orders.suppliers.oneatlas.connector import OneAtlas

__all__ = ["OneAtlas"]
