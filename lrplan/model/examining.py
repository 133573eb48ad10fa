"""What a doctor sees of a service, as values: its first sign of life, a token's own words, an album as shown now."""

from enum import StrEnum

from attrs import frozen

from lrplan.diagnostics import Diagnostic
from lrplan.model.album import Album


@frozen(kw_only=True)
class Pulse:
    """The first sign of life of a service.

    Attributes:
        version: What it calls itself; "" where it says nothing.
        date: Its clock, as the UTC instant in ISO 8601 with Z to the second; None where it does not tell.
        refusal: Why it does not let the API key in; None when it does.
    """

    version: str = ""
    date: str | None = None
    refusal: Diagnostic | None = None


@frozen(kw_only=True)
class Claims:
    """What an access token says of itself; nobody has verified it.

    Attributes:
        expires_at: UTC instant, ISO 8601 with Z; where it does not say, what was said when it was issued, else None.
        scopes: Sorted; None where it does not say.
        client_id: The API key that it was issued for; None where it does not say.
        renews: The credentials get another one when it ends, without a person.
    """

    expires_at: str | None = None
    scopes: tuple[str, ...] | None = None
    client_id: str | None = None
    renews: bool = False


class Omission(StrEnum):
    """What an update leaves out of the payload that it sends, or in which form it asks for the top level."""

    SERVICE_PAYLOAD = "publishInfo.servicePayload"
    PUBLISH_INFO = "publishInfo"
    PARENT = "parent"
    PARENT_EMPTY = "parent: {}"
    PARENT_NULL = "parent: null"


@frozen(kw_only=True)
class ShownAlbum:
    """An album with the instant at which the service says it was updated last; "" where it does not say."""

    album: Album
    updated: str
