"""Snapshot files as people name them: `snapshot -o FILE` writes one, `plan --against` reads it. See `own_file`."""

from pathlib import Path

from lrplan.cli import own_file
from lrplan.cli.own_file import Kind
from lrplan.formats.snapshot import decode_snapshot, is_snapshot_file
from lrplan.model.taken import Taken

SNAPSHOT = Kind("snapshot", is_snapshot_file, "lrplan snapshot -o FILE writes one")


def read_snapshot(file: Path) -> Taken:
    """The catalog that a snapshot file holds; a pipe is read to its end. Failure LRP101, LRP106 or LRP107."""
    return decode_snapshot(own_file.read(file, SNAPSHOT), file=str(file))
