"""The curve of a forecast as shapes of an SVG: no script and no style stands in it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.services.purse.forecasts import Forecast

WIDTH, HEIGHT = 720, 220  # units of the drawing
FOOT = 22  # for the names of the months


@dataclass(frozen=True, slots=True)
class Month:
    """Where a month begins, for its name below."""

    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Chart:
    """Points as SVG writes them: areas closed on the axis, lines open. `top` is what the height stands for."""

    consumed: str
    committed: str
    granted: str
    forecast: str
    today: float
    axis: float
    top: Decimal
    months: list[Month]
    width: int = WIDTH
    height: int = HEIGHT


def drawn(forecast: Forecast) -> Chart | None:
    """The chart, or None while nothing was ever given."""
    tops = [day.granted for day in forecast.days] + [forecast.expected]
    if not forecast.days or max(tops) <= 0:
        return None
    scale = _Scale(forecast, max(tops))
    used = [(day.day, day.consumed) for day in forecast.days]
    committed = [(day.day, day.consumed + day.held) for day in forecast.days]
    granted = [(day.day, day.granted) for day in forecast.days]
    end = forecast.period.ends_on
    today = min(forecast.today, end)
    ahead = f"{scale.point(today, committed[-1][1])} {scale.point(end, forecast.expected)}"
    return Chart(
        consumed=scale.area(used, today),
        committed=scale.area(committed, today),
        granted=scale.steps(granted, today),
        forecast=ahead,
        today=scale.x(today),
        axis=HEIGHT - FOOT,
        top=max(tops),
        months=[Month(scale.x(day), day) for day in scale.months()],
    )


class _Scale:
    """From days and quantities to the units of the drawing."""

    def __init__(self, forecast: Forecast, top: Decimal) -> None:
        self.first, self.last = forecast.period.starts_on, forecast.period.ends_on
        self.length = (self.last - self.first).days or 1
        self.top = top

    def x(self, day: date) -> float:
        share = (day - self.first).days / self.length
        return round(WIDTH * min(max(share, 0), 1), 1)

    def y(self, amount: Decimal) -> float:
        room = HEIGHT - FOOT - 8
        return round(HEIGHT - FOOT - room * float(amount / self.top), 1)

    def point(self, day: date, amount: Decimal) -> str:
        return f"{self.x(day)},{self.y(amount)}"

    def steps(self, known: list[tuple[date, Decimal]], until: date) -> str:
        """A line that is level until the day on which something moved."""
        points = [self.point(self.first, Decimal(0))]
        before = Decimal(0)
        for day, amount in known:
            points += [self.point(day, before), self.point(day, amount)]
            before = amount
        return " ".join([*points, self.point(until, before)])

    def area(self, known: list[tuple[date, Decimal]], until: date) -> str:
        return f"{self.steps(known, until)} {self.point(until, Decimal(0))}"

    def months(self) -> list[date]:
        """The first day of each month of the period."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.month - 1
        return [
            date(self.first.year + (start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)
        ]
