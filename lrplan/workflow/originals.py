"""
Looking at the files that a plan will send, before its first write: originals, and develop settings.

One that vanished or changed since the plan makes every album that needs it stale, as a whole: nothing of it is
begun, and the other originals that are only for it are not sent.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from lrplan.apply.endings import Ending, Result
from lrplan.diagnostics import Diagnostic, SourceSpan, error
from lrplan.model.address import Address
from lrplan.model.develop import XmpFile
from lrplan.model.ids import AssetId, Sha256
from lrplan.model.inventory import FileProblem, Original
from lrplan.plan.action import AddMembers, SetDevelop, Step, UploadOriginal
from lrplan.ports import Files

HINT = "put it back, or plan again"


@frozen(kw_only=True)
class Spoiled:
    """What cannot be done, as files are not what they were.

    Attributes:
        endings: Of every album that needs one of them.
        said: A diagnostic for each file.
    """

    endings: Mapping[Address, Ending]
    said: tuple[Diagnostic, ...] = ()


async def spoiled(steps: Sequence[Step], files: Files) -> Spoiled:
    """Look at the files of *steps*; originals whose size and time are as they were are not read again."""
    uploads = [step.action for step in steps if isinstance(step.action, UploadOriginal)]
    said: list[Diagnostic] = []
    why: dict[AssetId, str] = {}
    for part_size in {upload.original.part_size_bytes for upload in uploads}:
        mine = [upload for upload in uploads if upload.original.part_size_bytes == part_size]
        paths = [upload.original.path for upload in mine]
        now = (await asyncio.to_thread(files.inventory, (), paths, part_size_bytes=part_size)).originals
        for upload in mine:
            reason = _changed(upload.original.sha256, now[upload.original.path])
            if reason:
                why[upload.asset_id] = f"{upload.original.path}: {reason}"
                said.append(_told(upload.original.path, reason))
    settings = [step.action for step in steps if isinstance(step.action, SetDevelop)]
    found = await asyncio.to_thread(files.xmp_files, sorted({one.path for one in settings}))
    for one in settings:
        reason = _changed(one.sha256, found[one.path])
        if reason:
            why.setdefault(one.asset_id, f"{one.path}: {reason}")
            said.append(_told(one.path, reason, what="develop settings"))
    return Spoiled(endings=_endings(steps, why), said=tuple(said))


def _changed(planned: Sha256, now: Original | XmpFile | FileProblem) -> str:
    if isinstance(now, FileProblem):
        return now.reason
    return "" if now.sha256 == planned else "its bytes are not those that were planned"


def _told(path: str, reason: str, *, what: str = "original file") -> Diagnostic:
    return error(
        "LRP502",
        f"{what} changed or vanished since the plan",
        span=SourceSpan(file=path, line=0, column=1),
        why=f"{reason[0].upper()}{reason[1:]}. The albums that need it were not begun.",
        hint=HINT,
    )


def _endings(steps: Iterable[Step], why: dict[AssetId, str]) -> Mapping[Address, Ending]:
    """The albums that need a file of *why*, and those that need one that is only sent for such an album."""
    endings: dict[Address, Ending] = {}
    while True:
        before = len(endings)
        for step in steps:
            action = step.action
            match action:
                case UploadOriginal(address=address, asset_id=asset_id) if address in endings:
                    why.setdefault(asset_id, endings[address].why)
                case SetDevelop(address=address, asset_id=asset_id) if asset_id in why and address not in endings:
                    endings[address] = Ending(result=Result.STALE, why=why[asset_id])
                case AddMembers(address=address, photos=photos) if address not in endings:
                    bad = next((why[photo.asset_id] for photo in photos if photo.asset_id in why), None)
                    if bad is not None:
                        endings[address] = Ending(result=Result.STALE, why=bad)
                case _:
                    pass
        if len(endings) == before:
            return endings
