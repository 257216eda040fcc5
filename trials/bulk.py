"""A directory of deliveries taken in by a process that is killed again and again: each once, nothing half."""

import json
import os
from collections.abc import Iterator

from benchmarks import Measurement, Scale, at_most, exactly
from tools import application
from tools.application import Site
from tools.temporary import temporary
from trials._site import told
from trials.readiness import free_port

# BULK_DELIVERIES: another number than the whole form's, for a machine that is shared.
NUMBER = {"small": 8, "full": 10_000}
KILLS = {"small": 4, "full": 100}
PLAY = """
import json
from trials import _killed_bulk
print(json.dumps(_killed_bulk.played(*json.loads({!r}))))
"""


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield how many deliveries there were, how many blows fell, and what stands in the end."""
    number = NUMBER[scale]
    if scale == "full":
        number = int(os.environ.get("BULK_DELIVERIES") or number)
    kills = min(KILLS[scale], number)
    with temporary(durable=True) as servers:
        env = application.variables(servers.place, servers, Site(port=free_port(), demo=False))
        env["STAGING_DIR"] = str(servers.place.var / "staging")
        application.prepare(servers.place, servers, env, demo=False)
        asked = [str(servers.place.var / "shelf"), number, kills]
        found = told(env, PLAY.format(json.dumps(asked)))
    yield Measurement("deliveries on the shelf", number, "deliveries")
    yield exactly("blows that fell into the work", found["killed"], kills, "blows")
    yield exactly("taken in", found["published"], number, "deliveries")
    yield exactly("written down", found["deliveries"], number, "deliveries")
    yield exactly("products of them", found["products"], number, "products")
    yield exactly("scenes of them", found["scenes"], number, "scenes")
    yield exactly("refused or failed in the last run", found["wrong"], 0, "deliveries")
    yield exactly("files not as they were sent", found["altered"], 0, "files")
    yield exactly("files stored that nothing names", found["stray"], 0, "files")
    yield exactly("left half written", found["incoming"], 0, "files")
    yield exactly("left in the staging", found["staged"], 0, "files")
    yield Measurement("taken in, the blows among it", found["seconds"] / number, "s each")
    yield exactly("known when it is begun once more", found["known_again"], number, "deliveries")
    yield at_most("and that takes", found["again"], 5 + number / 200, "s")
