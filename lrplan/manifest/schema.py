"""
Which keys a manifest may have: the one table.

The checks of a manifest, its JSON Schema and its reference page are all made from `TABLES`. To add a key, add a row
here; where its type is new, also a class in `value_types`.

The surprising case: a key that is left out is not managed, so hardly any key is required, and a default says what
lrplan does without the key, not what it writes into the catalog.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lrplan.manifest.table import Key, Table, Where
from lrplan.manifest.value_types import (
    AlbumKey,
    Boolean,
    Choice,
    Date,
    Decimal,
    Endpoint,
    Fields,
    FilePath,
    Folder,
    FormatVersion,
    Hex,
    Instant,
    Keyed,
    Link,
    MemberList,
    ParentKey,
    Photo,
    ShareOrCount,
    Size,
    Text,
    TextList,
    Url,
    Whole,
    Word,
)

FORMAT_VERSION = 1
PROJECT_PATTERN = "[a-z0-9-]{1,40}"
NAME_CHARACTERS_MAX = 1024  # Lightroom API, the bound of a catalog's name; none is given for albums
SERVICE_PAYLOAD_CHARACTERS_MAX = 1024  # Lightroom API, servicePayload
PATH_CHARACTERS_MAX = 4096  # PATH_MAX of Linux
ARGUMENTS_MAX = 64  # ours
COUNT_MAX = 1_000_000_000
BYTES_MAX = 10**18
PART_BYTES_MIN = 32 * 1024  # Lightroom API, upload in parts: at least 32 KiB but for the last
PART_BYTES_MAX = 200_000_000  # Lightroom API, "Create asset original": at most 200 MB a call
STAMP_MAX = 2**31 - 1

_ORDER = Choice(("listed", "captureDate"))
_ID = Hex(digits=32)
_SHA256 = Hex(digits=64)
_PAYLOAD = Text(shortest=0, longest=SERVICE_PAYLOAD_CHARACTERS_MAX, many_lines=True)
_PUBLISH_REMOTE_ID = Key("remoteId", Text(), "What the gallery elsewhere calls it.", "gallery-1042")
_SERVICE_PAYLOAD = Key(
    "servicePayload",
    _PAYLOAD,
    "A text of your own that the catalog keeps, at most 1,024 characters.",
    """'{"tier":"gold"}'""",
)
_NAME = Key("name", Text(longest=NAME_CHARACTERS_MAX), "As Lightroom shows it.", "Smith & Jones")
_PARENT = Key("parent", ParentKey(), "The set it lies in, by its key; `/` is the top level.", "weddings")
_PHOTO_KEYS = (
    Key("fileName", Text(), "A photo of the catalog, by the name of its file.", "DSC_0042.jpg"),
    Key("id", _ID, "A photo of the catalog, by its id.", "5f0c8d1e2b3a49c0a1b2c3d4e5f60718"),
    Key(
        "sha256",
        _SHA256,
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

_TOP = Table(
    title="The file",
    noun="a manifest",
    doc="A project is `lrplan.yaml` and any number of manifests; a small one needs `lrplan.yaml` only.",
    keys=(
        Key("lrplan", FormatVersion(), "The version of the format.", "1", required=True),
        Key(
            "project",
            Word(pattern=PROJECT_PATTERN, described="1 to 40 small letters, digits and hyphens, such as studio-north"),
            "The name of the project; ids of albums are derived from it, so it stays for good, and no other project of "
            "the account has it.",
            "studio-north",
            required=True,
            where=Where.PROJECT,
        ),
        Key(
            "account",
            _ID,
            "The only Lightroom account this project may be applied to.",
            "96e656e3812b4c2fb670fa74b6a7ad74",
            default="any",
            where=Where.PROJECT,
        ),
        Key(
            "catalog",
            _ID,
            "The only catalog this project may be applied to.",
            "bf7337d9355c41b7875c9392f918362a",
            default="any",
            where=Where.PROJECT,
        ),
        Key(
            "endpoint",
            Endpoint(),
            "Where the service is, or `sandbox` for a stand-in that runs for the length of each command.",
            "sandbox",
            default="`https://lr.adobe.io`",
            where=Where.PROJECT,
        ),
        Key(
            "auth",
            Fields("auth"),
            "Where access tokens come from, when neither the environment nor `lrplan auth login` has one.",
            "{command: [./token.sh, studio]}",
            default="nowhere else",
            where=Where.PROJECT,
        ),
        Key(
            "manifests",
            Folder(),
            "The folder of the manifests.",
            "manifests",
            default="`manifests`",
            where=Where.PROJECT,
        ),
        Key(
            "state",
            Folder(),
            "The folder in which lrplan keeps what it remembers.",
            ".lrplan",
            default="`.lrplan`",
            where=Where.PROJECT,
        ),
        Key(
            "defaults",
            Fields("defaults"),
            "What holds for albums that say nothing themselves.",
            "{order: listed}",
            default="none",
            where=Where.PROJECT,
        ),
        Key(
            "limits",
            Fields("limits"),
            "How much one plan may do without `--allow`.",
            "{delete: 10%, create: 50}",
            default="those below",
            where=Where.PROJECT,
        ),
        Key(
            "api",
            Fields("api"),
            "How the service is spoken to.",
            "{concurrency: 4}",
            default="as below",
            where=Where.PROJECT,
        ),
        Key("sets", Keyed("set"), "Sets, by key.", "{weddings: {name: Weddings}}", default="none"),
        Key("albums", Keyed("album"), "Albums, by key.", "{best-of: {name: Best of}}", default="none"),
    ),
)
_DEFAULTS = Table(
    title="`defaults`",
    noun="`defaults`",
    doc="An album that writes the key itself is not affected.",
    keys=(
        Key("order", _ORDER, "How members are arranged.", "captureDate", default="`listed`"),
        Key(
            "within",
            Fields("within"),
            "Where plain file names are looked up; an album that this names is itself not narrowed.",
            "{capturedAfter: 2026-01-01}",
            default="the whole catalog",
        ),
    ),
)
_AUTH = Table(
    title="`auth`",
    noun="`auth`",
    doc="Credentials themselves never stand in a file of the project.",
    keys=(
        Key(
            "command",
            TextList(longest=PATH_CHARACTERS_MAX, most=ARGUMENTS_MAX),
            'A program and its arguments, run without a shell in this folder, that prints `{"access_token": …, '
            '"expires_at": …}`.',
            "[./token.sh, studio]",
            required=True,
        ),
    ),
)
_SHARE_DOC = "a share of those that are live, or a count"
_LIMITS = Table(
    title="`limits`",
    noun="`limits`",
    doc="A plan beyond a limit is shown, and refused. A share of n live things permits max(1, ⌊share × n⌋).",
    keys=(
        Key("delete", ShareOrCount(), f"Albums and sets deleted: {_SHARE_DOC}.", "30%", default="`30%`"),
        Key("replace", ShareOrCount(), f"Albums replaced: {_SHARE_DOC}.", "5", default="`30%`"),
        Key("remove", ShareOrCount(), f"Photos taken out of albums: {_SHARE_DOC}.", "30%", default="`30%`"),
        Key("create", Whole(least=0, most=COUNT_MAX), "Albums and sets created.", "200", default="`200`"),
        Key("add", Whole(least=0, most=COUNT_MAX), "Photos put into albums.", "5000", default="`5000`"),
        Key("upload", Size(least=0, most=BYTES_MAX), "Bytes uploaded.", "50GB", default="`50GB`"),
    ),
)
_API = Table(
    title="`api`",
    noun="`api`",
    doc="Upper bounds; lrplan slows down by itself when the service asks for it.",
    keys=(
        Key("concurrency", Whole(least=1, most=256), "Calls under way at one time.", "8", default="`8`"),
        Key("rate", Decimal(least=0, most=10_000), "Calls a second; `0` for no bound.", "20", default="`20`"),
        Key(
            "partSize",
            Size(least=PART_BYTES_MIN, most=PART_BYTES_MAX),
            "The size of the pieces in which a large original is sent.",
            "20MB",
            default="`20MB`",
        ),
    ),
)
_SET = Table(
    title="A set",
    noun="a set",
    doc="A folder of albums and other sets. Its address is `sets.KEY`.",
    keys=(
        _NAME,
        _PARENT,
        Key("publishInfo", Fields("publishInfo"), "What ties the set to a gallery elsewhere.", "{remoteId: folder-7}"),
    ),
)
_ALBUM = Table(
    title="An album",
    noun="an album",
    doc="Its address is `albums.KEY`. A key that is left out stays as it is in the catalog.",
    keys=(
        _NAME,
        _PARENT,
        Key(
            "order",
            _ORDER,
            "`listed`: as the members are listed here; `captureDate`: by the date they were taken.",
            "listed",
            default="that of `defaults`, else `listed`",
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
        Key(
            "members",
            MemberList(),
            "The photos; left out, they are not managed; `[]`, there are to be none.",
            "[DSC_0007.jpg, DSC_0042.jpg]",
        ),
    ),
)
_WITHIN = Table(
    title="`within`",
    noun="`within`",
    doc="Narrows the photos among which a plain file name is looked up. Several keys narrow together.",
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
_PUBLISH_INFO = Table(
    title="`publishInfo` of an album or a set",
    noun="publishInfo",
    doc="Keys that are left out stay as they are, but for `deleted`, which becomes `false`.",
    keys=(
        _PUBLISH_REMOTE_ID,
        Key(
            "remoteLinks",
            Fields("remoteLinks"),
            "Where the gallery can be seen and edited.",
            '{view: "https://galleries.example.com/1042"}',
        ),
        _SERVICE_PAYLOAD,
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
_REMOTE_LINKS = Table(
    title="`remoteLinks`",
    noun="remoteLinks",
    doc="Each is a URL, or `{href: URL}`.",
    keys=(
        Key("view", Link(), "Where the gallery can be seen.", "https://galleries.example.com/1042"),
        Key("edit", Link(), "Where it can be edited.", "https://galleries.example.com/1042/edit"),
    ),
)
_LINK = Table(
    title="A link in the form of the API",
    noun="a link",
    doc="What the API returns, accepted as it is.",
    keys=(Key("href", Url(), "The URL.", "https://galleries.example.com/1042", required=True),),
)
_COVER = Table(
    title="`cover` as a mapping",
    without="—",
    noun="a cover",
    doc="Exactly one of these keys.",
    keys=_PHOTO_KEYS,
)
_MEMBER = Table(
    title="A member as a mapping",
    without="—",
    noun="a member",
    doc="Exactly one of `fileName`, `id`, `sha256`, `upload` and `from`; `sha256` may stand beside `upload`.",
    keys=(
        *_PHOTO_KEYS,
        Key(
            "from",
            FilePath(),
            "A list file, relative to this manifest: one string member a line, `#` starts a comment.",
            "picks.txt",
        ),
        Key(
            "publishInfo",
            Fields("memberPublishInfo"),
            "What ties the photo in this album to a gallery elsewhere.",
            "{remoteId: p-42}",
        ),
    ),
)
_MEMBER_PUBLISH_INFO = Table(
    title="`publishInfo` of a member",
    noun="the publishInfo of a member",
    doc="Belongs to the photo in this album, not to the photo.",
    keys=(_PUBLISH_REMOTE_ID, _SERVICE_PAYLOAD),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "top": _TOP,
        "set": _SET,
        "album": _ALBUM,
        "member": _MEMBER,
        "cover": _COVER,
        "within": _WITHIN,
        "publishInfo": _PUBLISH_INFO,
        "remoteLinks": _REMOTE_LINKS,
        "link": _LINK,
        "memberPublishInfo": _MEMBER_PUBLISH_INFO,
        "auth": _AUTH,
        "defaults": _DEFAULTS,
        "limits": _LIMITS,
        "api": _API,
    }
)

KEY_DESCRIBED = "1 to 80 small letters, digits, dots, underscores and hyphens, of which the first is a letter or digit"
