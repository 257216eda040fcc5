"""Every public path begins here; the ground names the apps by strings alone."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from dinamis import health, views

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
    path("components/", views.components, name="components"),
    # What programs ask most comes first: a pattern before it costs each of their requests.
    path("", include("catalogue.urls")),
    path("", include("accounts.urls")),
    path("", include("orders.urls")),
]
