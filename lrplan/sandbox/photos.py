"""The customer's own pictures, in the catalog from the start.

Problem: a demonstration needs a catalog that looks synced by Lightroom itself, with no upload by lrplan.
Method: each picture of a folder becomes a complete asset, by its file name, capture date and sha256. Files are read
where they are, not copied.
Surprising case: a picture is seeded once, by its name in the folder: later changes to the file, or its removal, do not
reach the catalog, as with a picture Lightroom has synced.
"""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from lrplan.sandbox.imagery import examine
from lrplan.sandbox.moments import UNKNOWN_DATE
from lrplan.sandbox.options import DEFAULT_ACCOUNT_ID
from lrplan.sandbox.seeding import seed_asset
from lrplan.sandbox.service import Service

IMAGES = frozenset(
    {
        ".jpg",
        ".jpeg",
        ".png",
        ".tif",
        ".tiff",
        ".heic",
        ".heif",
        ".webp",
        ".dng",
        ".cr2",
        ".cr3",
        ".nef",
        ".arw",
        ".raf",
    }
)
VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".avi"})
PHOTO_SPACE = "photos:"  # keeps the ids of seeded pictures apart from any other made from a name


async def seed_photos(service: Service, folder: Path) -> None:
    """Put the pictures and videos below ``folder`` in the catalog, those that were not yet.

    ``OSError`` when the folder is none or a file cannot be read.
    """
    database = service.database
    if not await asyncio.to_thread(folder.is_dir):
        raise NotADirectoryError(f"{folder} is not a folder of pictures")
    for file in (await asyncio.to_thread(media_in, folder))[0]:
        name = file.relative_to(folder).as_posix()
        asset_id = hashlib.blake2b(f"{PHOTO_SPACE}{name}".encode("utf-8", "replace"), digest_size=16).hexdigest()
        account = database.account(DEFAULT_ACCOUNT_ID)
        if account.catalog_id is None or database.asset(account.catalog_id, asset_id) is not None:
            continue
        original = await asyncio.to_thread(examine, file)
        entry: dict[str, Any] = {
            "id": asset_id,
            "subtype": "video" if file.suffix.lower() in VIDEOS else "image",
            "captureDate": original.taken or UNKNOWN_DATE,
            "fileName": file.name.encode("utf-8", "replace").decode(),
            "sha256": original.sha256,
            "size": original.size,
        }
        if original.width and original.height:
            pixels = {"originalWidth": original.width, "originalHeight": original.height}
            entry["payload"] = {"importSource": pixels}
        with database.changes():
            if database.asset(account.catalog_id, asset_id) is None:
                seed_asset(database, account, entry, file=str(file.resolve()).encode("utf-8", "replace").decode())


def media_in(folder: Path) -> tuple[list[Path], int]:
    """List the pictures and videos below a folder, by path, and count its other files; what is hidden is left out."""
    found = [file for file in folder.rglob("*") if file.is_file()]
    shown = [file for file in found if not any(p.startswith(".") for p in file.relative_to(folder).parts)]
    media = sorted(file for file in shown if file.suffix.lower() in IMAGES | VIDEOS)
    return media, len(shown) - len(media)
