"""The references people quote: C-2026-0001 for an order, D- for a quote, P- for a project, S- for a programme.

The numbers come from PostgreSQL sequences, which no order waits for: a refused order leaves a gap,
and two racing orders never queue behind a counter. They go on across the years.
"""

from typing import Literal

from django.db import connection
from django.utils import timezone

_SEQUENCES = {
    "C": "orders_order_number",
    "D": "orders_quote_number",
    "P": "orders_project_number",
    "S": "orders_series_number",
}


def next_reference(letter: Literal["C", "D", "P", "S"]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [_SEQUENCES[letter]])
        number = cursor.fetchone()[0]
    return f"{letter}-{timezone.localdate().year}-{number:04}"
