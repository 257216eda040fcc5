"""The configuration that operators print is one that nginx takes, and files leave through it as they should."""

import subprocess
from io import StringIO
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import CommandError, call_command

from benchmarks import _nginx as bench
from benchmarks._serving import await_answer, running
from catalogue.services import downloads
from dinamis.nginx import configuration
from tests.catalogue import shelf
from tests.certificates import key_and_certificate
from trials.readiness import free_port

NGINX = "/usr/sbin/nginx"


def _judged(folder, site: str) -> str:
    """What nginx says of it; its last word is whether the test is successful."""
    path = bench.written(folder, site)
    command = [NGINX, "-t", "-c", path, "-e", folder / "error.log"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def _certificate(folder):
    key, certificate = key_and_certificate("dinamis.example")
    (folder / "site.crt").write_text(certificate)
    (folder / "site.key").write_text(key)
    return {"certificate": str(folder / "site.crt"), "key": str(folder / "site.key")}


def test_nginx_takes_what_is_printed_for_a_site_with_https(tmp_path, settings):
    settings.SITE_URL, settings.X_ACCEL_PREFIX = "https://dinamis.example", "/stored"
    out = StringIO()
    call_command("nginx", stdout=out, **_certificate(tmp_path))
    told = _judged(tmp_path, out.getvalue())
    assert "test is successful" in told, told
    assert "return 301 https://$host$request_uri;" in out.getvalue()
    assert "internal;" in out.getvalue()


def test_a_store_elsewhere_has_no_place_for_files(tmp_path, settings):
    settings.SITE_URL, settings.STORAGE_URL = "http://dinamis.example:8080", "s3://bucket"
    site = configuration(backend="127.0.0.1:8000")
    assert "internal" not in site
    assert "listen 8080;" in site
    assert "test is successful" in _judged(tmp_path, site)


@pytest.mark.parametrize(
    ("changed", "asked", "told"),
    [
        ({"X_ACCEL_PREFIX": ""}, {}, "X_ACCEL_PREFIX is missing"),
        ({"SITE_URL": "https://dinamis.example"}, {}, "https has a certificate"),
        ({}, {"certificate": "/a.crt", "key": "/a.key"}, "http neither"),
        ({"STORAGE_URL": 'file:///srv/a";b'}, {}, "cannot be told"),
        ({}, {"backend": "127.0.0.1:1; evil"}, "cannot be told"),
    ],
)
def test_what_cannot_be_served_is_told_instead(changed, asked, told, settings):
    settings.SITE_URL, settings.X_ACCEL_PREFIX = "http://127.0.0.1:8000", "/stored/"
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match=told):
        call_command("nginx", stdout=StringIO(), **asked)


@pytest.mark.django_db(transaction=True)
def test_a_file_leaves_through_nginx_whole_and_in_parts(
    live_server, tmp_path, settings, researcher, licences
):
    settings.X_ACCEL_PREFIX = "/stored/"
    image = shelf.product()
    file = image.files.get()
    link = urlsplit(downloads.make_link(shelf.signed(researcher, image), file).url).path
    port = free_port()
    backend = live_server.url.partition("://")[2]
    site = configuration(backend=backend, listen=f"127.0.0.1:{port}")
    command = [NGINX, "-c", bench.written(tmp_path, site), "-e", tmp_path / "error.log"]
    with running("nginx", command, env={}, folder=tmp_path) as child:
        front = f"http://127.0.0.1:{port}"
        await_answer(f"{front}/healthz", child)
        whole = requests.get(front + link, timeout=30)
        assert whole.content == shelf.data()
        assert whole.headers["Content-Disposition"] == 'attachment; filename="IMG.TIF"'
        assert whole.headers["Cache-Control"] == "private, no-store"
        assert whole.headers["Referrer-Policy"] == "no-referrer"
        assert whole.headers["X-Content-Type-Options"] == "nosniff"
        asked = {"Range": "bytes=1000-1999", "If-Range": whole.headers["ETag"]}
        part = requests.get(front + link, headers=asked, timeout=30)
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{shelf.SIZE}"
        assert part.content == shelf.data()[1000:2000]
        for path in (f"/stored/{file.storage_name}", f"{link}x"):
            assert requests.get(front + path, timeout=30).status_code == 404
