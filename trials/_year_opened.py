"""The year opened: budgets, shares of everybody, projects decided, pools pledged to."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from trials._year_played import BUDGET, CENTRE, PARIS, SENSORS, Project, Size, Year, square


def opened(year: Year, size: Size) -> None:
    """Quotas first, then who draws on them."""
    _open(year, size)
    _decide_projects(year, size)
    _pool(year)


def _open(year: Year, size: Size) -> None:
    """A budget for each sensor, a reserve, a common share for each category, allotments for two of three."""
    who = year.keys.administrator
    this = date.today().year
    for sensor in SENSORS:
        body = {"sensor": sensor, "year": this}
        year.periods[sensor] = year.must("period", "POST", "/quota/periods", who, body)["id"]
        budget = BUDGET[sensor] * size.orders
        sizes = [("budget", "", budget), ("reserve", "", budget // 20)]
        sizes += [
            ("common", category, budget // 20)
            for category in sorted({one.category for one in year.keys.members})
        ]
        given = [one for number, one in enumerate(year.keys.members) if number % 3]
        share = max(budget // 2 // len(given), 2)
        sizes += [("allotment", str(one.organisation), share) for one in given]
        for what, owner, amount in sizes:
            body = {"what": what, "owner": owner, "amount": str(amount), "reason": "The year's."}
            path = f"/quota/periods/{year.periods[sensor]}/sizes"
            year.must("size", "POST", path, who, body)


def _pool(year: Year) -> None:
    """Three pools among those who have an allotment: two are reached, the third waits for more."""
    having = [one for number, one in enumerate(year.keys.members) if number % 3]
    ends_on = datetime.now(PARIS).date().isoformat()
    for number in range(3):
        founder, *others = having[number:] + having[:number]
        body = {
            "period": year.periods["pleiades"], "title": f"Pool {number}", "aim": "The coast.",
            "threshold": "20", "ends_on": ends_on, "rule": "share",
        }  # fmt: skip
        pool = year.must("pool", "POST", "/pools", founder.headers, body)
        for member in (founder, *others)[: 2 if number < 2 else 1]:
            there = f"/pools/{pool['id']}/pledges"
            pledge = {"amount": "10", "submission": f"pool {number}"}
            year.must("pledge", "POST", there, member.headers, pledge)
        found = year.ask("GET", f"/pools/{pool['id']}", founder.headers)
        year.answers[f"pool {year.note('pool read', *found)['state']}"] += 1


def _decide_projects(year: Year, size: Size) -> None:
    """Projects are submitted and approved: every second one in part, which its lead takes."""
    having = year.keys.members[: size.projects]
    for number, member in enumerate(having):
        asked = year.budget // (40 * size.projects)
        found = _submitted(year, member.headers, number, asked)
        there = f"/projects/{found['reference']}"
        granted = asked
        if number % 2:
            granted = asked // 2
            part = [{"id": found["wishes"][0]["id"], "units": str(granted)}]
            offer = {"wishes": part, "reason": "Half of it, this year."}
            year.must("project offered", "POST", f"{there}/offer", year.keys.desk, offer)
            year.must("offer taken", "POST", f"{there}/steps/take_offer", member.headers, {})
        else:
            year.must("project approved", "POST", f"{there}/steps/approve", year.keys.desk, {})
        project = Project(found["reference"], member.organisation, Decimal(granted))
        year.projects[member.organisation] = project


def _submitted(year: Year, headers: dict[str, str], number: int, km2: int) -> dict[str, Any]:
    today = date.today()
    body = {
        "title": f"Project {number}",
        "abstract": "How the coast moves.",
        "objectives": "To follow it.",
        "method": "Pairs of images.",
        "expected": "A map.",
        "themes": ["coast"],
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=300)),
        "areas": [{"name": "Mahury", "area": square(*CENTRE, 0.1)}],
        "wishes": [{"sensor": "pleiades", "kind": "production", "images": 3, "km2": str(km2)}],
        "submit": True,
    }
    found: dict[str, Any] = year.must("project", "POST", "/projects", headers, body)
    return found
