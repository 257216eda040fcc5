"""The make-believe OneAtlas over HTTP on loopback, with the faults that a scenario deals out."""

import copy
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.suppliers.oneatlas.world import CONTRACT, No, World

BAN = timedelta(minutes=10)
AUTH = "/auth/realms/IDP/protocol/openid-connect/token"
CONTRACTS = f"/api/v1/contracts/{CONTRACT}"
# What may go wrong with a request. The first three leave nothing behind there, the next two do.
UNHEARD, CLOSED, BANNED = "unheard", "closed", "banned"
LOST, BROKEN = "lost", "broken"
# And with an answer: an older one, each row told twice in any order, no JSON; or later than we wait.
STALE, TWICE, GARBLED, SLOW = "stale", "twice", "garbled", "slow"
READ = (UNHEARD, CLOSED, STALE, TWICE, GARBLED)
ACT = (UNHEARD, CLOSED, LOST, BROKEN)


class Scenario:
    """Deals out faults: those that were ordered first, then by seeded dice."""

    def __init__(self, seed: int = 1, *, often: float = 0.0, bans: float = 0.0) -> None:
        self.dice = random.Random(seed)
        self.often, self.bans = often, bans
        self.next: deque[tuple[str, str]] = deque()  # (part of the path, fault)

    def push(self, path: str, *faults: str) -> None:
        """The next requests whose path holds these words meet these faults, in turn."""
        self.next.extend((path, fault) for fault in faults)

    def deal(self, method: str, path: str) -> str:
        for index, (part, fault) in enumerate(self.next):
            if part in path:
                del self.next[index]
                return fault
        if path == AUTH:
            return ""
        if self.dice.random() < self.bans:
            return BANNED
        if self.dice.random() < self.often:
            acts = method == "POST" and path.rsplit("/", 1)[-1] in _ACTS
            return self.dice.choice(ACT if acts else READ)
        return ""


_ACTS = {"orders", "accept", "refuse", "cancel"}


class Simulator:
    """`world` is what they hold, `asked` every request to the ordering host: (instant, method, path)."""

    def __init__(
        self,
        world: World | None = None,
        scenario: Scenario | None = None,
        *,
        least_interval: float = 0.0,
        slowness: float = 1.0,
    ) -> None:
        self.world, self.scenario = world or World(), scenario or Scenario()
        self.least_interval, self.slowness = least_interval, slowness
        self.asked: list[tuple[float, str, str]] = []
        self.url = ""
        self._before: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[
                Route(AUTH, self._token, methods=["POST"]),
                self._route(f"{CONTRACTS}/productTypes/{{p}}/options", self._options, "POST"),
                self._route("/api/v1/feasibility", self._feasibility, "POST"),
                self._route("/api/v1/prices", self._prices, "POST"),
                self._route("/api/v1/orders", self._orders, "POST"),
                self._route(f"{CONTRACTS}/taskings", self._list, "GET"),
                self._route(f"{CONTRACTS}/taskings/{{t}}", self._one, "GET"),
                self._route(f"{CONTRACTS}/taskings/{{t}}/segments", self._segments, "GET"),
                self._route(
                    f"{CONTRACTS}/taskings/{{t}}/segments/{{s}}/{{verb}}", self._answer, "POST"
                ),
                self._route(f"{CONTRACTS}/taskings/{{t}}/cancel", self._cancel, "POST"),
            ]
        )

    @contextmanager
    def running(self) -> Iterator["Simulator"]:
        """Serve on a free port of loopback, in a thread."""
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(timeout=10)

    def _route(self, path: str, act: Callable[..., Any], method: str) -> Route:
        async def answered(request: Request) -> Response:
            body = await request.json() if method == "POST" else {}
            return self._served(request, lambda: act(request, body))

        return Route(path, answered, methods=[method])

    def _served(self, request: Request, act: Callable[[], Any]) -> Response:
        path, instant = request.url.path, time.monotonic()
        with self._lock:
            last = self.asked[-1][0] if self.asked else None
            self.asked.append((instant, request.method, path))
            fault = self.scenario.deal(request.method, path)
            if last is not None and instant - last < self.least_interval:
                fault = BANNED
            return self._met(fault, f"{path}?{request.url.query}", act, request)

    def _met(self, fault: str, key: str, act: Callable[[], Any], request: Request) -> Response:
        world = self.world
        if fault == BANNED:
            world.banned_until = world.now + BAN
        if world.banned_until is not None and world.banned_until > world.now:
            return JSONResponse({"message": "Too many requests"}, status_code=429)
        if fault == UNHEARD:
            return _dropped()
        if fault == CLOSED:
            return JSONResponse({"message": "Maintenance"}, status_code=503)
        try:
            world.check_token(request.headers.get("authorization", ""))
            found, status = act(), 201 if request.url.path == "/api/v1/orders" else 200
        except No as no:
            return JSONResponse({"errorCode": no.code, "message": no.message}, no.status)
        if fault == LOST:
            return _dropped()
        if fault == BROKEN:
            return JSONResponse({"message": "Internal error"}, status_code=500)
        if fault == GARBLED:
            return PlainTextResponse("<html>Gateway</html>")
        if fault == SLOW:
            time.sleep(self.slowness)
        told = copy.deepcopy(found)
        if fault == STALE:
            told = self._before.get(key, told)
        else:
            self._before[key] = copy.deepcopy(found)
        if fault == TWICE:
            told = self._twice(told)
        return JSONResponse(told, status_code=status)

    def _twice(self, told: Any) -> Any:
        """Every row once more, in any order; the row's older self where there is one."""
        for name in ("taskings", "segments"):
            if isinstance(told.get(name), list):
                rows = [*told[name], *copy.deepcopy(told[name])]
                self.scenario.dice.shuffle(rows)
                return {name: rows}
        return told

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        try:
            return JSONResponse(self.world.token(form))
        except No as no:
            return JSONResponse({"error": no.message}, status_code=no.status)

    def _options(self, request: Request, body: Any) -> Any:
        return self.world.options(body)

    def _feasibility(self, request: Request, body: Any) -> Any:
        return self.world.feasibility(body)

    def _prices(self, request: Request, body: Any) -> Any:
        return self.world.price(body)

    def _orders(self, request: Request, body: Any) -> Any:
        return self.world.order(body)

    def _list(self, request: Request, body: Any) -> Any:
        return self.world.listed(dict(request.query_params))

    def _one(self, request: Request, body: Any) -> Any:
        return {"taskings": [self.world.tasking(request.path_params["t"]).told()]}

    def _segments(self, request: Request, body: Any) -> Any:
        return self.world.segment_list(request.path_params["t"])

    def _answer(self, request: Request, body: Any) -> Any:
        named = request.path_params
        return self.world.answer(named["t"], named["s"], named["verb"])

    def _cancel(self, request: Request, body: Any) -> Any:
        return self.world.cancel(request.path_params["t"])


def _dropped() -> Response:
    """A line that is cut: what was promised by the header never comes."""

    async def nothing() -> Any:
        yield b"{"

    return StreamingResponse(nothing(), headers={"Content-Length": "1000"})
