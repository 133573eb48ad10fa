"""The answers of a probe, kept beside the state: a file of its own that is replaced in one step."""

from pathlib import Path

from lrplan.storage.disk import Disk, make_folder, replace_file
from lrplan.storage.failures import saving

PROBE_FILE = "probe.json"


def keep_answers(folder: Path, content: bytes, *, shown: str, disk: Disk | None = None) -> str:
    """Write the answers of a probe into *folder*, which is made if it is missing and then kept out of git.

    Args:
        shown: How messages name the folder.

    Returns:
        How messages name the file.

    Raises:
        Failure: LRP706, it could not be written.
    """
    disk, file = disk or Disk(), f"{shown}/{PROBE_FILE}"
    with saving("the answers of the probe", file):
        make_folder(disk, folder)
        ignore = folder / ".gitignore"
        if not ignore.exists() and not (folder / "state.json").exists():  # later on, its absence is somebody's wish
            replace_file(disk, ignore, b"*\n")
        replace_file(disk, folder / PROBE_FILE, content)
    return file
