"""The keys of a member and of a cover."""

from lrplan.manifest.rows import ID, PUBLISH_REMOTE_ID, SERVICE_PAYLOAD, SHA256
from lrplan.manifest.table import Key, Table
from lrplan.manifest.value_types import Fields, FilePath, Photo, Text

PHOTO_KEYS = (
    Key("fileName", Text(), "A photo of the catalog, by the name of its file.", "DSC_0042.jpg"),
    Key("id", ID, "A photo of the catalog, by its id.", "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"),
    Key(
        "sha256",
        SHA256,
        "A photo of the catalog, by the SHA-256 of its original; beside `upload`, what that file must be.",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    Key(
        "upload",
        FilePath(),
        "A file on this machine, relative to this manifest, that is sent when the catalog lacks it.",
        "../originals/DSC_0100.CR3",
    ),
)
COVER = Table(
    title="`cover` as a mapping",
    without="—",
    noun="a cover",
    doc="Exactly one of these keys.",
    keys=PHOTO_KEYS,
)
MEMBER = Table(
    title="A member as a mapping",
    without="—",
    noun="a member",
    doc=(
        "Exactly one of `fileName`, `id`, `sha256`, `upload` and `from`; `sha256` may stand beside `upload`, and "
        "`publishInfo` and one of `xmp` and `develop` beside all but `from`."
    ),
    keys=(
        *PHOTO_KEYS,
        Key(
            "from",
            FilePath(),
            "A list file, relative to this manifest: one string member a line, `#` starts a comment.",
            "picks.txt",
        ),
        Key(
            "xmp",
            FilePath(),
            "Develop settings: an XMP file on this machine, relative to this manifest, that is sent when it changes.",
            "../originals/DSC_0100.xmp",
            default="of an `upload` that lrplan sends, its sidecar, if there is one",
        ),
        Key(
            "develop",
            Fields("develop"),
            "Develop settings that another photo has.",
            "{copyFrom: DSC_0007.jpg}",
        ),
        Key(
            "publishInfo",
            Fields("memberPublishInfo"),
            "What ties the photo in this album to a gallery elsewhere.",
            "{remoteId: p-42}",
        ),
    ),
)
DEVELOP = Table(
    title="`develop` of a member",
    without="—",
    noun="develop",
    doc="Belongs to the photo, in whatever album it is.",
    keys=(
        Key(
            "copyFrom",
            Photo(),
            "The photo whose develop settings are copied, named as a cover is; they were uploaded, or are by the plan.",
            "DSC_0007.jpg",
            required=True,
        ),
    ),
)
MEMBER_PUBLISH_INFO = Table(
    title="`publishInfo` of a member",
    noun="the publishInfo of a member",
    doc="Belongs to the photo in this album, not to the photo.",
    keys=(PUBLISH_REMOTE_ID, SERVICE_PAYLOAD),
)
