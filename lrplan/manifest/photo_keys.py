"""The keys of a member and of a cover."""

from lrplan.manifest.rows import ID, PUBLISH_REMOTE_ID, SERVICE_PAYLOAD, SHA256
from lrplan.manifest.table import Key, Table
from lrplan.manifest.value_types import AlbumKey, Choice, Date, Fields, FilePath, Photo, Text
from lrplan.model.album import Flag

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
        "Exactly one of `fileName`, `id`, `sha256`, `upload`, `from` and `select`; `sha256` may stand beside `upload`, "
        "and `publishInfo` and one of `xmp` and `develop` beside all but `from` and `select`."
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
            "select",
            Fields("select"),
            "All photos that are so, in the order of their dates, file names and ids.",
            '{fileName: "DSC_03*.jpg", capturedAfter: 2026-05-01}',
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
SELECT = Table(
    title="`select`",
    noun="`select`",
    doc="Stands for the photos of the catalog, less the trash, to which all of its keys apply; at least one is needed. "
    "A photo that the album names by itself stands where it is named. `within` does not narrow it.",
    keys=(
        Key(
            "fileName",
            Text(),
            "The name of its file; `*` stands for any characters, `?` for one, `[abc]` for one of these.",
            '"DSC_03*.jpg"',
            default="any",
        ),
        Key("capturedAfter", Date(), "Taken then or later.", "2026-05-01", default="no bound"),
        Key("capturedBefore", Date(), "Taken before that.", "2026-05-03T12:00:00", default="no bound"),
        Key("subtype", Choice(("image", "video")), "Photos or videos only.", "image", default="both"),
        Key(
            "album",
            AlbumKey(),
            "Of the photos that are wanted in that album of this project, by its key; of those that are in it now where"
            " its members are not managed, or where any album is named by its id.",
            "smith-raw",
            default="any",
        ),
        Key(
            "flag",
            Choice(tuple(flag.value for flag in Flag)),
            "Flagged so, as `album` is listed now; only beside it.",
            "pick",
            default="any",
        ),
    ),
)
