"""
Which originals find room in the customer's storage.

Originals are taken in the order of the plan, and each that still fits is sent. What does not fit is left out with its
reason, and everything else goes on. The surprising case: the service may say that the storage is full although its
numbers say otherwise; then nothing fits, since the next upload would end the run again before the rest is done.
"""

from collections.abc import Mapping

from attrs import frozen

from lrplan.model.ids import AssetId
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Account

NO_ROOM = "no-room"  # by the numbers of the account
STORAGE_FULL = "storage-full"  # the service said so, and that ended a run


@frozen(kw_only=True)
class LeftOut:
    """Why an original is not sent: a stable code, the predicate of a sentence, and what to do."""

    code: str
    text: str
    hint: str = "make room in Lightroom"


def without_room(
    uploads: Mapping[AssetId, Original], account: Account, *, storage_is_full: bool
) -> Mapping[AssetId, LeftOut]:
    """The originals that must wait; empty where all fit, or nobody knows how much room there is.

    Args:
        uploads: In the order in which they would be sent.
        storage_is_full: The service said so in a run that is not over and done with.
    """
    if storage_is_full:
        text = "finds no room: the service said that the storage is full"
        hint = "make room in Lightroom; once all else is applied, it is tried again"
        told = LeftOut(code=STORAGE_FULL, text=text, hint=hint)
        return dict.fromkeys(uploads, told)
    used, limit = account.storage_used_bytes, account.storage_limit_bytes
    if used is None or limit is None:
        return {}
    left_bytes = max(0, limit - used)
    waiting = {}
    for asset_id, original in uploads.items():
        if original.size_bytes <= left_bytes:
            left_bytes -= original.size_bytes
            continue
        text = f"finds no room: it has {original.size_bytes:,} bytes, {left_bytes:,} bytes of storage are left for it"
        waiting[asset_id] = LeftOut(code=NO_ROOM, text=text)
    return waiting
