"""Keys and types that several tables share."""

from lrplan.manifest.bounds import SERVICE_PAYLOAD_CHARACTERS_MAX
from lrplan.manifest.table import Key
from lrplan.manifest.value_types import Boolean, Choice, Hex, Text

ORDER = Choice(("listed", "captureDate"))
UNLISTED = Choice(("keep", "remove"))
REPLACE = Choice(("allow", "never"))
REORDER = Choice(("keep", "restore"))
WHEN_GONE = Key(
    "whenGone",
    Choice(("delete", "tombstone", "keep")),
    "What happens when this entry disappears from the manifests: it is deleted, marked by `publishInfo.deleted: true`, "
    "or left as it is. What was applied last counts.",
    "tombstone",
    default="`delete`",
)
PROTECT = Key(
    "protect",
    Boolean(),
    "`true`: no plan may delete or replace it. Ends only when `false` was applied; leaving the key out ends nothing.",
    "true",
    default="as it was applied last, else `false`",
)
PAUSED = Key(
    "paused",
    Boolean(),
    "`true`: plans are made around it, and it stays as it is.",
    "true",
    default="`false`",
)
ID = Hex(digits=32)
SHA256 = Hex(digits=64)
_PAYLOAD = Text(shortest=0, longest=SERVICE_PAYLOAD_CHARACTERS_MAX, many_lines=True)
PUBLISH_REMOTE_ID = Key("remoteId", Text(), "What the gallery elsewhere calls it.", "gallery-1042")
SERVICE_PAYLOAD = Key(
    "servicePayload",
    _PAYLOAD,
    "A text of your own that the catalog keeps, at most 1,024 characters.",
    """'{"tier":"gold"}'""",
)
