"""The nginx in front: its own configuration is the least it needs, the site's is what `./run manage nginx` prints."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks._serving import await_answer, running
from tools import application, packages
from tools.place import Place
from trials.readiness import free_port

PREFIX = "/stored/"
# As Debian's, without its log of accesses: neither does the web process write one here.
MAIN = """
{user}
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def ensure() -> None:
    """Install nginx if it is not there."""
    packages.ensure(Place.usual().make(), packages.FRONT)


def written(folder: Path, site: str) -> Path:
    """Write the site's configuration and the one around it; returns the latter's path."""
    (folder / "site.conf").write_text(site)
    # Started as root, its workers would be nobody, who may not read a private store.
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(MAIN.format(folder=folder, user=user))
    return path


@contextmanager
def in_front(
    backend: str, *, env: Mapping[str, str], folder: Path, await_path: str = "/healthz"
) -> Iterator[str]:
    """Start nginx before a web process and give its address. `env` has X_ACCEL_PREFIX and SITE_URL."""
    port = free_port()
    asked = ["nginx", "--backend", backend.partition("://")[2], "--listen", f"127.0.0.1:{port}"]
    site = application.manage(env, *asked, deed="Printing nginx's configuration")
    command = ["/usr/sbin/nginx", "-c", written(folder, site), "-e", folder / "nginx-error.log"]
    with running("nginx", command, env=env, folder=folder) as child:
        await_answer(f"http://127.0.0.1:{port}{await_path}", child)
        yield f"http://127.0.0.1:{port}"
