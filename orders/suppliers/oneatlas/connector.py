"""OneAtlas as a supplier: taskings of SPOT and Pléiades under a "legacy" contract. Experimental.

Our reference is their `customerReference`. They do not keep it unique, so nothing is sent twice
without a look-up (ADR 25). Their own number is the sales order; the tasking made of it (ICR) may
appear a while after the order was taken.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from orders.suppliers.oneatlas import answers, bodies, words
from orders.suppliers.oneatlas.session import ONE_A_SECOND, Session, now
from orders.suppliers.protocol import (
    Ability,
    Ask,
    Banned,
    Chance,
    Handed,
    Page,
    Price,
    Product,
    Refused,
    Report,
    Stage,
    Temporary,
    Unable,
    Unknown,
)

AUTH_URL = (
    "https://authenticate.foundation.api.oneatlas.airbus.com"
    "/auth/realms/IDP/protocol/openid-connect/token"
)
ORDER_URL = "https://order.api.oneatlas.airbus.com"
PAGE_SIZE = 100
MOST_PAGES = 1000


class OneAtlas:
    """One contract. Every call to the ordering host waits for `pace`: less than one a second."""

    abilities = frozenset(
        {
            Ability.FEASIBILITY,
            Ability.QUOTE,
            Ability.DECIDE,
            Ability.CANCEL,
            Ability.LOOK_UP,
        }
    )

    def __init__(
        self,
        *,
        api_key: str,
        contract: str,
        auth_url: str = AUTH_URL,
        order_url: str = ORDER_URL,
        pace: Callable[[], None] = ONE_A_SECOND,
        clock: Callable[[], datetime] = now,
        timeout: tuple[float, float] | None = None,
    ) -> None:
        more = {} if timeout is None else {"timeout": timeout}
        self._session = Session(
            api_key=api_key, auth_url=auth_url, order_url=order_url, pace=pace, clock=clock, **more
        )
        self._contract, self._clock = contract, clock
        self._tracked: dict[str, str] = {}  # sales order → tasking, as far as this round has seen

    def products(self) -> list[Product]:
        """The offers of the legacy contract that DINAMIS uses; parameters are those of our lines."""
        return [
            Product(words.product_type(sensor), f"{mission} {words.PROGRAMME}", {}, Decimal(100))
            for sensor, mission in words.MISSIONS.items()
        ]

    def feasibility(self, ask: Ask) -> list[Chance]:
        body = bodies.study(ask, self._contract)
        return answers.chances(ask, self._session.post("/api/v1/feasibility", body, acts=False))

    def quote(self, ask: Ask) -> Price:
        body = self._order_of(ask, self.feasibility(ask))
        answer = self._session.post("/api/v1/prices", body, acts=False)
        return answers.price(answer, ask.reference)

    def place(self, ask: Ask) -> Report:
        """Order it. What only a person can study ends in a quotation by mail: that is the desk's."""
        found = self.feasibility(ask)
        if not found:
            raise Refused(_("OneAtlas cannot fly this."), code="not_feasible")
        if found[0].answered_by_hand:
            raise Refused(
                _("OneAtlas wants to study this by hand: ask for a quotation on its portal."),
                code="study_by_hand",
            )
        answer = self._session.post("/api/v1/orders", self._order_of(ask, found))
        reference = answer.get("salesOrderId")
        if not isinstance(reference, str) or not reference:
            raise Unknown(_("OneAtlas answered without a number."), code="no_number")
        price = answers.price(answer, "").amount if answer.get("totalAmount") is not None else None
        return Report(reference, Stage.PLACED, self._clock(), ours=ask.reference, price=price)

    def look_up(self, ask: Ask) -> Report | None:
        """By our reference. None may also mean "not yet": see ADR 25 for how long we wait."""
        found = self._taskings(customerRef=ask.reference)
        mine = [one for one in found if self._is_of(one, ask.reference)]
        if not mine:
            return None
        if len(mine) > 1:
            raise Refused(
                _("OneAtlas has %(count)s taskings under %(reference)s.")
                % {"count": len(mine), "reference": ask.reference},
                code="ordered_twice",
            )
        return self._report(mine[0], with_segments=True, ours=ask.reference)

    def status(self, reference: str) -> Report:
        return self._report(self._tasking(reference), with_segments=True)

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        """All taskings, page by page: theirs cannot be sorted by change."""
        number = int(cursor) if cursor.isdigit() else 1
        told = self._page(number)
        reports = [self._listed(one) for one in answers.one_each(told)]
        return Page(tuple(reports), str(number + 1) if self._goes_on(told, number) else "")

    def told(self, message: dict[str, Any]) -> Report | None:
        """They sign nothing: whatever they say is only a hint to look."""
        return None

    def decide(self, reference: str, acquisition: str, *, accept: bool) -> Report:
        tasking = self._tasking(reference)
        report = self._report(tasking, with_segments=True)
        mine = [one for one in report.acquisitions if one.identifier == acquisition]
        if not mine:
            raise Refused(_("OneAtlas proposes no such acquisition."), code="acquisition_unknown")
        wanted = "accepted" if accept else "refused"
        if mine[0].answer == wanted:
            return report
        if mine[0].answer:
            raise Refused(_("It was answered otherwise before."), code="answered_otherwise")
        verb = "accept" if accept else "refuse"
        path = f"{self._path(answers.tasking_id(tasking))}/segments"
        path += f"/{quote(acquisition, safe='')}/{verb}"
        self._session.post(path, {})
        return self.status(reference)

    def cancel(self, reference: str) -> Report:
        tasking = self._tasking(reference)
        report = self._report(tasking, with_segments=False)
        if report.stage == Stage.CANCELLED:
            return report
        self._session.post(f"{self._path(answers.tasking_id(tasking))}/cancel", {})
        return self._report(self._tasking(reference), with_segments=False)

    def deliveries(self, reference: str) -> list[Handed]:
        """They deliver to a workspace or by network, told by mail: the inbox takes it from there."""
        raise Unable(
            _("OneAtlas hands over its files outside this interface."), code="no_deliveries"
        )

    def _order_of(self, ask: Ask, found: list[Chance]) -> dict[str, Any]:
        bodies.check_tasking(ask)
        contract, product = quote(self._contract, safe=""), words.product_type(ask.sensor)
        path = f"/api/v1/contracts/{contract}/productTypes/{product}/options"
        offered = answers.defaults(self._session.post(path, bodies.options_asked(ask), acts=False))
        chance = found[0] if found else None
        return bodies.order(ask, contract=self._contract, offered=offered, chance=chance)

    def _tasking(self, reference: str) -> dict[str, Any]:
        """The tasking of a sales order. Raises Refused (gone) when all pages know none."""
        known = self._tracked.get(reference)
        if known is not None:
            answer = self._session.get(self._path(known))
            found = answers.rows(answer, "taskings") or [answer]
            mine = [one for one in found if answers.tasking_id(one) == known]
            if mine:
                return answers.one_each(mine)[0]
        number = 1
        while True:
            told = self._page(number)
            for one in answers.one_each(told):
                if reference in {answers.order_id(one), answers.tasking_id(one)}:
                    self._tracked[reference] = answers.tasking_id(one)
                    return one
            if not self._goes_on(told, number):
                raise Refused(_("OneAtlas knows no such order."), code="gone")
            number += 1

    def _taskings(self, **query: Any) -> list[dict[str, Any]]:
        answer = self._session.get(self._path(), count=PAGE_SIZE, startPage=1, **query)
        return answers.one_each(answers.rows(answer, "taskings"))

    def _page(self, number: int) -> list[dict[str, Any]]:
        answer = self._session.get(self._path(), count=PAGE_SIZE, startPage=number)
        found = answers.rows(answer, "taskings")
        for one in found:
            if answers.order_id(one):
                self._tracked[answers.order_id(one)] = answers.tasking_id(one)
        return found

    def _goes_on(self, told: list[dict[str, Any]], number: int) -> bool:
        return len(told) >= PAGE_SIZE and number < MOST_PAGES

    def _report(self, tasking: dict[str, Any], *, with_segments: bool, ours: str = "") -> Report:
        segments: list[dict[str, Any]] = []
        if with_segments and (answers.segments_told(tasking) or answers.proposed(tasking)):
            path = f"{self._path(answers.tasking_id(tasking))}/segments"
            segments = answers.rows(self._session.get(path), "segments")
        return answers.report(tasking, segments, self._clock(), ours)

    def _listed(self, tasking: dict[str, Any]) -> Report:
        """One row of a page. A call for its segments that fails costs them, and not the page."""
        try:
            return self._report(tasking, with_segments=answers.is_open(tasking))
        except Banned:
            raise
        except Temporary:
            return self._report(tasking, with_segments=False)

    def _is_of(self, tasking: dict[str, Any], ours: str) -> bool:
        """Their filter may match a part of a reference: C-1 is not C-12."""
        icr = tasking.get("icr")
        return isinstance(icr, dict) and str(icr.get("customerRef") or "") == ours

    def _path(self, tasking: str = "") -> str:
        whole = f"/api/v1/contracts/{quote(self._contract, safe='')}/taskings"
        return f"{whole}/{quote(tasking, safe='')}" if tasking else whole
