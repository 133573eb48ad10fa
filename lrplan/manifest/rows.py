"""Keys and types that several tables share."""

from lrplan.manifest.bounds import SERVICE_PAYLOAD_CHARACTERS_MAX
from lrplan.manifest.table import Key
from lrplan.manifest.value_types import Choice, Hex, Text

ORDER = Choice(("listed", "captureDate"))
UNLISTED = Choice(("keep", "remove"))
REPLACE = Choice(("allow", "never"))
REORDER = Choice(("keep", "restore"))
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
