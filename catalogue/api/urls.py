"""The catalogue's addresses under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from catalogue.api.products import OneProduct

urlpatterns = [
    path("products/<int:pk>", login_not_required(OneProduct.as_view()), name="api_product"),
]
