"""A plugin of pytest's: each of the parallel workers gets a Redis base and a store of its own.

Loaded by `-p`, so before Django reads its settings; databases are told apart by pytest-django.
"""

import os
from collections.abc import MutableMapping


def separate(env: MutableMapping[str, str]) -> None:
    """Change REDIS_URL and STORAGE_URL for the worker named in the environment, if one is."""
    worker = env.get("PYTEST_XDIST_WORKER", "")
    number = worker.removeprefix("gw")
    if not number.isdigit():
        return
    base = env["REDIS_URL"].partition("?")[0]
    env["REDIS_URL"] = f"{base}?db={1 + int(number) % 15}"  # Redis has 16; the first is everyone's
    env["STORAGE_URL"] += f"-{worker}"


separate(os.environ)
