"""The keys of a set and of an album."""

from lrplan.manifest.bounds import NAME_CHARACTERS_MAX, STAMP_MAX
from lrplan.manifest.rows import (
    ID,
    ORDER,
    PAUSED,
    PROTECT,
    PUBLISH_REMOTE_ID,
    REORDER,
    REPLACE,
    SERVICE_PAYLOAD,
    UNLISTED,
    WHEN_GONE,
)
from lrplan.manifest.table import Key, Table
from lrplan.manifest.value_types import (
    AlbumKey,
    Boolean,
    Date,
    Fields,
    Instant,
    Link,
    MemberList,
    ParentKey,
    Photo,
    Text,
    Url,
    Whole,
)

_NAME = Key("name", Text(longest=NAME_CHARACTERS_MAX), "As Lightroom shows it.", "Smith & Jones")
_PARENT = Key("parent", ParentKey(), "The set it lies in, by its key; `/` is the top level.", "weddings")
_ADOPT_EXAMPLE = "0b5f3a6e9c1d4e2f8a7b6c5d4e3f2a1b"
_OF_ITS_OWN = "a new one"
SET = Table(
    title="A set",
    noun="a set",
    doc="A folder of albums and other sets. Its address is `sets.KEY`.",
    keys=(
        _NAME,
        _PARENT,
        Key("adopt", ID, "A set that the same API key made, to be taken over.", _ADOPT_EXAMPLE, default=_OF_ITS_OWN),
        Key("publishInfo", Fields("publishInfo"), "What ties the set to a gallery elsewhere.", "{remoteId: folder-7}"),
        WHEN_GONE,
        PROTECT,
        PAUSED,
    ),
)
ALBUM = Table(
    title="An album",
    noun="an album",
    doc="Its address is `albums.KEY`. A key that is left out stays as it is in the catalog.",
    keys=(
        _NAME,
        _PARENT,
        Key("adopt", ID, "An album that the same API key made, to be taken over.", _ADOPT_EXAMPLE, default=_OF_ITS_OWN),
        Key(
            "order",
            ORDER,
            "`listed`: as the members are listed here; `captureDate`: by the date they were taken.",
            "listed",
            default="that of `defaults`, else `listed`",
        ),
        Key(
            "reorder",
            REORDER,
            "An order that a person made in Lightroom: `keep` it and say so, or `restore` that of the list, by a new "
            "album.",
            "restore",
            default="that of `defaults`, else `keep`",
        ),
        Key(
            "unlisted",
            UNLISTED,
            "Photos that lrplan never put there and that the list does not name: `keep` them and say so, or `remove` "
            "them too.",
            "remove",
            default="that of `defaults`, else `keep`",
        ),
        Key(
            "replace",
            REPLACE,
            "`never`: what only a new album could do is not done, and the plan says so.",
            "never",
            default="that of `defaults`, else `allow`",
        ),
        Key("cover", Photo(), "The cover, one of the members.", "DSC_0042.jpg"),
        Key(
            "within",
            Fields("within"),
            "Where plain file names are looked up.",
            "{capturedAfter: 2026-05-01, capturedBefore: 2026-05-03}",
            default="that of `defaults`, else the whole catalog",
        ),
        Key(
            "publishInfo",
            Fields("publishInfo"),
            "What ties the album to a gallery elsewhere.",
            "{remoteId: gallery-1042}",
        ),
        WHEN_GONE,
        PROTECT,
        PAUSED,
        Key(
            "members",
            MemberList(),
            "The photos; left out, they are not managed; `[]`, there are to be none.",
            "[DSC_0007.jpg, DSC_0042.jpg]",
        ),
        Key(
            "allowEmpty",
            Boolean(),
            "A select that finds no photo, and a list file that holds none, are what is wanted, and are not refused.",
            "true",
            default="`false`",
        ),
    ),
)
WITHIN = Table(
    title="`within`",
    noun="`within`",
    doc="Narrows the photos among which a plain file name is looked up, and no `select`. Several keys narrow together.",
    keys=(
        Key("capturedAfter", Date(), "Taken then or later.", "2026-05-01", default="no bound"),
        Key("capturedBefore", Date(), "Taken before that.", "2026-05-03T12:00:00", default="no bound"),
        Key(
            "album",
            AlbumKey(),
            "In that album of this project, by its key, or any album by its id.",
            "smith-raw",
            default="any",
        ),
    ),
)
PUBLISH_INFO = Table(
    title="`publishInfo` of an album or a set",
    noun="publishInfo",
    doc="Keys that are left out stay as they are, but for `deleted`, which becomes `false`.",
    keys=(
        PUBLISH_REMOTE_ID,
        Key(
            "remoteLinks",
            Fields("remoteLinks"),
            "Where the gallery can be seen and edited.",
            '{view: "https://galleries.example.com/1042"}',
        ),
        SERVICE_PAYLOAD,
        Key("deleted", Boolean(), "The gallery elsewhere is gone.", "false", default="`false`"),
        Key(
            "version",
            Whole(least=0, most=STAMP_MAX),
            "The version of the format of publishInfo.",
            "3",
            default="kept by lrplan",
        ),
        Key("created", Instant(), "When it was published first.", "2026-05-01T10:00:00Z", default="kept by lrplan"),
        Key("updated", Instant(), "When its content changed last.", "2026-05-01T10:00:00Z", default="kept by lrplan"),
    ),
)
REMOTE_LINKS = Table(
    title="`remoteLinks`",
    noun="remoteLinks",
    doc="Each is a URL, or `{href: URL}`.",
    keys=(
        Key("view", Link(), "Where the gallery can be seen.", "https://galleries.example.com/1042"),
        Key("edit", Link(), "Where it can be edited.", "https://galleries.example.com/1042/edit"),
    ),
)
LINK = Table(
    title="A link in the form of the API",
    noun="a link",
    doc="What the API returns, accepted as it is.",
    keys=(Key("href", Url(), "The URL.", "https://galleries.example.com/1042", required=True),),
)
