"""What is done that morning, act by act; `trials.morning` says in which order."""

from datetime import date, timedelta
from typing import Any

from trials._morning_played import QUEUE, Morning, Request
from trials._pages import Page, Visitor

UNDO = "//div[contains(@class, 'decide')]//form[contains(@action, '/undo')]"


def look(morning: Morning) -> None:
    """The queue has every request that the rules left to the desk, each with its evidence and a suggestion."""
    page = morning.timed(lambda: morning.desk.get(QUEUE))
    morning.expect(page, 200, "queue")
    keys = {}
    for row in page.tree.xpath("//tr[@data-row]"):
        there = row.xpath(".//a/@href")[0].partition("?")[0]
        keys[there.rstrip("/").rpartition("/")[2]] = row.xpath(".//input/@value")[0]
    asked = [one for one in morning.requests if one.fate != "at_once"]
    morning.found("the queue is what waits", set(keys) == {one.line for one in asked})
    for request in asked:
        request.pk = keys.get(request.line, "")
        page = morning.timed(lambda one=request: morning.desk.get(f"{QUEUE}{one.line}/"))
        morning.expect(page, 200, "file")
        name = f"{request.fate} {request.line}"
        proofs = page.words("//ul[contains(@class, 'proofs')]/li")
        morning.found(f"{name}: evidence", len(proofs) >= 4)
        hints = page.words("//div[contains(@class, 'decide')]//div[contains(@class, 'hint')]//b")
        morning.found(f"{name}: suggestion", bool(hints))
        purse = page.words("//dl[contains(@class, 'facts')]/dd")
        morning.found(f"{name}: purse before and after", any("→" in one for one in purse))
        has = bool(page.tree.xpath("//a[starts-with(@href, '/catalogue/products/')]"))
        morning.found(f"{name}: what members have", has == (request.fate == "part"))
    for request in morning.of("at_once"):
        line = morning.read(request)
        morning.found("at once, by the rules", line["approval"] == "accepted")


def decide(morning: Morning, by: Visitor, request: Request, verb: str, **typed: Any) -> Page:
    """Decide on one request on its page; the page that answers."""
    page = by.get(f"{QUEUE}{request.line}/")
    form = page.form(f"/{request.line}/decide", verb=verb)
    typed = {f"{verb}-{name}": value for name, value in typed.items()}
    return morning.timed(lambda: by.send(form, page, **typed))


def first_round(morning: Morning) -> None:
    """What is asked back or offered comes first: those must answer."""
    for one in morning.of("complete"):
        page = decide(morning, morning.desk, one, "ask_to_complete", reason="Which year?")
        morning.expect(page, 200, "asked")
    for one in morning.of("part"):
        page = decide(
            morning, morning.desk, one, "offer_part", without="on", reason="The rest is there."
        )
        morning.expect(page, 200, "part offered")
    for one in morning.of("refuse"):
        morning.expect(
            decide(morning, morning.desk, one, "refuse", reason="Not now."), 200, "refused"
        )
    for one in morning.of("accept"):
        morning.expect(decide(morning, morning.desk, one, "accept"), 200, "accepted")
    for one in morning.of("refuse")[:1]:
        page = morning.desk.get(f"{QUEUE}{one.line}/")
        morning.found("decided once", not page.has_form(f"/{one.line}/decide"))
    _own(morning)
    _program(morning)
    _overtaken(morning)
    _undone(morning)
    _bulk(morning)


def _own(morning: Morning) -> None:
    """Nobody decides on their own request, by page or by program; a colleague does."""
    for one in morning.of("own"):
        page = decide(morning, morning.desk, one, "accept")
        morning.expect(page, 403, "own request")
        morning.found("own request: it waits", morning.read(one)["approval"] == "submitted")
        morning.expect(decide(morning, morning.colleague, one, "accept"), 200, "by a colleague")


def _program(morning: Morning) -> None:
    """The same by program: accepted, undone in time, refused."""
    year, who = morning.year, morning.year.keys.desk
    for one in morning.of("program"):
        said = morning.step(one, "accept", who)["lines"][0]
        morning.found("by program: nothing has happened yet", said["approval"] == "submitted")
        undo = f"/decisions/{said['decision']['id']}/undo"
        undone = year.note("undo", *year.ask("POST", undo, who))
        morning.found("by program: undone", undone["state"] == "undone")
        morning.step(one, "refuse", who, reason="Not now.")


def _overtaken(morning: Morning) -> None:
    """Its requester withdraws it before the decision takes effect."""
    for one in morning.of("overtaken"):
        morning.expect(decide(morning, morning.desk, one, "accept"), 200, "accepted")
        morning.step(one, "withdraw", one.headers)


