"""A secret is read from files and pipes, as much of it as a secret can have, and from nothing that never ends."""

import os
import threading
from pathlib import Path

import pytest

from lrplan.sources.secret_file import SECRET_BYTES_MAX, read_secret


def through_a_pipe(content: bytes, *, ends: bool = True, wait_s: float = 60.0) -> str:
    """Read what somebody writes into a pipe, as a shell's `<(…)` hands it over."""
    reading, writing = os.pipe()

    def write() -> None:
        try:
            os.write(writing, content)
        except BrokenPipeError:
            pass
        finally:
            if ends:
                os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return read_secret(Path(f"/dev/fd/{reading}"), wait_s=wait_s)
    finally:
        os.close(reading)
        writer.join()
        if not ends:
            os.close(writing)


def test_a_file_and_a_pipe_are_read_without_what_stands_around_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(" marked\n")
    assert read_secret(tmp_path / "token") == "marked"
    assert through_a_pipe(b"marked\n") == "marked"


def test_what_is_written_in_pieces_is_read_to_its_end() -> None:
    assert through_a_pipe(b"m" * SECRET_BYTES_MAX) == "m" * SECRET_BYTES_MAX


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_not_read(device: str) -> None:
    with pytest.raises(ValueError, match="neither a file nor a pipe"):
        read_secret(Path(device))


def test_no_more_is_read_than_a_secret_can_have(tmp_path: Path) -> None:
    (tmp_path / "video").write_bytes(b"x" * (SECRET_BYTES_MAX + 1))
    with pytest.raises(ValueError, match="more than 65,536 bytes"):
        read_secret(tmp_path / "video")
    with pytest.raises(ValueError, match="more than 65,536 bytes"):
        through_a_pipe(b"x" * (4 * SECRET_BYTES_MAX))


@pytest.mark.parametrize("content", [b"", b"half of i"])
def test_a_pipe_whose_writer_does_not_come_to_an_end_is_not_waited_for_for_ever(content: bytes) -> None:
    with pytest.raises(ValueError, match="in time"):
        through_a_pipe(content, ends=False, wait_s=0.0)


@pytest.mark.parametrize(("make", "kind"), [(Path.mkdir, IsADirectoryError), (lambda _: None, FileNotFoundError)])
def test_what_cannot_be_opened_is_an_error_of_the_system(make: object, kind: type[OSError], tmp_path: Path) -> None:
    make(tmp_path / "secret")
    with pytest.raises(kind):
        read_secret(tmp_path / "secret")
