"""What the supplier delivers during the year: folders at the inbox, as they come from Airbus. A project ends."""

import random
import time
from decimal import Decimal
from pathlib import Path

from catalogue.dimap.facts import Level
from catalogue.samples.delivery import make_delivery
from catalogue.samples.documents import Order
from trials._site import Running
from trials._year_played import Line, Year

LEAST_KM2 = Decimal(100)  # what a Pléiades order counts at least
STRIP_KM = 4.0  # a side of what covers less than that
PATIENCE = 180  # seconds, until what was handed in is taken in


def close_one(year: Year) -> None:
    """One project ends: what is free of its allotment goes back to the budget."""
    project = next(iter(year.projects.values()))
    there = f"/projects/{project.reference}/steps/close"
    found = year.must("project closed", "POST", there, year.keys.desk, {"reason": "Done."})
    year.strange += [f"left to a closed project: {one}" for one in found["allotments"]
                     if Decimal(one["free"])]  # fmt: skip


def deliver(year: Year, site: Running, folder: Path, most: int) -> None:
    """The supplier hands in images of some lines under way: all of what was asked, or a strip of it."""
    waiting = [one for one in year.lines if one.sensor == "pleiades" and one.is_placed]
    chosen = random.Random(len(waiting)).sample(waiting, min(most, len(waiting)))
    inbox = site.inbox / "airbus"
    inbox.mkdir(exist_ok=True)
    for number, line in enumerate(chosen, start=year.answers["delivered"]):
        whole = number % 2 == 0
        root = make_delivery(
            folder / line.reference,
            identifier=line.scene,
            centre=line.centre,
            size_km=(20.0, 20.0) if whole else (STRIP_KM, STRIP_KM),
            heading=0.0,
            seed=number,
            level=Level.ORTHO,
            image_format="TIF",
            pixels=128,
            order=Order(job=f"58{number:08}", customer=line.reference),
        )
        root.rename(inbox / line.reference)
        (inbox / f"{line.reference}.done").touch()
        line.counted = line.units if whole else min(line.units, LEAST_KM2)
        line.is_placed, line.ended = False, True
    site.send("orders.tasks.look_at_inbox")
    _await(year, chosen)


def _await(year: Year, lines: list[Line]) -> None:
    """Until every one of them is delivered; what is not is kept as strange."""
    left, until = list(lines), time.monotonic() + PATIENCE
    while left and time.monotonic() < until:
        left = [one for one in left if _supply(year, one) != "delivered"]
        time.sleep(0.5)
    year.strange += [f"not delivered in {PATIENCE} s: {one.reference}" for one in left]
    year.answers["delivered"] += len(lines) - len(left)


def _supply(year: Year, line: Line) -> str:
    status, found = year.ask("GET", f"/orders/{line.order}", year.keys.desk)
    return found["lines"][0]["supply"] if status == 200 else ""