def _undone(morning: Morning) -> None:
    """Refused by mistake: undone while nothing has happened, then accepted."""
    for one in morning.of("undone"):
        decide(morning, morning.desk, one, "refuse", reason="A mistake.")
        _undo(morning, one)
        morning.found("undone: it waits", morning.read(one)["approval"] == "submitted")
        morning.expect(decide(morning, morning.desk, one, "accept"), 200, "accepted")
        page = morning.desk.get(f"{QUEUE}{one.line}/")
        morning.taken += page.tree.xpath(f"{UNDO}/@action")


def _undo(morning: Morning, one: Request) -> None:
    page = morning.desk.get(f"{QUEUE}{one.line}/")
    form = page.tree.xpath(UNDO)[0]
    morning.expect(morning.timed(lambda: morning.desk.send(form, page)), 200, "undone")


def _bulk(morning: Morning) -> None:
    """Several from one preview; undone all together; decided again."""
    keys = [one.pk for one in morning.of("bulk")]
    for again in (False, True):
        page = morning.desk.get(f"{QUEUE}?tick=accept")
        form = page.form("/together")
        seen = morning.timed(
            lambda form=form, page=page: morning.desk.send(form, page, verb="accept", line=keys)
        )
        morning.expect(seen, 200, "preview")
        form = seen.form("/decide", verb="accept")
        done = morning.timed(lambda form=form, seen=seen: morning.desk.send(form, seen))
        morning.expect(done, 200, "decided together")
        decided = done.tree.xpath("//table//tbody/tr")
        morning.found("all of them were decided", len(decided) == len(keys))
        if not again:
            undone = morning.desk.send(done.form("/undo"), done)
            morning.expect(undone, 200, "all undone")
            still = {morning.read(one)["approval"] for one in morning.of("bulk")}
            morning.found("undone together: they wait", still == {"submitted"})


def answers_come(morning: Morning) -> None:
    """The requesters answer: what was asked is completed, the part is taken; it is too late to undo."""
    for one in morning.of("complete"):
        morning.step(one, "complete", one.headers, reason="This one.")
    for one in morning.of("part"):
        before = morning.read(one)["units"]
        morning.step(one, "take_part", one.headers)
        morning.found("the part counts less", float(morning.read(one)["units"]) < float(before))
    page = morning.desk.get(QUEUE)
    told = " ".join(page.words("//ul[contains(@class, 'recent')]/li"))
    for one in morning.of("overtaken"):
        morning.found("the officer is told what was overtaken", one.line in told)
    for one in morning.of("complete"):
        morning.expect(decide(morning, morning.desk, one, "accept"), 200, "accepted")


def too_late(morning: Morning) -> None:
    """A decision that took effect is not undone any more."""
    page = morning.desk.get(QUEUE)
    form = page.form("/together")
    for undo in morning.taken:
        form.action = undo
        morning.expect(morning.desk.send(form, page), 410, "too late to undo")


def while_away(morning: Morning) -> None:
    """A requester is away: the colleague named for these days answers the desk, a stranger does not."""
    one, made = morning.of("complete")[0], morning.site.made
    away, stand_in = morning.visitor("researcher0"), morning.visitor("standin")
    page = away.get("/orders/inbox")
    form = next(one for one in page.tree.forms if "receiver" in one.fields)
    days = {"starts_on": str(date.today()), "ends_on": str(date.today() + timedelta(days=9))}
    named = away.send(form, page, receiver=str(made["stand_in"]), **days)
    morning.expect(named, 200, "stand-in named")
    page = morning.desk.get(f"/desk/lines/{one.pk}/ask")
    form = next(one for one in page.tree.forms if "label_1" in one.fields)
    said = {"kind": "feasibility", "said": "Summer is cloudy.", "label_1": "As it is"}
    said |= {"label_2": "Up to 30 % of cloud", "max_cloud_2": "30"}
    morning.expect(morning.desk.send(form, page, **said), 200, "asked")
    page = stand_in.get("/orders/inbox")
    form = page.form("/answer")
    stranger = morning.visitor("researcher1")
    theirs = stranger.get("/orders/inbox")
    token = theirs.tree.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    refused = stranger.send(form, theirs, answer="2", csrfmiddlewaretoken=token)
    morning.expect(refused, 404, "answer of a stranger")
    morning.expect(stand_in.send(form, page, answer="2"), 200, "answer of the stand-in")
    again = stand_in.get("/orders/inbox")
    morning.found("answered: nothing waits any more", not again.has_form("/answer"))
