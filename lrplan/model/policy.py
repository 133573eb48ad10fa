"""What a manifest lets lrplan do to an album beyond the photos that it lists. The values are those of the manifest."""

from enum import StrEnum


class Unlisted(StrEnum):
    """What becomes of photos that lrplan never put into an album, and that no list names."""

    KEEP = "keep"
    REMOVE = "remove"


class Replace(StrEnum):
    """Whether an album may be replaced by a new one, where the API cannot change it in place."""

    ALLOW = "allow"
    NEVER = "never"


class Reorder(StrEnum):
    """What becomes of an order that a person made in Lightroom."""

    KEEP = "keep"
    RESTORE = "restore"
