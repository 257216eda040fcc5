"""Trouble is one sentence that says what is wrong."""

import errno

import pytest

from tools.trouble import failed, last_words, meaning, of_system


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("tar: x: Cannot write: No space left on device", "the disk is full"),
        ("npm ERR! code ENOSPC", "the disk is full"),
        ("curl: Could not resolve host", "the network cannot be reached"),
        ("npm error code EAI_AGAIN", "the network cannot be reached"),
        ("Temporary failure resolving 'deb.example'", "the network cannot be reached"),
        ("E: are you root?", "this account may not install system packages"),
        ("sudo: a password is required", "this account may not install system packages"),
        ("error: Hash mismatch for `x`", "a package is not the locked one"),
        ("all is well", None),
    ],
)
def test_what_a_tool_prints_is_put_into_words(output, words):
    assert meaning(output) == words


def test_an_unknown_failure_is_told_in_the_tools_own_last_words(tmp_path):
    trouble = failed("Weaving", "first\n\nthe thread broke.\n\n", tmp_path / "log")
    assert str(trouble) == f"Weaving failed: the thread broke (all of it: {tmp_path}/log)."


def test_the_error_is_told_rather_than_its_details():
    printed = "Traceback:\n  File x\ndb.IntegrityError: no such licence\nDETAIL:  Key (id)=(x).\n"
    assert str(failed("Loading", printed)) == "Loading failed: db.IntegrityError: no such licence."


def test_a_servers_line_is_told_with_its_reason():
    printed = '12:00 [1] @ FATAL:  cannot open "/shm": Permission denied\n12:00 [1] @ LOG:  bye\n'
    assert last_words(printed).endswith('FATAL:  cannot open "/shm": Permission denied')


@pytest.mark.parametrize(
    ("number", "start"),
    [
        (errno.ENOSPC, "The disk is full at /somewhere"),
        (errno.EACCES, "This account may not write or enter at /somewhere"),
        (errno.EROFS, "The file system is read-only at /somewhere"),
        (errno.EIO, "The system refused at /somewhere"),
    ],
)
def test_the_systems_errors_are_sentences_too(number, start):
    assert str(of_system(OSError(number, "why", "/somewhere"))).startswith(start)
