"""The room's addresses under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts.api import notices
from accounts.api.licences import Licences

urlpatterns = [
    path("licences", login_not_required(Licences.as_view()), name="api_licences"),
    path("notices", login_not_required(notices.Notices.as_view()), name="api_notices"),
    path(
        "notices/read", login_not_required(notices.NoticesRead.as_view()), name="api_notices_read"
    ),
]
