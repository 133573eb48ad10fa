"""Develop settings: the XMP files that hold them on this machine, and what is remembered of those that were sent."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from lrplan.model.ids import AssetId, Sha256

DEVELOP_BYTES_MAX = 200_000_000  # Lightroom API, "Create asset external xmp develop setting file": 200 Mb


@frozen(kw_only=True)
class XmpFile:
    """A local file with develop settings, as it was read.

    Attributes:
        path: As the project names it: relative to the project's folder, with `/`.
        sha256: Of its bytes.
        extension: Of the file that it says it belongs to (`photoshop:SidecarForExtension`), as written; "" for none.
    """

    path: str
    sha256: Sha256
    extension: str = ""


@frozen(kw_only=True)
class Beside:
    """What lies beside a file to upload and has its name but for the suffix; both sorted.

    Attributes:
        sidecars: `NAME.xmp`, in whatever case the suffix is.
        raw_files: Raw files of that name, the file itself among them if it is one.
    """

    sidecars: tuple[str, ...]
    raw_files: tuple[str, ...] = ()


@frozen(kw_only=True)
class Developed:
    """What is remembered of the develop settings of one photo.

    Attributes:
        sha256: Of the settings that lrplan sent last, or found to be there as they are wanted; None for a photo whose
            original lrplan sent and of whose settings nothing is known.
        source: The photo that they were copied from; None for those of a file.
    """

    sha256: Sha256 | None = None
    source: AssetId | None = None


NOTHING_SENT: Mapping[AssetId, Developed] = MappingProxyType({})
