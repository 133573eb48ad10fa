"""The words for a file that cannot be opened."""

import errno
import os
import threading
from pathlib import Path

import pytest

from lrplan.sources import opening
from lrplan.sources.opening import DOCUMENT_BYTES_MAX, read_document, read_given, reason_of


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


def test_a_pipe_that_somebody_names_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = os.urandom(200_000)  # more than a pipe holds
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert read_given(pipe) == content
    writer.join()


def test_a_pipe_that_brings_more_than_a_document_holds_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "DOCUMENT_BYTES_MAX", 9)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for content, fits in ((b"x" * 9, True), (b"x" * 10, False)):
        writer = threading.Thread(target=pipe.write_bytes, args=(content,))
        writer.start()
        if fits:
            assert read_given(pipe) == content
        else:
            with pytest.raises(OSError, match="too large"):
                read_given(pipe)
        writer.join()
