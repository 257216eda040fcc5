"""An officer's morning on the desk's pages: forty requests, each of which ends as it was decided."""

import time
from collections.abc import Iterator

from benchmarks import Measurement, Scale, exactly
from trials import _morning_acts as acts
from trials._morning_played import WORLD, Morning, ended, prepare
from trials._site import running

UNDO_SECONDS = {"small": 4, "full": 30}


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what became of the requests, what was missing on the pages, and how long each decision took."""
    moment = UNDO_SECONDS[scale]
    with running(WORLD, undo_seconds=moment) as site:
        morning = Morning.at(site, scale)
        prepare(morning)
        begun = time.monotonic()
        acts.look(morning)
        acts.first_round(morning)
        decided = time.monotonic() - begun
        morning.settle(morning.of("complete"), {"to_complete"}, moment)
        morning.settle(morning.of("part"), {"offered"}, 0)
        acts.answers_come(morning)
        morning.settle(morning.of("complete"), {"accepted"}, moment)
        acts.too_late(morning)
        acts.while_away(morning)
        yield from ended(morning)
        yield Measurement("read and decided, once each", decided, "s")
        yield exactly("faults in the ledger after it", site.faults(), 0, "faults")
