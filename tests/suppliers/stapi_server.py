"""A real STAPI server (stapi-fastapi) on loopback that can be told to answer badly.

What it sells and remembers is ours; what it speaks is the reference implementation's. A fault is met by
one order each: `lost` takes it and cuts the connection, `late` takes it and answers after a while,
`busy` answers 503, `ban` answers 429, `broken` takes it and answers what is not JSON.
"""

import asyncio
import socket
import threading
import uuid
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from returns.maybe import Nothing, Some
from returns.result import Failure, Success
from stapi_fastapi.conformance import PRODUCT as CONFORMANCE
from stapi_fastapi.models.product import Product
from stapi_fastapi.routers.root_router import RootRouter
from stapi_pydantic import (
    Opportunity,
    OpportunityProperties,
    Order,
    OrderParameters,
    OrderProperties,
    OrderSearchParameters,
    OrderStatus,
    OrderStatusCode,
    Provider,
    ProviderRole,
    Queryables,
)


class WithReference(OrderParameters):
    customer_reference: str | None = None


class Bare(OrderParameters):
    """A product that keeps no reference of its customers."""


class Ceilings(Queryables):
    cloud_cover: float | None = None
    off_nadir: float | None = None


@dataclass
class Server:
    """`orders` by their id, each with its statuses; `asked` counts requests by path."""

    keeps_reference: bool = True
    page: int = 3
    orders: dict[str, Order] = field(default_factory=dict)
    statuses: dict[str, list[OrderStatus]] = field(default_factory=dict)
    filters: list[Any] = field(default_factory=list)
    # What lies under /files/: name → content; `broken_off` names those cut once in the middle.
    files: dict[str, bytes] = field(default_factory=dict)
    broken_off: set[str] = field(default_factory=set)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    late_seconds: float = 0.0
    url: str = ""

    def move(self, reference: str, code: str, *, minutes: int = 0, **facts: Any) -> None:
        """A new status, some minutes from now."""
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        status = OrderStatus(timestamp=at, status_code=OrderStatusCode(code), **facts)
        self.statuses[reference].append(status)
        self.orders[reference].properties.status = status

    def application(self) -> Any:
        """The ASGI application, with its faults."""
        root = RootRouter(
            get_orders=self._all,
            get_order=self._one,
            get_order_statuses=self._history,
        )
        root.add_product(
            Product(
                id="pleiades",
                title="Pléiades",
                license="proprietary",
                conformsTo=[CONFORMANCE.geojson_polygon, CONFORMANCE.geojson_multi_polygon],
                providers=[
                    Provider(name="Twin", roles=[ProviderRole.producer], url="http://127.0.0.1/")
                ],
                create_order=self._create,
                search_opportunities=self._search,
                queryables=Ceilings,
                opportunity_properties=OpportunityProperties,
                order_parameters=WithReference if self.keeps_reference else Bare,
            )
        )
        app = FastAPI()
        app.include_router(root, prefix="")
        app.add_api_route("/files/{name:path}", self._file)
        return self._badly(app)

    @contextmanager
    def running(self, port: int = 0) -> Iterator["Server"]:
        """Serve on loopback from a thread, until the end of the block."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(self.application(), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            listening.close()

    async def _create(self, router: Any, payload: Any, request: Request) -> Any:
        status = OrderStatus.new(OrderStatusCode.accepted)
        order = Order(
            id=str(uuid.uuid4()),
            geometry=payload.geometry,
            properties=OrderProperties(
                product_id=router.product.id,
                created=datetime.now(UTC),
                status=status,
                search_parameters=OrderSearchParameters(
                    geometry=payload.geometry, datetime=payload.datetime, filter=payload.filter
                ),
                order_parameters=payload.order_parameters.model_dump(exclude_none=True),
                opportunity_properties={},
            ),
        )
        self.filters.append(payload.filter)
        self.orders[order.id] = order
        self.statuses[order.id] = [status]
        return Success(order)

    async def _search(
        self, router: Any, search: Any, following: Any, limit: int, request: Any
    ) -> Any:
        properties = OpportunityProperties(datetime=search.datetime, product_id=router.product.id)
        found = Opportunity(type="Feature", geometry=search.geometry, properties=properties)
        return Success(([found], Nothing))

    async def _all(self, following: str | None, limit: int, request: Any) -> Any:
        start, everything = int(following or 0), list(self.orders.values())
        end = start + min(limit, self.page)
        more = Some(str(end)) if end < len(everything) else Nothing
        copies = [one.model_copy(deep=True) for one in everything[start:end]]
        return Success((copies, more, Some(len(everything))))

    async def _one(self, reference: str, request: Any) -> Any:
        order = self.orders.get(reference)
        return Success(Some(order.model_copy(deep=True)) if order else Nothing)

    async def _history(
        self, reference: str, following: str | None, limit: int, request: Any
    ) -> Any:
        if reference not in self.statuses:
            return Success(Nothing)
        if following:
            return Failure(ValueError(following))
        return Success(Some((self.statuses[reference], Nothing)))

    async def _file(self, name: str, request: Request) -> Response:
        """A file, whole or from a byte on; cut in the middle the first time where that is asked."""
        if name not in self.files:
            return Response(status_code=404)
        whole, asked = self.files[name], request.headers.get("range", "")
        self.ranges.append((name, asked))
        first, _dash, last = asked.removeprefix("bytes=").partition("-")
        start, end = int(first or 0), int(last) + 1 if last else len(whole)
        body = whole[start:end]
        tag = f'"{zlib.crc32(whole)}"'
        headers = {"Content-Length": str(len(body)), "ETag": tag}
        status = 200
        if asked and request.headers.get("if-range", tag) == tag:
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(whole)}"
        elif asked:
            body, headers["Content-Length"] = whole, str(len(whole))
        if name in self.broken_off and not last:
            self.broken_off.discard(name)
            half = body[: len(body) // 2]

            async def cut() -> Any:
                yield half
                raise ConnectionAbortedError

            return StreamingResponse(cut(), status, headers)
        return Response(body, status, headers)

    def _badly(self, app: Any) -> Any:
        """The application, with the next fault met by the next order."""

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            orders = scope["type"] == "http" and scope["method"] == "POST"
            orders = orders and scope["path"].endswith("/orders")
            fault = self.faults.popleft() if orders and self.faults else ""
            if fault in {"busy", "ban"}:
                status = 503 if fault == "busy" else 429
                await _plain(send, status, b'{"detail": "not now"}', [(b"retry-after", b"600")])
            elif fault in {"lost", "broken", "late"}:
                await app(scope, receive, _into_nothing if fault != "late" else _after(send, self))
                if fault == "broken":
                    await _plain(send, 201, b"<html>", [])
                elif fault == "lost":
                    raise ConnectionAbortedError
            else:
                await app(scope, receive, send)

        return answer


async def _plain(send: Any, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _into_nothing(message: Any) -> None:
    """What is answered reaches nobody."""


def _after(send: Any, server: Server) -> Any:
    async def later(message: Any) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(server.late_seconds)
        await send(message)

    return later
