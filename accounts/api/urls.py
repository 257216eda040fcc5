"""The room's addresses under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts.api.licences import Licences

urlpatterns = [
    path("licences", login_not_required(Licences.as_view()), name="api_licences"),
]
