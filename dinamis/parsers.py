"""How a program's body is read. A module of its own: DRF imports it while it imports its views."""

from io import BytesIO
from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JSONBody(JSONParser):
    """JSON, and a 400 for one that is nested deeper than Python reads (100 kB of “[” are enough).

    What is not JSON in UTF-8 is left to DRF, which says where it is wrong.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        body = stream.read()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
