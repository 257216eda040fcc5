"""Beside the catalogue's own: where deliveries are handed in, under /signing/. They do not move."""

from django.contrib.auth.decorators import login_not_required as _open
from django.urls import path

from orders.api import handing_in

urlpatterns = [
    path("sign_urls_put", _open(handing_in.SignUrlsPut.as_view()), name="sign_urls_put"),
    path("inbox/<path:path>", _open(handing_in.InboxFile.as_view()), name="inbox_file"),
]
