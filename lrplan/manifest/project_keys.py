"""The keys of lrplan.yaml, and those at the top of every manifest."""

from lrplan.manifest.bounds import (
    ARGUMENTS_MAX,
    BYTES_MAX,
    COUNT_MAX,
    PART_BYTES_MAX,
    PART_BYTES_MIN,
    PATH_CHARACTERS_MAX,
    PROJECT_PATTERN,
)
from lrplan.manifest.rows import ID, ORDER, REORDER, REPLACE, UNLISTED
from lrplan.manifest.table import Key, Table, Where
from lrplan.manifest.value_types import (
    Decimal,
    Endpoint,
    EntryAddress,
    Fields,
    Folder,
    FormatVersion,
    Keyed,
    Records,
    ShareOrCount,
    Size,
    TextList,
    Whole,
    Word,
    WordList,
)

_PROJECT_NAME = Word(
    pattern=PROJECT_PATTERN, described="1 to 40 small letters, digits and hyphens, such as studio-north"
)
PREVIOUS_PROJECTS = WordList(_PROJECT_NAME)
TOP = Table(
    title="The file",
    noun="a manifest",
    doc="A project is `lrplan.yaml` and any number of manifests; a small one needs `lrplan.yaml` only.",
    keys=(
        Key("lrplan", FormatVersion(), "The version of the format.", "1", required=True),
        Key(
            "project",
            _PROJECT_NAME,
            "The name of the project; ids of albums are derived from it, so no other project of the account has it; "
            "after a change the old one stands in `previousProjects`.",
            "studio-north",
            required=True,
            where=Where.PROJECT,
        ),
        Key(
            "previousProjects",
            PREVIOUS_PROJECTS,
            "Names that the project had before, the latest first: albums and state of these are its own.",
            "[studio-south]",
            default="none",
            where=Where.PROJECT,
        ),
        Key(
            "account",
            ID,
            "The only Lightroom account this project may be applied to.",
            "96e656e3812b4c2fb670fa74b6a7ad74",
            default="any",
            where=Where.PROJECT,
        ),
        Key(
            "catalog",
            ID,
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
        Key(
            "moved",
            Records("move"),
            "Entries that had another key before: their albums stay what they are.",
            "[{from: albums.old-key, to: albums.smith-jones}]",
            default="none",
        ),
    ),
)
MOVE = Table(
    title="A line of `moved`",
    noun="a line of moved",
    doc="The line stays until the album has an id of its new address; the plan says when it can go.",
    keys=(
        Key(
            "from",
            EntryAddress(),
            "The address that it had, which nothing declares any more.",
            "albums.old-key",
            required=True,
        ),
        Key(
            "to", EntryAddress(), "The address that it has now, of the same kind.", "albums.smith-jones", required=True
        ),
    ),
)
DEFAULTS = Table(
    title="`defaults`",
    noun="`defaults`",
    doc="An album that writes the key itself is not affected.",
    keys=(
        Key("order", ORDER, "How members are arranged.", "captureDate", default="`listed`"),
        Key(
            "reorder", REORDER, "What becomes of an order that a person made in Lightroom.", "restore", default="`keep`"
        ),
        Key(
            "unlisted",
            UNLISTED,
            "What becomes of photos that lrplan never put there and that the list does not name.",
            "remove",
            default="`keep`",
        ),
        Key("replace", REPLACE, "Whether albums may be replaced by new ones.", "never", default="`allow`"),
        Key(
            "within",
            Fields("within"),
            "Where plain file names are looked up; an album that this names is itself not narrowed.",
            "{capturedAfter: 2026-01-01}",
            default="the whole catalog",
        ),
    ),
)
AUTH = Table(
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
LIMITS = Table(
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
API = Table(
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
