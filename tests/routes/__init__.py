"""The matrix: every route, the methods it answers, and what each role is told. Data, tested in tests/test_routes.py."""

from tests.routes import (
    accounts,
    catalogue,
    desk,
    ground,
    orders,
    packages,
    programs,
    projects,
    purse,
    quotas,
    stapi,
    suppliers,
    told,
)

ROUTES = [
    *ground.ROUTES,
    *accounts.ROUTES,
    *catalogue.ROUTES,
    *orders.ROUTES,
    *purse.ROUTES,
    *projects.ROUTES,
    *desk.ROUTES,
    *programs.ROUTES,
    *quotas.ROUTES,
    *stapi.ROUTES,
    *told.ROUTES,
    *suppliers.ROUTES,
]
GROUPS = packages.GROUPS
