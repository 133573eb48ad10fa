"""
The index of the catalog's photos, in a file of the cache's folder.

There is one file, with the catalog that was listed last: a project has one catalog. Another account's or catalog's is
not found in it. The surprising case: nothing here may fail. An index that cannot be read is none, and one that cannot
be written, or is too large, is not kept.
"""

import contextlib
import os
import secrets
from pathlib import Path

from lrplan.formats.catalog_index import decode_index, encode_index
from lrplan.model.catalog_index import CatalogIndex
from lrplan.model.ids import AccountId, CatalogId

ASSETS_MAX = 1_000_000  # ours: some 200 MB

_NAME = "catalog.json"


class LocalIndex:
    """A `ports.IndexStore` in *folder*, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, account_id: AccountId, catalog_id: CatalogId) -> CatalogIndex | None:
        """What is known of this very catalog; None when nothing is."""
        try:
            found = decode_index((self._folder / _NAME).read_bytes())
        except OSError:
            return None
        return found if found is not None and (found.account_id, found.catalog_id) == (account_id, catalog_id) else None

    def save(self, index: CatalogIndex) -> None:
        """Keep *index*, if it is not too large, in place of what was kept."""
        if len(index.assets) > ASSETS_MAX:
            return
        beside = self._folder / f".{_NAME}.{os.getpid()}-{secrets.token_hex(4)}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n")
            beside.write_bytes(encode_index(index))
            os.replace(beside, self._folder / _NAME)
        except (OSError, UnicodeEncodeError):  # a text of the catalog may have no form in UTF-8
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
