"""What the manifests point at on this machine, read once and frozen: list files and originals to upload."""

from collections.abc import Mapping

from attrs import field, frozen

from lrplan.model.asset import UNKNOWN_DATE
from lrplan.model.develop import Beside, XmpFile
from lrplan.model.ids import Sha256

NO_SUCH_FILE = "no such file"


@frozen(kw_only=True)
class Original:
    """A local file that can be uploaded.

    Attributes:
        path: As the project names it: relative to the project's folder, with `/`; may start with `../`.
        file_name: The last part of the path, under which Lightroom will show it.
        size_bytes: At the time it was hashed.
        part_size_bytes: The size of the pieces that `part_checks` covers, and in which it is sent if it needs several.
        part_checks: xxh3-64 (16 hex digits) of each piece, taken in the pass that made the SHA-256.
        subtype: `image` or `video`.
        content_type: As Lightroom wants it: `image/jpeg`, `application/octet-stream`, `video/…`.
        capture_date: ISO 8601 local time from the file itself, or `UNKNOWN_DATE`: then the service reads it.
        width, height: Pixels, None where the file could not be read as a picture.
    """

    path: str
    file_name: str
    size_bytes: int
    sha256: Sha256
    part_size_bytes: int
    part_checks: tuple[str, ...]
    subtype: str
    content_type: str
    capture_date: str = UNKNOWN_DATE
    width: int | None = None
    height: int | None = None


@frozen(kw_only=True)
class FileProblem:
    """A file that could not be read. *reason* is a few words: `no such file`, `is a folder`, `permission denied`."""

    path: str
    reason: str

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing at the path, so that the path may be wrong."""
        return self.reason == NO_SUCH_FILE


@frozen(kw_only=True)
class Inventory:
    """The files that the manifests point at, by the path the project uses.

    Attributes:
        lists: The bytes of each `from:` file.
        originals: Each file to upload.
        xmp_files: Each file with develop settings, named by a manifest or beside an original.
        named_xmp: Those of them that a manifest names.
        sidecars: What lies beside originals, by the path of the original; nothing for most.
        beside: Where photos lie in the project's folder and in those of the manifests, by the name of the file, for the
            hint "write ./NAME to upload it".
    """

    lists: Mapping[str, bytes | FileProblem] = field(factory=dict)
    originals: Mapping[str, Original | FileProblem] = field(factory=dict)
    xmp_files: Mapping[str, XmpFile | FileProblem] = field(factory=dict)
    named_xmp: frozenset[str] = frozenset()
    sidecars: Mapping[str, Beside] = field(factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(factory=dict)
