"""The log-ins at the terminal: codes of now, whenever they were kept."""

import json

import time_machine

from tools import logins

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238's own, whose codes are published
KEPT = json.dumps(
    [
        {"email": "a@x.example", "password": "p", "role": "researcher"},
        {"email": "desk@x.example", "password": "p", "role": "desk", "totp_secret": SECRET},
    ]
)


def test_codes_are_those_of_the_moment_they_are_shown():
    with time_machine.travel("1970-01-01T00:00:59Z", tick=False):
        first = logins.shown(KEPT)
    with time_machine.travel("2005-03-18T01:58:31Z", tick=False):
        later = logins.shown(KEPT)
    assert "code until" in first
    assert f": 287082, from {SECRET})" in first
    assert f": 050471, from {SECRET})" in later
    assert first.splitlines()[0] == "a@x.example     p  researcher"
