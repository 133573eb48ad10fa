"""
Sending develop settings of one photo: those of a file, or a copy of another photo's.

The bytes of a file are read directly before they are sent, and are those that were planned or nothing is sent. A
request that is sent twice comes to the same. The surprising case: a service may answer that there are settings already,
which says that there are some, not that they are these; so they are looked at.
"""

import asyncio
import hashlib

from lrplan.apply.endings import ALREADY, DONE, Ending, failed, refused
from lrplan.apply.recorded import RecordedWriter
from lrplan.model.ids import AssetId, Sha256
from lrplan.plan.action import CopySettings, SetDevelop
from lrplan.plan.requests import Actual, actual_asset
from lrplan.plan.write import Absent, Accepted, CopyDevelop, Exists, OriginalExists, PartlyAccepted, PutDevelop, Refused
from lrplan.ports import CatalogReader, Files


async def send_settings(
    step_id: str,
    action: SetDevelop | CopySettings,
    *,
    reader: CatalogReader,
    writer: RecordedWriter,
    files: Files,
    actual: Actual,
) -> Ending:
    """Give a photo its develop settings.

    Raises:
        Failure: As the ports raise it; LRP502 when the file is not as it was planned.
    """
    asset_id = actual_asset(action.asset_id, actual)
    if isinstance(action, SetDevelop):
        what = f"sending the develop settings {action.path}"
        xmp = await asyncio.to_thread(files.xmp, action.path, action.sha256)
        answer = await writer.send(step_id, PutDevelop(asset_id=asset_id, xmp=xmp))
    else:
        source = actual_asset(action.source, actual)
        what = f"copying the develop settings of {source}"
        answer = await writer.send(step_id, CopyDevelop(asset_id=asset_id, source=source))
    match answer:
        case Accepted():
            return DONE
        case Exists() | OriginalExists():
            if await live_settings(reader, asset_id) == action.sha256:
                return ALREADY
            return failed(f"{what}: the service says that there are some, and keeps them", lasts=True)
        case Refused() | Absent() | PartlyAccepted():
            return refused(answer, what)


async def live_settings(reader: CatalogReader, asset_id: AssetId) -> Sha256 | None:
    """The SHA-256 of the settings that were uploaded last for a photo; None when there are none."""
    xmp = await reader.develop(asset_id)
    return Sha256(hashlib.sha256(xmp).hexdigest()) if xmp is not None else None
