"""The configuration of the nginx in front: one template, for operators, tests and measurements alike."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

# nginx knows no way to quote some of these, and reads others as the end of a word.
_PLAIN = re.compile(r"[\w@%+=:,./\[\] -]*")


def configuration(*, backend: str, listen: str = "", certificate: str = "", key: str = "") -> str:
    """The server of this site, to be included in the `http` part of nginx's own configuration.

    `backend` is where gunicorn listens, `listen` where nginx does: without it the port of SITE_URL.
    Raises ImproperlyConfigured where X_ACCEL_PREFIX is missing for a local store, a certificate for
    https, or where a path could not be written.
    """
    site, store = urlsplit(settings.SITE_URL), urlsplit(settings.STORAGE_URL)
    https = site.scheme == "https"
    if https != bool(certificate and key):
        raise ImproperlyConfigured(
            f"SITE_URL is {settings.SITE_URL}: https has a certificate and its key, http neither."
        )
    stored = store.path.rstrip("/") if store.scheme == "file" else ""
    if stored and not settings.X_ACCEL_PREFIX.startswith("/"):
        raise ImproperlyConfigured(
            "X_ACCEL_PREFIX is missing: set it to /stored/ for web and for this command, and nginx "
            "sends the files."
        )
    words = {
        "backend": backend,
        "listen": listen or str(site.port or (443 if https else 80)),
        "host": site.hostname,
        "certificate": certificate,
        "key": key,
        "stored": stored,
        "prefix": f"/{settings.X_ACCEL_PREFIX.strip('/')}/",
        # A form has a little more around its file.
        "largest_delivery": str(settings.MAX_DELIVERY_UPLOAD + 2**20),
        "largest_put": str(settings.INBOX_PUT_BYTES),
    }
    for name, value in words.items():
        if not _PLAIN.fullmatch(value or ""):
            raise ImproperlyConfigured(f"nginx cannot be told {value!r} ({name}).")
    return render_to_string("nginx/site.conf", words)
