"""The words for a file that cannot be opened."""

import errno
import os

import pytest

from lrplan.sources.opening import reason_of


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "no such file"),
        (errno.ENOTDIR, "no such file"),
        (errno.EACCES, "permission denied"),
        (errno.EPERM, "permission denied"),
        (errno.EISDIR, "is a folder"),
        (errno.EIO, "input/output error"),
    ],
)
def test_a_reason_is_a_few_words(number: int, words: str) -> None:
    assert reason_of(OSError(number, os.strerror(number))) == words


def test_an_error_without_words_gets_some() -> None:
    assert reason_of(OSError()) == "cannot be read"
    assert reason_of(ValueError("embedded null byte")) == "no such file"
