"""The words for a file that cannot be opened."""

import errno
import os
from pathlib import Path

import pytest

from lrplan.sources.opening import DOCUMENT_BYTES_MAX, read_document, reason_of


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


def test_what_is_far_too_large_for_a_document_is_not_read(tmp_path: Path) -> None:
    video = tmp_path / "video.mov"
    video.touch()
    os.truncate(video, DOCUMENT_BYTES_MAX + 1)  # takes no room
    with pytest.raises(OSError, match="too large") as refused:
        read_document(video)
    assert reason_of(refused.value) == "is larger than 1 GiB"
